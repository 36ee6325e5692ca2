// The identifiers of a sealed file, so that erasure knows which files to rewrite.
//
// Layout, little-endian: file header (80 bytes, kind 3, number and generation of the journal file), count (8), that
// many identifiers of 16 bytes, ascending, each once; CRC-32C from the seed over all after the header.
// An identifier is the value of a device, user or daily field of any record in the file, the daily one under
// yesterday's salt included; the kind and the site are not kept: a match means "look into the file".
//
// Life cycle: written, synced and named before the journal file of the same generation. A missing or damaged one means
// that the file may hold anything.

package import Events

enum IdentifierSidecar {
    static let tags: [FieldTag] = [.userHash, .deviceID, .dailyID, .previousDailyID]

    /// Writes and syncs the file under a temporary name, then names it. The directory is not synced.
    static func write(
        _ identifiers: Set<ID128>, header: JournalFileHeader, directory: String, _ fileSystem: any FileSystem
    ) throws(FileSystemError) {
        let name = JournalFileName.identifiers(header.number, header.generation)
        let temporary = "\(directory)/\(name).tmp"
        try fileSystem.unlinkIfPresent(temporary)
        let file = try FileReference(fileSystem, temporary, .create)
        var own = header
        own.kind = .identifiers
        var bytes = own.encoded
        bytes.reserveCapacity(bytes.count + 12 + identifiers.count * ID128.byteCount)
        bytes.appendWord(UInt64(identifiers.count))
        for id in identifiers.sorted() { bytes.appendID(id) }
        bytes.appendWord(CRC32C.checksum(bytes, JournalFileHeader.byteCount..<bytes.count, seed: own.seed))
        try file.writeAll(bytes, range: 0..<bytes.count, at: 0)
        try file.sync()
        try fileSystem.rename(temporary, to: "\(directory)/\(name)")
    }

    /// The identifiers, ascending; nil when the file is missing or damaged. O(file).
    static func read(
        number: UInt64, generation: UInt32, directory: String, _ fileSystem: any FileSystem
    ) throws(FileSystemError) -> [ID128]? {
        let file: FileReference
        do {
            file = try FileReference(
                fileSystem, "\(directory)/\(JournalFileName.identifiers(number, generation))", .read)
        } catch {
            if error.code == ErrorCode.noEntry { return nil }
            throw error
        }
        let bytes = try file.readBytes(at: 0, count: file.size())
        let start = JournalFileHeader.byteCount
        guard case .header(let header) = JournalFileHeader.decode(bytes), header.kind == .identifiers,
            header.number == number, header.generation == generation, bytes.count >= start + 12,
            CRC32C.checksum(bytes, start..<bytes.count - 4, seed: header.seed) == bytes.word32(at: bytes.count - 4),
            let count = Int(exactly: bytes.word64(at: start)), count == (bytes.count - start - 12) / ID128.byteCount
        else { return nil }
        return (0..<count).map { bytes.id(at: start + 8 + $0 * ID128.byteCount) }
    }

    /// Whether any of `wanted` is among `ascending`.
    static func contains(_ ascending: [ID128], anyOf wanted: Set<ID128>) -> Bool {
        for id in wanted {
            var low = 0
            var high = ascending.count
            while low < high {
                let middle = (low + high) / 2
                if ascending[middle] < id { low = middle + 1 } else { high = middle }
            }
            if low < ascending.count, ascending[low] == id { return true }
        }
        return false
    }
}

/// Which records an erasure means.
package enum Erasure: Sendable {
    /// Records that carry one of these identifiers on its site, whatever else they carry.
    case anchors(Set<Anchor>)
    /// Records for which the predicate holds.
    case matching(@Sendable (Position, borrowing EventView) -> Bool)

    func applies(to record: borrowing EventView, at position: Position) -> Bool {
        switch self {
        case .matching(let predicate): predicate(position, record)
        case .anchors(let anchors):
            Self.carries(record, .device, .deviceID, anchors) || Self.carries(record, .user, .userHash, anchors)
                || Self.carries(record, .daily, .dailyID, anchors)
                || Self.carries(record, .daily, .previousDailyID, anchors)
        }
    }

    private static func carries(
        _ record: borrowing EventView, _ kind: AnchorKind, _ tag: FieldTag, _ anchors: Set<Anchor>
    ) -> Bool {
        guard let id = record.id(tag) else { return false }
        return anchors.contains(Anchor(kind: kind, site: record.site, id: id))
    }
}
