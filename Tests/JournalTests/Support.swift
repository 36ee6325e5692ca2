import Events
import Journal
import Testing

let directory = "/data/journal"
let start = Timestamp(milliseconds: 1_700_000_000_000)

/// Small files and few keys, so that a short test rolls, seals, writes and merges.
func smallOptions(fileBytes: Int = 4096, keysInMemory: Int = 8, blockBytes: Int = 1) -> JournalOptions {
    var options = JournalOptions(directory: directory)
    options.fileBytes = fileBytes
    options.zeroChunkBytes = 512
    options.blockBytes = blockBytes
    options.reserveBytes = 0
    options.keysInMemory = keysInMemory
    options.keyFileKeysMax = 256
    options.sealDelayMilliseconds = 0
    options.queueAgeMillisecondsMax = 1_000_000
    options.spaceCheckMilliseconds = 10
    return options
}

/// A suite whose journal is on a simulated disk, with small options.
protocol OnSimulatedDisk {
    var disk: SimulatedFileSystem { get }
    var clock: ManualTimeSource { get }
}

extension OnSimulatedDisk {
    func open(_ change: (inout JournalOptions) -> Void = { _ in }) throws -> FileJournal {
        var options = smallOptions()
        change(&options)
        return try FileJournal.open(options, fileSystem: disk, clock: clock)
    }
}

func key(_ number: Int) -> ID128 {
    var hash = SipHash(key: ID128(low: 1, high: 2))
    hash.update(UInt64(number))
    return hash.finish()
}

func device(_ number: Int) -> ID128 { ID128(low: UInt64(number) &* 0x9E37_79B9_7F4A_7C15, high: UInt64(number)) }

/// Appends events named by their numbers, with keys made of them.
@discardableResult
func append(
    _ numbers: [Int], to journal: FileJournal, isKeyed: Bool = true, padding: Int = 0, device owner: ID128? = nil
) throws(JournalRefusal) -> AppendReceipt {
    var records = PendingRecords()
    for number in numbers {
        let name = "e\(number)" + String(repeating: "x", count: padding)
        EventJournalContract.add(name, to: &records, key: isKeyed ? key(number) : nil, device: owner)
    }
    return try journal.append(records)
}

/// The number an event was named by; nil for an erased one.
func number(_ view: borrowing EventView) -> Int? {
    guard let text = view.text(.clientEventID) else { return nil }
    return Int(text.dropFirst().prefix { $0 != "x" })
}

struct Entry: Hashable, CustomStringConvertible {
    var position: Position
    var number: Int?
    var bytes: [UInt8]
    var description: String { "\(position)=\(number.map(String.init) ?? "erased")" }
}

func entries(_ batch: CommittedBatch) throws -> [Entry] {
    var found: [Entry] = []
    for (index, range) in batch.ranges.enumerated() {
        let bytes = Array(batch.bytes[range])
        let view = try EventView(bytes.span.bytes)
        found.append(Entry(position: batch.position(of: index), number: number(view), bytes: bytes))
    }
    return found
}

/// Everything a new reader gives.
func readAll(_ journal: FileJournal, after batch: UInt64 = 0) throws -> [Entry] {
    let reader = journal.reader(after: batch)
    var found: [Entry] = []
    while let batch = try reader.next(waitingAtMost: 0) { found += try entries(batch) }
    return found
}

func dumpAll(_ fileSystem: SimulatedFileSystem) throws -> [Entry] {
    var found: [Entry] = []
    _ = try JournalInspection(directory: directory, fileSystem: fileSystem).dump { position, view in
        found.append(Entry(position: position, number: number(view), bytes: view.bytes.array))
        return true
    }
    return found
}

/// Names of the journal's files, by ending.
func fileNames(_ fileSystem: SimulatedFileSystem, _ ending: String) throws -> [String] {
    try fileSystem.list(directory).filter { $0.hasSuffix(ending) }
}

/// Does all upkeep that there is.
func maintain(_ journal: FileJournal) throws {
    while try journal.maintainOnce() {}
}
