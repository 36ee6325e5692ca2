/// Eight bytes tested at once in one word. Each test sets the high bit of the bytes that match; bytes above the first
/// match may be set wrongly (a borrow runs upward), so only the lowest set bit is to be believed.
///
/// Source: S. E. Anderson, "Bit Twiddling Hacks", determine if a word has a zero byte / a byte less than n.
@usableFromInline
package enum EightOctets {
    /// A word with 1 in every byte.
    @inlinable package static var ones: UInt64 { 0x0101_0101_0101_0101 }
    @inlinable package static var highs: UInt64 { 0x8080_8080_8080_8080 }

    /// Marks zero bytes.
    @inlinable @inline(__always)
    package static func zeros(_ word: UInt64) -> UInt64 { (word &- ones) & ~word & highs }

    /// Marks zero bytes and no others, whatever stands below them.
    @inlinable @inline(__always)
    package static func zerosExactly(_ word: UInt64) -> UInt64 {
        ~(((word & ~highs) &+ ~highs) | word | ~highs)
    }

    /// The word with capital letters of ASCII made small ones, every byte right.
    @inlinable @inline(__always)
    package static func lowered(_ word: UInt64) -> UInt64 {
        let low = word & ~highs
        let capitals = (low &+ ones &* (0x80 - 0x41)) & ~(low &+ ones &* (0x80 - 0x5B)) & ~word & highs
        return word | capitals >> 2
    }

    /// Not 0 where any byte is no printable ASCII character.
    @inlinable @inline(__always)
    package static func unprintable(_ word: UInt64) -> UInt64 {
        // 0x7F carries into the high bit; from 0x80 up the high bit is there already.
        (((word &- ones &* 0x20) & ~word) | (word &+ ones) | word) & highs
    }

    /// Marks bytes below `limit`, which is at most 128; bytes from 128 up are not marked.
    @inlinable @inline(__always)
    package static func below(_ limit: UInt64, in word: UInt64) -> UInt64 { (word &- ones &* limit) & ~word & highs }
}
