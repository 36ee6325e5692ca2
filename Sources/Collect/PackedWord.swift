internal import Events

/// A word of 1 to 16 bytes in two machine words, the rest zero.
struct PackedWord: Hashable {
    var low: UInt64
    var high: UInt64

    /// No word.
    static let none = PackedWord(low: 0, high: 0)

    private init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    @inline(__always)
    init?(_ bytes: borrowing RawSpan, _ range: Range<Int>) {
        guard range.count >= 1, range.count <= 16 else { return nil }
        low = PackedWord.load(bytes, range.lowerBound, min(range.count, 8))
        high = range.count > 8 ? PackedWord.load(bytes, range.lowerBound + 8, range.count - 8) : 0
    }

    /// Up to eight bytes, the first lowest.
    @inline(__always)
    private static func load(_ bytes: borrowing RawSpan, _ offset: Int, _ count: Int) -> UInt64 {
        if bytes.byteCount - offset >= 8 {
            let word = UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
            return count == 8 ? word : word & ((1 << UInt64(count * 8)) - 1)
        }
        var word: UInt64 = 0
        for index in 0..<count {
            word |=
                UInt64(bytes.unsafeLoadUnaligned(fromByteOffset: offset + index, as: UInt8.self)) << UInt64(index * 8)
        }
        return word
    }

    /// Spread over all bits, the upper ones best.
    @inline(__always)
    var hash: UInt64 { (low &* 0x9E37_79B9_7F4A_7C15 ^ high &* 0xC2B2_AE3D_27D4_EB4F) &* 0x9E37_79B9_7F4A_7C15 }

    /// The word with capital letters made small.
    @inline(__always)
    var lowercased: PackedWord {
        var word = self
        word.low |= PackedWord.capitals(low) >> 2
        word.high |= PackedWord.capitals(high) >> 2
        return word
    }

    /// The high bit of each byte that is a capital letter.
    @inline(__always)
    private static func capitals(_ word: UInt64) -> UInt64 {
        let rest = word & ~EightOctets.highs
        let enough = rest &+ EightOctets.ones &* (0x80 - 0x41)
        let tooMuch = rest &+ EightOctets.ones &* (0x7F - 0x5A)
        return enough & ~tooMuch & ~word & EightOctets.highs
    }
}

/// Words and their codes: open addressing in a power of two of places, at most a quarter full, codes from 1. A look-up
/// is two or three comparisons of machine words. The list is ours, so an outsider cannot crowd a place.
struct PackedWordTable {
    private struct Entry {
        var word = PackedWord.none
        var code: UInt8 = 0
    }

    private let entries: [Entry]
    private let shift: UInt64

    /// At most 255 entries.
    init(_ words: [(PackedWord, UInt8)]) {
        var bits: UInt64 = 4
        while 1 << bits < words.count * 4 { bits += 1 }
        let shift = 64 - bits
        var entries = [Entry](repeating: Entry(), count: 1 << bits)
        for (word, code) in words {
            var place = Int(truncatingIfNeeded: word.hash >> shift)
            while entries[place].code != 0 { place = (place + 1) & (entries.count - 1) }
            entries[place] = Entry(word: word, code: code)
        }
        self.entries = entries
        self.shift = shift
    }

    /// 0 where the word is not there.
    @inline(__always)
    func code(of word: PackedWord) -> UInt8 {
        var place = Int(truncatingIfNeeded: word.hash >> shift)
        while entries[place].code != 0 {
            if entries[place].word == word { return entries[place].code }
            place = (place + 1) & (entries.count - 1)
        }
        return 0
    }
}

/// Words that were looked at lately and found in order: direct-mapped over 512 places, a newcomer takes the place. What
/// it is asked for depends on the word alone. 8 KiB, two comparisons a look-up.
struct RecentWords {
    private var words = [PackedWord](repeating: .none, count: 512)

    @inline(__always)
    func contains(_ word: PackedWord) -> Bool { words[Int(truncatingIfNeeded: word.hash >> 55)] == word }

    mutating func insert(_ word: PackedWord) { words[Int(truncatingIfNeeded: word.hash >> 55)] = word }
}
