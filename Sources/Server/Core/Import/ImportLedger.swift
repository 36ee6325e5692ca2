internal import Events
internal import Foundation

/// What was imported into a site before: the keys of all its imported lines, kept for good in `imports/SITE` of the
/// data directory. Used by one thread of one process: whoever imports has the journal.
///
/// Order of a crash: an event is durable in the journal, with the same key, before its key is written here. After a
/// crash in between the journal's own window of idempotency keys tells the repetition.
///
/// Memory: 16 MiB of keys not yet written. Files double in size when merged, so there are about log2(keys / 1M) of
/// them.
final class ImportLedger {
    static let freshMax = 1 << 20

    let directory: String
    private let site: SiteID
    private var files: [ImportKeyFile] = []
    private var nextNumber = 1
    private var fresh: [ID128] = []

    /// Opens the ledger in the data directory `data`, or begins it.
    init(data: String, site: SiteID) throws(ImportError) {
        self.site = site
        directory = "\(data)/imports/\(site.rawValue)"
        do throws(DirectoryError) { try Directories.prepare(directory, rootMayUseOthers: true) } catch {
            throw .ledger(path: directory, problem: error.problem)
        }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        for name in names.sorted() {
            if name.hasSuffix(".tmp") { unlink(directory + "/" + name) }
            guard name.hasSuffix(".keys"), let number = Int(name.dropLast(5)) else { continue }
            files.append(try ImportKeyFile(directory: directory, name: name, site: site))
            nextNumber = max(nextNumber, number + 1)
        }
    }

    /// Keys on disk.
    var count: Int { files.reduce(0) { $0 + $1.count } }
    var isFull: Bool { fresh.count >= Self.freshMax }

    /// Whether an earlier import, or an earlier part of this one that is written already, has the key.
    func contains(_ key: ID128) -> Bool {
        for file in files where file.contains(key) { return true }
        return false
    }

    /// Adds a key to those that `flush` writes.
    func add(_ key: ID128) { fresh.append(key) }

    /// Writes the added keys; call it once their events are durable. When it returns they are on disk.
    func flush() throws(ImportError) {
        guard !fresh.isEmpty else { return }
        fresh.sort()
        let keys = fresh
        files.append(
            try ImportKeyFile.write(directory: directory, name: nextName(), site: site, count: keys.count) { keys[$0] })
        fresh.removeAll(keepingCapacity: true)
        while files.count >= 2, files[files.count - 1].count * 2 > files[files.count - 2].count { try mergeLastTwo() }
    }

    private func nextName() -> String {
        defer { nextNumber += 1 }
        let digits = String(nextNumber)
        return String(repeating: "0", count: max(0, 8 - digits.count)) + digits + ".keys"
    }

    /// A crash before the old ones are gone leaves keys twice, which is no harm.
    private func mergeLastTwo() throws(ImportError) {
        let newer = files.removeLast()
        let older = files.removeLast()
        var left = 0
        var right = 0
        let merged = try ImportKeyFile.write(
            directory: directory, name: nextName(), site: site, count: older.count + newer.count
        ) { _ in
            if right == newer.count || left < older.count && older.key(at: left) < newer.key(at: right) {
                left += 1
                return older.key(at: left - 1)
            }
            right += 1
            return newer.key(at: right - 1)
        }
        for file in [older, newer] { unlink(directory + "/" + file.name) }
        files.append(merged)
    }
}
