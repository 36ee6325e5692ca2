internal import Events
internal import Journal

// Checkpoints on disk
//
//   checkpoints/
//     manifest          the cut: which checkpoint a restart uses (a state file, see StateFile.swift)
//     1234/             state as of batch 1234: one directory for each projection and participant, by its name
//     1234.tmp/         one being written, or left by a crash
//
// Constraints
//   - All state is of one batch. Either a restart finds all of a checkpoint or the one before.
//   - The manifest's rename is the only moment anything changes for a restart.
//
// Manifest payload: u64 batch · u64 names, each: u32 bytes and the name, in the order of the set
//
// Life cycle
//   1. write all state below N.tmp, each synced by its owner; sync N.tmp
//   2. rename N.tmp to N; sync checkpoints
//   3. write manifest.tmp and sync it; rename to manifest; sync checkpoints   <- the cut
//   4. tell the participants; remove everything else
//   A crash before 3 leaves the old manifest and its directory whole; one after leaves only rubbish that the next
//   checkpoint removes. The manifest is removed before a rebuild begins, so that a crash in it rebuilds again.

/// The checkpoint that a restart would go on from, for who only looks.
package enum PublishedCheckpoint {
    /// Its batch; nil where there is none. Throws where it is damaged. Changes nothing.
    package static func batch(in directory: String) throws(ProjectorError) -> UInt64? {
        try CheckpointCut(directory: directory, files: SystemCheckpointFiles()).published()?.batch
    }
}

/// Writes, finds and drops checkpoints. Blocking; projector's thread only.
struct CheckpointCut {
    private static let magic: UInt64 = 0x5354_4e50_4b43_4748  // "HGCKPNTS"
    private static let version: UInt32 = 2

    let directory: String
    let files: any CheckpointFiles

    private var manifest: String { "\(directory)/manifest" }
    private func path(of batch: UInt64) -> String { "\(directory)/\(batch)" }

    /// The batch that a restart would go on from; nil without a manifest. Throws where there is one that is damaged.
    func publishedBatch(names: [String]) throws(ProjectorError) -> UInt64? {
        guard let (batch, stored) = try published() else { return nil }
        guard stored == names else {
            throw .damaged(
                path: manifest,
                reason: "holds \(stored.joined(separator: ", ")), expected \(names.joined(separator: ", "))")
        }
        return batch
    }

    /// What the manifest says: the batch, and whose state is kept.
    func published() throws(ProjectorError) -> (batch: UInt64, names: [String])? {
        guard try files.list(directory).contains("manifest") else { return nil }
        var reader = try StateReader(
            path: manifest, magic: CheckpointCut.magic, version: CheckpointCut.version, files: files)
        let batch: UInt64 = try reader.next()
        var stored: [String] = []
        for _ in 0..<(try reader.nextCount(itemBytes: 4)) {
            stored.append(String(decoding: try reader.nextCounted(), as: UTF8.self))
        }
        try reader.finish()
        return (batch, stored)
    }

    /// Writes the set's state as of `batch` and makes it the one a restart uses. After an error the one before is.
    func write(_ set: ProjectionSet, batch: UInt64) throws(ProjectorError) {
        let temporary = path(of: batch) + ".tmp"
        try files.makeDirectory(directory)
        try files.removeTree(temporary)
        do throws(ProjectorError) { try writeMembers(of: set, batch, below: temporary) } catch {
            // Space that half a checkpoint holds is what others wait for.
            try? files.removeTree(temporary)
            throw error
        }
        try files.removeTree(path(of: batch))
        try files.rename(temporary, to: path(of: batch))
        try files.syncDirectory(directory)
        var writer = try StateWriter(
            path: manifest + ".tmp", magic: CheckpointCut.magic, version: CheckpointCut.version, files: files)
        writer.put(batch)
        writer.put(UInt64(set.names.count))
        for name in set.names { writer.put(counted: Array(name.utf8)) }
        try writer.finish()
        try files.rename(manifest + ".tmp", to: manifest)
        try files.syncDirectory(directory)
    }

    private func writeMembers(
        of set: ProjectionSet, _ batch: UInt64, below temporary: String
    ) throws(ProjectorError) {
        try files.makeDirectory(temporary)
        for participant in set.participants {
            try writeMember(participant.name, below: temporary, batch) { try participant.checkpoint(into: $0) }
        }
        for projection in set.projections {
            try writeMember(projection.name, below: temporary, batch) { try projection.checkpoint(into: $0) }
        }
        try files.syncDirectory(temporary)
    }

    /// Step 4: what only older checkpoints needed goes.
    func tidy(_ set: ProjectionSet, batch: UInt64) throws(ProjectorError) {
        for participant in set.participants {
            do { try participant.checkpointPublished() } catch {
                throw .checkpoint(name: participant.name, batch: batch, reason: "\(error)")
            }
        }
        for name in try files.list(directory) where name != "manifest" && name != String(batch) {
            try files.removeTree("\(directory)/\(name)")
        }
    }

    func restore(_ set: ProjectionSet, batch: UInt64) throws(ProjectorError) {
        for participant in set.participants {
            do { try participant.restore(from: "\(path(of: batch))/\(participant.name)") } catch {
                throw .checkpoint(name: participant.name, batch: batch, reason: "\(error)")
            }
        }
        for projection in set.projections {
            do { try projection.restore(from: "\(path(of: batch))/\(projection.name)", appliedBatch: batch) } catch {
                throw .checkpoint(name: projection.name, batch: batch, reason: "\(error)")
            }
        }
    }

    /// From now on a restart finds no checkpoint.
    func withdraw() throws(ProjectorError) {
        try files.makeDirectory(directory)
        try files.removeTree(manifest)
        try files.syncDirectory(directory)
    }

    private func writeMember(
        _ name: String, below directory: String, _ batch: UInt64, _ write: (String) throws -> Void
    ) throws(ProjectorError) {
        let path = "\(directory)/\(name)"
        try files.makeDirectory(path)
        do { try write(path) } catch { throw .checkpoint(name: name, batch: batch, reason: "\(error)") }
        try files.syncDirectory(path)
    }
}
