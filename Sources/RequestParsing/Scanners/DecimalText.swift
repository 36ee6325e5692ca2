internal import Events

/// Decimal text as a whole number of millionths, without a detour over binary fractions.
package enum DecimalText {
    /// Digits a number may have, exponent zeros not counted; more is refused, so the work is bounded.
    package static let digitsMax = 64
    /// The largest exponent's size.
    package static let exponentMax: Int = 99

    /// `12.30` as 12,300,000. The form is JSON's number with a leading `+` and leading zeros allowed: sign, digits, an
    /// optional fraction, an optional exponent within ±99. Digits beyond the sixth after the point round half away from
    /// zero, so that `0.30000000000000004` is 300,000.
    ///
    /// nil where the text is no such number, has more than 64 digits, or its value is outside Int64. O(length).
    package static func micros(_ text: borrowing RawSpan) -> Int64? {
        var reader = Reader()
        guard reader.read(text) else { return nil }
        return reader.scaled(by: 6)
    }

    /// The number's whole part, the fraction cut off: for milliseconds sent as `1763812345678.25`. Otherwise as
    /// `micros`.
    package static func wholePart(_ text: borrowing RawSpan) -> Int64? {
        var reader = Reader()
        guard reader.read(text) else { return nil }
        return reader.scaled(by: 0, isRounding: false)
    }

    /// The digits met so far as one whole number and the place of the point.
    private struct Reader {
        private var digits = Digits()
        private var isNegative = false
        /// The value is digits × 10^exponent.
        private var exponent = 0

        /// Up to 64 digits, leading zeros left out.
        private struct Digits {
            var count = 0
            /// The first 19 digits; that many always fit.
            var value: UInt64 = 0
            /// The digit after them, for rounding.
            var next: UInt8 = 0

            mutating func append(_ digit: UInt8) {
                if count == 0, digit == 0 { return }
                if count < 19 { value = value &* 10 &+ UInt64(digit) }
                if count == 19 { next = digit }
                count += 1
            }
        }

        mutating func read(_ text: borrowing RawSpan) -> Bool {
            let end = text.byteCount
            var offset = 0
            if offset < end, text.byte(at: offset) == 45 || text.byte(at: offset) == 43 {
                isNegative = text.byte(at: offset) == 45
                offset += 1
            }
            let wholeStart = offset
            while offset < end, let digit = DecimalText.digit(text.byte(at: offset)) {
                digits.append(digit)
                offset += 1
            }
            guard offset > wholeStart, offset - wholeStart <= digitsMax else { return false }
            if offset < end, text.byte(at: offset) == 46 {
                offset += 1
                let start = offset
                while offset < end, let digit = DecimalText.digit(text.byte(at: offset)) {
                    digits.append(digit)
                    offset += 1
                }
                guard offset > start, offset - start <= digitsMax else { return false }
                exponent = start - offset
            }
            if offset < end, text.byte(at: offset) | 0x20 == 101 {
                offset += 1
                guard let stated = DecimalText.exponent(text, at: &offset) else { return false }
                exponent += stated
            }
            return offset == end
        }

        /// The value × 10^power, rounded half away from zero or cut; nil where it does not fit.
        func scaled(by power: Int, isRounding: Bool = true) -> Int64? {
            guard digits.count > 0 else { return 0 }
            // Digits beyond the 19 kept only shift the point.
            let kept = min(digits.count, 19)
            var shift = exponent + power + digits.count - kept
            var value = digits.value
            if shift > 0 {
                guard shift < 20, digits.count <= 19 else { return nil }
                while shift > 0 {
                    let (product, overflow) = value.multipliedReportingOverflow(by: 10)
                    guard !overflow else { return nil }
                    value = product
                    shift -= 1
                }
            } else if shift == 0 {
                if isRounding, digits.next >= 5 { value &+= 1 }
            } else {
                guard shift >= -19 else { return 0 }
                var last: UInt64 = 0
                while shift < 0 {
                    last = value % 10
                    value /= 10
                    shift += 1
                }
                if isRounding, last >= 5 { value &+= 1 }
            }
            if isNegative { return value <= UInt64(Int64.max) + 1 ? Int64(truncatingIfNeeded: 0 &- value) : nil }
            return Int64(exactly: value)
        }
    }

    fileprivate static func digit(_ byte: UInt8) -> UInt8? {
        let value = byte &- 48
        return value < 10 ? value : nil
    }

    /// The exponent after its `e`, within ±99.
    fileprivate static func exponent(_ text: borrowing RawSpan, at offset: inout Int) -> Int? {
        let end = text.byteCount
        var isNegative = false
        if offset < end, text.byte(at: offset) == 45 || text.byte(at: offset) == 43 {
            isNegative = text.byte(at: offset) == 45
            offset += 1
        }
        let start = offset
        var value = 0
        while offset < end, let digit = digit(text.byte(at: offset)) {
            value = value * 10 + Int(digit)
            guard value <= exponentMax else { return nil }
            offset += 1
        }
        guard offset > start else { return nil }
        return isNegative ? -value : value
    }
}
