internal import COctets
internal import Events
internal import RequestParsing

extension SensitiveText {
    /// False where a piece of a text cannot hold a find, nor an escape that could hide one, which is so for nearly
    /// every one; true says nothing. About 150 instructions for 64 bytes, a twentieth of a search.
    ///
    /// What every find has:
    ///
    ///     e-mail address                an `@`
    ///     machine's address, IPv6       a colon
    ///     phone, card number, IPv4      seven digits, one of them where a run begins, or a `+` or `(`
    ///     card number inside a run      fourteen digits
    ///     IBAN                          two letters and two digits where a run begins
    ///     JWT                           a `J`
    ///     an address's query            a `?` or `#`
    ///     other secrets                 a run of 16 letters, digits, `-` and `_`, and see `mayBeSecret`
    ///
    /// Longer texts are looked at in windows of 64 bytes that overlap by 16, so that a run is seen whole enough in one
    /// of them.
    static func mayHoldFind(_ text: borrowing RawSpan, in range: Range<Int>, tokens: Bool = true) -> Bool {
        if range.count < 16 {
            // Nothing is found in letters alone that are so few.
            let striking = text.withSixteen(at: range.lowerBound) { octets16_striking($0) }
            if striking & ((1 &<< UInt32(truncatingIfNeeded: range.count)) &- 1) == 0 { return false }
        }
        var digits = 0
        var opensNumber = false
        var changes = 0
        var start = range.lowerBound
        while true {
            let window = TextWindow(text, from: start, count: min(range.upperBound - start, 64))
            if window.marks != 0 || window.opensAccount { return true }
            digits += window.digits == 0 ? 0 : window.digits.nonzeroBitCount
            opensNumber = opensNumber || window.signs | window.digits & window.runStarts != 0
            if tokens, window.longRuns != 0 {
                if window.mayBeSecret(text, from: start) { return true }
                changes += window.oddChanges(text, from: start).nonzeroBitCount
            }
            if range.upperBound - start <= 64 { break }
            start += 48
        }
        // A quarter of 24 characters must differ in kind from the one before.
        return changes >= 6 || digits >= 7 && opensNumber || digits >= 14
    }
}

/// At most 64 bytes of a text; in a mask bit n stands for byte n.
private struct TextWindow {
    let digits: UInt64
    let letters: UInt64
    /// Letters, digits, `-` and `_`.
    let runs: UInt64
    /// Not 0 where there is an `@`, `:`, `J`, `%`, `?` or `#`.
    let marks: UInt64
    /// Not 0 where there is a `+` or `(`.
    let signs: UInt64

    @inline(__always)
    init(_ text: borrowing RawSpan, from start: Int, count: Int) {
        let found =
            count <= 16
            ? text.withSixteen(at: start) { octets16_text($0) } : text.withSixtyFour(at: start) { octets64_text($0) }
        let inside: UInt64 = count < 64 ? (1 &<< UInt64(truncatingIfNeeded: count)) &- 1 : ~0
        digits = found.digits & inside
        letters = found.letters & inside
        runs = (found.digits | found.letters | found.joints) & inside
        marks = found.marks & inside
        signs = found.signs & inside
    }

    /// Where a run begins. What stands before the window is not known, so its first byte counts.
    var runStarts: UInt64 { ~(runs << 1) }

    /// A run begins with two letters and two digits.
    var opensAccount: Bool { letters & letters >> 1 & digits >> 2 & digits >> 3 & runStarts != 0 }

    /// Where a run goes on for 16 bytes.
    var longRuns: UInt64 { TextWindow.sixteen(runs) }

    /// A long run begins as a known key does, or there are sixteen hexadecimal digits in line.
    func mayBeSecret(_ text: borrowing RawSpan, from start: Int) -> Bool {
        let hexadecimal = text.withSixtyFour(at: start) { octets64_hexLetters($0) } & letters | digits
        if TextWindow.sixteen(hexadecimal) != 0 { return true }
        var starts = longRuns & runStarts
        while starts != 0 {
            // The run has sixteen bytes.
            let word = text.littleEndianUInt32(at: start + starts.trailingZeroBitCount)
            if SensitiveText.prefixHeads.contains(word) { return true }
            starts &= starts &- 1
        }
        return false
    }

    /// As `TextRun.oddChanges`.
    func oddChanges(_ text: borrowing RawSpan, from start: Int) -> UInt64 {
        let capitals = text.withSixtyFour(at: start) { octets64_capitals($0) } & letters
        let both = (letters | digits) & (letters | digits) << 1
        return both & (digits ^ digits << 1 | capitals & (letters & ~capitals) << 1)
    }

    /// Where the mask goes on for 16 bits: what is left are the places from which it does for 2, 4, 8, 16.
    private static func sixteen(_ mask: UInt64) -> UInt64 {
        var mask = mask
        mask &= mask >> 1
        mask &= mask >> 2
        mask &= mask >> 4
        return mask & mask >> 8
    }
}
