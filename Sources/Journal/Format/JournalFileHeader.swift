// The header that every file of the journal directory begins with, and the names of those files.
//
// Constraints
//   - Magic and version stand first, in every version to come, so that an older program can tell "newer" from
//     "damaged".
//   - The salt is fresh for each file: checksums of the file's content start from it, so bytes of another file, or of
//     an earlier use of the same blocks, never pass.
//
// Layout, 80 bytes, little-endian
//   0   8   magic "HLJOURNL"
//   8   2   format version, 1
//   10  2   kind: 1 raw journal file, 2 sealed journal file, 3 identifiers of a sealed file, 4 idempotency keys
//   12  4   generation: 0 when first written, one more at each rewrite
//   16  8   file number; for keys: the first batch covered
//   24  8   first batch of the file; for keys: the last batch covered
//   32  16  journal id: the same in all files of a directory
//   48  16  salt
//   64  8   created at, ms since 1970
//   72  4   zero
//   76  4   CRC-32C of the 76 bytes before
//
// Life cycle: a file gets its name by a rename after its first bytes, header included, were synced. So a named file
// with a bad header is damage, never a crash. Names: `NUMBER.GENERATION.journal`, `NUMBER.GENERATION.identifiers` (ten
// digits, four digits or more), `FIRST-LAST.keys` (twenty digits each), `*.tmp` (of no worth after a crash), `lock`,
// and the folder `aside` for files that are none of these.

package import Events

package enum JournalFileKind: UInt16, Hashable, Sendable {
    case raw = 1
    case sealed = 2
    case identifiers = 3
    case keys = 4
}

package struct JournalFileHeader: Hashable, Sendable {
    package static let byteCount = 80
    package static let version: UInt16 = 1
    static let magic: UInt64 = 0x4C4E_5255_4F4A_4C48

    package var kind: JournalFileKind
    package var generation: UInt32
    package var number: UInt64
    package var firstBatch: UInt64
    package var journalID: ID128
    package var salt: ID128
    package var createdAt: Timestamp

    package init(
        kind: JournalFileKind, generation: UInt32, number: UInt64, firstBatch: UInt64, journalID: ID128, salt: ID128,
        createdAt: Timestamp
    ) {
        self.kind = kind
        self.generation = generation
        self.number = number
        self.firstBatch = firstBatch
        self.journalID = journalID
        self.salt = salt
        self.createdAt = createdAt
    }

    /// Where the checksums of the file's content start.
    var seed: UInt32 {
        var bytes: [UInt8] = []
        bytes.appendID(salt)
        bytes.appendWord(number)
        return CRC32C.checksum(bytes)
    }

    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        bytes.appendWord(Self.magic)
        bytes.appendWord(Self.version)
        bytes.appendWord(kind.rawValue)
        bytes.appendWord(generation)
        bytes.appendWord(number)
        bytes.appendWord(firstBatch)
        bytes.appendID(journalID)
        bytes.appendID(salt)
        bytes.appendWord(UInt64(bitPattern: createdAt.milliseconds))
        bytes.appendWord(UInt32(0))
        bytes.appendWord(CRC32C.checksum(bytes))
        return bytes
    }

    enum Decoded {
        case header(JournalFileHeader)
        case newer(version: UInt16)
        case damaged
    }

    /// Reads the first bytes of a file. A flipped bit in the version is told from a newer version by the checksum,
    /// which then fits with our own version in its place.
    static func decode(_ bytes: [UInt8]) -> Decoded {
        guard bytes.count >= 10, bytes.word64(at: 0) == magic else { return .damaged }
        let version = UInt16(bytes[8]) | UInt16(bytes[9]) << 8
        guard bytes.count >= byteCount else { return version > Self.version ? .newer(version: version) : .damaged }
        var own = Array(bytes[0..<byteCount])
        own.setWord(Self.version, at: 8)
        let fits = CRC32C.checksum(own, 0..<byteCount - 4) == own.word32(at: byteCount - 4)
        if version != Self.version { return fits || version < Self.version ? .damaged : .newer(version: version) }
        guard fits, let kind = JournalFileKind(rawValue: UInt16(own[10]) | UInt16(own[11]) << 8),
            own.word32(at: 72) == 0
        else {
            return .damaged
        }
        return .header(
            JournalFileHeader(
                kind: kind, generation: own.word32(at: 12), number: own.word64(at: 16), firstBatch: own.word64(at: 24),
                journalID: own.id(at: 32), salt: own.id(at: 48),
                createdAt: Timestamp(milliseconds: Int64(bitPattern: own.word64(at: 64)))))
    }
}

/// The name of a file in the journal directory, told apart.
enum JournalFileName: Hashable {
    case journal(number: UInt64, generation: UInt32)
    case identifiers(number: UInt64, generation: UInt32)
    case keys(firstBatch: UInt64, lastBatch: UInt64)
    case temporary
    case lock
    case aside
    case unknown

    static let asideFolder = "aside"
    static let lockFile = "lock"

    static func journal(_ number: UInt64, _ generation: UInt32) -> String {
        "\(padded(number, 10)).\(padded(UInt64(generation), 4)).journal"
    }
    static func identifiers(_ number: UInt64, _ generation: UInt32) -> String {
        "\(padded(number, 10)).\(padded(UInt64(generation), 4)).identifiers"
    }
    static func keys(_ first: UInt64, _ last: UInt64) -> String { "\(padded(first, 20))-\(padded(last, 20)).keys" }

    private static func padded(_ number: UInt64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    init(_ name: String) {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        if name == Self.lockFile {
            self = .lock
        } else if name == Self.asideFolder {
            self = .aside
        } else if parts.last == "tmp" {
            self = .temporary
        } else if parts.count == 3, let number = UInt64(parts[0]), let generation = UInt32(parts[1]) {
            if name == Self.journal(number, generation) {
                self = .journal(number: number, generation: generation)
            } else if name == Self.identifiers(number, generation) {
                self = .identifiers(number: number, generation: generation)
            } else {
                self = .unknown
            }
        } else if parts.count == 2, let dash = parts[0].firstIndex(of: "-"), let first = UInt64(parts[0][..<dash]),
            let last = UInt64(parts[0][parts[0].index(after: dash)...]), name == Self.keys(first, last)
        {
            self = .keys(firstBatch: first, lastBatch: last)
        } else {
            self = .unknown
        }
    }
}
