internal import Events

// Constraints
//   - A fixed number of answers; the memory is taken at the start and never grows.
//   - The key is a 128-bit keyed hash of user agent and hints, so the texts themselves are not kept.
//
// Layout: sets of two ways. Way w of set s is entry 2s + w:
//   keys      16 bytes an entry, low and high word; both zero is an empty entry
//   lengths   5 bytes an entry: device, browser, browser version, OS, OS version
//   texts     `textBytes` an entry: the five texts one after another
//   recent    1 byte a set: the way that was used last; the other is the one to be replaced

/// Answers by the hash of what was asked. At its bound the less recently used of two answers makes room.
struct ClientCache {
    static let textBytes = 96
    private static let fields = 5
    /// The longest text of each field; longer ones are cut.
    private static let textLimits = [8, 40, 12, 24, 12]

    private(set) var hits = 0
    private(set) var misses = 0
    private let setMask: UInt64
    private var keys: [UInt64]
    private var lengths: [UInt8]
    private var texts: [UInt8]
    private var recent: [UInt8]

    /// Room for `capacity` answers, rounded up to a power of two, at least 2 and at most 2^20.
    init(capacity: Int) {
        var sets = 1
        while sets * 2 < min(max(capacity, 2), 1 << 20) { sets *= 2 }
        setMask = UInt64(sets - 1)
        keys = [UInt64](repeating: 0, count: sets * 4)
        lengths = [UInt8](repeating: 0, count: sets * 2 * Self.fields)
        texts = [UInt8](repeating: 0, count: sets * 2 * Self.textBytes)
        recent = [UInt8](repeating: 0, count: sets)
    }

    var byteCount: Int { keys.count * 8 + lengths.count + texts.count + recent.count }

    /// Fills the answer and is true where `digest` is known. No allocation once the answer's arena has grown.
    mutating func find(_ digest: ID128, into answer: inout ClientClass) -> Bool {
        let set = Int(digest.low & setMask)
        for way in 0..<2 {
            let entry = set * 2 + way
            guard keys[entry * 2] == digest.low, keys[entry * 2 + 1] == digest.high else { continue }
            hits += 1
            recent[set] = UInt8(way)
            copy(entry, into: &answer)
            return true
        }
        misses += 1
        return false
    }

    mutating func insert(_ digest: ID128, _ words: ClientWords, into answer: inout ClientClass) {
        let set = Int(digest.low & setMask)
        let way = 1 - Int(recent[set])
        let entry = set * 2 + way
        recent[set] = UInt8(way)
        keys[entry * 2] = digest.low
        keys[entry * 2 + 1] = digest.high
        let values = [words.device?.rawValue, words.browser, words.browserVersion, words.os, words.osVersion]
        var offset = entry * Self.textBytes
        for field in 0..<Self.fields {
            let text = Self.cut(values[field] ?? "", to: Self.textLimits[field])
            lengths[entry * Self.fields + field] = UInt8(text.count)
            for byte in text {
                texts[offset] = byte < 0x20 || byte == 0x7F ? 0x20 : byte
                offset += 1
            }
        }
        copy(entry, into: &answer)
    }

    private func copy(_ entry: Int, into answer: inout ClientClass) {
        let first = entry * Self.fields
        var total = 0
        for field in 0..<Self.fields { total += Int(lengths[first + field]) }
        let start = entry * Self.textBytes
        var offset = answer.arena.count
        _ = answer.arena.put(texts.span.bytes.extracting(start..<start + total))
        answer.device = Self.piece(lengths[first], &offset)
        answer.browser = Self.piece(lengths[first + 1], &offset)
        answer.browserVersion = Self.piece(lengths[first + 2], &offset)
        answer.os = Self.piece(lengths[first + 3], &offset)
        answer.osVersion = Self.piece(lengths[first + 4], &offset)
    }

    @inline(__always)
    private static func piece(_ length: UInt8, _ offset: inout Int) -> ClassText {
        guard length > 0 else { return .absent }
        defer { offset += Int(length) }
        return ClassText(offset: UInt32(clamping: offset), count: UInt32(length))
    }

    /// At most `count` bytes, never the half of a character.
    private static func cut(_ text: String, to count: Int) -> ArraySlice<UInt8> {
        let bytes = Array(text.utf8)
        var end = min(bytes.count, count)
        while end > 0, end < bytes.count, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return bytes[0..<end]
    }
}
