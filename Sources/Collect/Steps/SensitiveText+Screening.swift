internal import Events

extension SensitiveText {
    /// The longest text that is screened: one bit a byte in one word.
    static let screenedBytesMax = 64

    /// False where a text of 6 to 64 bytes cannot hold a find, which is so for nearly every one; true says nothing. Eight
    /// bytes a step, about 6 instructions a byte, a third of a search.
    ///
    /// What every find has:
    ///
    ///     e-mail address                an `@`
    ///     machine's address, IPv6       a colon
    ///     phone, card number, IPv4      seven digits
    ///     IBAN                          two letters and two digits where a run begins
    ///     JWT                           a `J`
    ///     other secrets                 a run of 16 letters, digits, `-` and `_`
    static func mayHoldFind(_ text: borrowing RawSpan) -> Bool {
        let count = text.byteCount
        var digits: UInt64 = 0
        var letters: UInt64 = 0
        var runs: UInt64 = 0
        var marks: UInt64 = 0
        var offset = 0
        while offset < count {
            let word = eight(text, at: offset)
            let digit = inside(word ^ (EightOctets.ones &* 0x30), 0, 9)
            let letter = inside((word | EightOctets.ones &* 0x20) ^ (EightOctets.ones &* 0x60), 1, 26)
            let joint =
                EightOctets.zerosExactly(word ^ (EightOctets.ones &* 0x2D))
                | EightOctets.zerosExactly(word ^ (EightOctets.ones &* 0x5F))
            marks |=
                EightOctets.zeros(word ^ (EightOctets.ones &* 0x40))
                | EightOctets.zeros(word ^ (EightOctets.ones &* 0x3A))
                | EightOctets.zeros(word ^ (EightOctets.ones &* 0x4A))
            digits |= bits(digit) << UInt64(offset)
            letters |= bits(letter) << UInt64(offset)
            runs |= bits(digit | letter | joint) << UInt64(offset)
            offset += 8
        }
        if marks != 0 || digits.nonzeroBitCount >= 7 { return true }
        if letters & letters >> 1 & digits >> 2 & digits >> 3 & ~(runs << 1) != 0 { return true }
        // What is left of `runs` are the places from which it goes on for 2, 4, 8, 16 bytes.
        runs &= runs >> 1
        runs &= runs >> 2
        runs &= runs >> 4
        runs &= runs >> 8
        return runs != 0
    }

    /// Eight bytes from `offset`, zeros behind the end of the text, which has six at least.
    @inline(__always)
    private static func eight(_ text: borrowing RawSpan, at offset: Int) -> UInt64 {
        let rest = text.byteCount - offset
        if rest >= 8 { return text.littleEndianUInt64(at: offset) }
        if offset > 0 { return text.littleEndianUInt64(at: text.byteCount - 8) >> UInt64((8 - rest) * 8) }
        return UInt64(text.littleEndianUInt32(at: 0)) | UInt64(text.littleEndianUInt32(at: rest - 4))
            << UInt64((rest - 4) * 8)
    }

    /// Marks the bytes from `low` to `high`, which are below 128.
    @inline(__always)
    private static func inside(_ word: UInt64, _ low: UInt64, _ high: UInt64) -> UInt64 {
        let rest = word & ~EightOctets.highs
        let enough = rest &+ EightOctets.ones &* (0x80 - low)
        let tooMuch = rest &+ EightOctets.ones &* (0x7F - high)
        return enough & ~tooMuch & ~word & EightOctets.highs
    }

    /// The marks of eight bytes as eight bits, the first lowest.
    @inline(__always)
    private static func bits(_ marks: UInt64) -> UInt64 { ((marks >> 7) &* 0x0102_0408_1020_4080) >> 56 }
}
