internal import Events

/// The values of one site and dimension: bytes to code by open addressing, code to bytes by chunks of 1,024 values.
/// Codes are dense from 1, which is "(other)", and never change. Only the writer changes it, under the store's lock;
/// snapshots share the chunks, of which at most the last is copied when the writer goes on.
///
/// A look-up costs one hash (about 10 ns for 30 bytes) and one comparison; only a new value allocates. The hash is a
/// folded multiplication with two secret words, so that an outsider cannot aim at one chain.
final class ValueDictionary {
    static let otherCode: ValueCode = 1
    static let otherText = Array("(other)".utf8)
    private static let chunkShift: UInt32 = 10

    struct Chunk: Sendable {
        var bytes: [UInt8] = []
        /// The end of each value in `bytes`.
        var ends: [UInt32] = []
    }

    private(set) var chunks: [Chunk] = []
    private(set) var count: UInt32 = 0
    /// A value was refused a code of its own at least once.
    private(set) var hasOverflowed = false
    private var byteTotal = 0
    /// High 32 bits: the hash's; low 32 bits: the code, 0 for a free place.
    private var table: [UInt64]
    private var mask: Int
    private let seed: (UInt64, UInt64)
    private var valuesMax: Int
    private var bytesMax: Int

    init(valuesMax: Int, bytesMax: Int) {
        self.valuesMax = min(max(1, valuesMax), Int(UInt32.max) - 2)
        self.bytesMax = bytesMax
        seed = (.random(in: 0 ... .max), .random(in: 0 ... .max))
        table = [UInt64](repeating: 0, count: 32)
        mask = 31
        let other = ValueDictionary.otherText
        insert(other.span.bytes, hash: hash(other.span.bytes))
    }

    /// The code of a known value.
    func code(of value: borrowing RawSpan) -> ValueCode? { find(value, hash: hash(value)) }

    /// The code of a new value, or the one of "(other)" at the bound. The caller knows it is not there yet.
    func add(_ value: borrowing RawSpan) -> ValueCode {
        guard Int(count) <= valuesMax, byteTotal + value.byteCount <= bytesMax else {
            hasOverflowed = true
            return ValueDictionary.otherCode
        }
        insert(value, hash: hash(value))
        return count
    }

    /// The state for readers on other threads. O(chunks).
    var snapshot: DictionarySnapshot { DictionarySnapshot(chunks: chunks, count: count, hasOverflowed: hasOverflowed) }

    /// Ends a restore: sets the overflow mark as it was stored, and the bounds for new values.
    func adopt(_ valuesMax: Int, _ bytesMax: Int, _ overflowed: Bool) {
        self.valuesMax = min(max(1, valuesMax), Int(UInt32.max) - 2)
        self.bytesMax = bytesMax
        hasOverflowed = overflowed
    }

    private func find(_ value: borrowing RawSpan, hash: UInt64) -> ValueCode? {
        var place = Int(truncatingIfNeeded: hash) & mask
        while true {
            let entry = table[place]
            if entry == 0 { return nil }
            if (entry ^ hash) >> 32 == 0 {
                let code = UInt32(truncatingIfNeeded: entry)
                if equals(code, value) { return code }
            }
            place = (place + 1) & mask
        }
    }

    private func equals(_ code: ValueCode, _ value: borrowing RawSpan) -> Bool {
        let index = Int((code - 1) >> ValueDictionary.chunkShift)
        let row = Int((code - 1) & ((1 << ValueDictionary.chunkShift) - 1))
        let start = row == 0 ? 0 : Int(chunks[index].ends[row - 1])
        let end = Int(chunks[index].ends[row])
        return chunks[index].bytes.withUnsafeBytes { stored in
            // SAFETY: the ends lie within the bytes, which outlive the call.
            UnsafeRawBufferPointer(rebasing: stored[start..<end]).bytes.equals(value)
        }
    }

    private func insert(_ value: borrowing RawSpan, hash: UInt64) {
        if Int(count) >> Int(ValueDictionary.chunkShift) == chunks.count { chunks.append(Chunk()) }
        let last = chunks.count - 1
        value.withUnsafeBytes { chunks[last].bytes.append(contentsOf: $0) }
        chunks[last].ends.append(UInt32(clamping: chunks[last].bytes.count))
        count += 1
        byteTotal += value.byteCount
        place(code: count, hash: hash)
        if Int(count) * 2 > mask { grow() }
    }

    private func place(code: ValueCode, hash: UInt64) {
        var place = Int(truncatingIfNeeded: hash) & mask
        while table[place] != 0 { place = (place + 1) & mask }
        table[place] = (hash & ~0xFFFF_FFFF) | UInt64(code)
    }

    private func grow() {
        mask = mask * 2 + 1
        table = [UInt64](repeating: 0, count: mask + 1)
        let values = snapshot
        for code in 1...count {
            let bytes = values.bytes(of: code)
            place(code: code, hash: hash(bytes.span.bytes))
        }
    }

    private func hash(_ value: borrowing RawSpan) -> UInt64 {
        var state = seed.0 ^ UInt64(truncatingIfNeeded: value.byteCount)
        var offset = 0
        let count = value.byteCount
        while count - offset > 8 {
            state = ValueDictionary.fold(state ^ value.littleEndianUInt64(at: offset), seed.1)
            offset += 8
        }
        let rest = ValueDictionary.lastBytes(of: value)
        state = ValueDictionary.fold(state ^ rest, seed.1)
        return ValueDictionary.fold(state, 0x9E37_79B9_7F4A_7C15 ^ seed.0)
    }

    /// The last eight bytes; of a shorter value all, some of them twice. Values of one length differ where their bytes do.
    private static func lastBytes(of value: borrowing RawSpan) -> UInt64 {
        let count = value.byteCount
        if count >= 8 { return value.littleEndianUInt64(at: count - 8) }
        if count >= 4 {
            return UInt64(value.littleEndianUInt32(at: 0)) << 32 | UInt64(value.littleEndianUInt32(at: count - 4))
        }
        if count == 0 { return 0 }
        let (first, middle, last) = (value.byte(at: 0), value.byte(at: count / 2), value.byte(at: count - 1))
        return UInt64(first) << 16 | UInt64(middle) << 8 | UInt64(last)
    }

    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right | 1)
        return product.high ^ product.low
    }
}

/// A dictionary as it stood at one moment.
struct DictionarySnapshot: Sendable {
    let chunks: [ValueDictionary.Chunk]
    /// Codes run from 1 to this.
    let count: UInt32
    let hasOverflowed: Bool

    /// A site without values for the dimension.
    static let empty = DictionarySnapshot(chunks: [], count: 0, hasOverflowed: false)

    /// The value of a code; empty for 0 and for a code that is not there.
    func bytes(of code: ValueCode) -> [UInt8] {
        guard code > 0, code <= count else { return [] }
        let chunk = chunks[Int((code - 1) >> 10)]
        let row = Int((code - 1) & 1_023)
        let start = row == 0 ? 0 : Int(chunk.ends[row - 1])
        return Array(chunk.bytes[start..<Int(chunk.ends[row])])
    }

    /// The code of a value, found by looking at each; 0 when it is not there.
    func code(of value: [UInt8]) -> ValueCode {
        guard count > 0 else { return 0 }
        for code in 1...count where bytes(of: code) == value { return code }
        return 0
    }
}
