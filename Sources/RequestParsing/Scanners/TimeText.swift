package import Events

/// A time as clients write it.
package enum TimeText {
    /// Years 0000 to 9999 in milliseconds since 1970; nothing outside is a time.
    package static let range: ClosedRange<Int64> = -62_167_219_200_000...253_402_300_799_999

    /// RFC 3339, or milliseconds since 1970 in digits. nil where the text is neither. No allocation.
    package static func timestamp(_ text: borrowing RawSpan) -> Timestamp? {
        rfc3339(text) ?? milliseconds(text)
    }

    /// Milliseconds since 1970, written as a number; a fraction of a millisecond is cut off.
    package static func milliseconds(_ text: borrowing RawSpan) -> Timestamp? {
        guard let value = DecimalText.wholePart(text), range.contains(value) else { return nil }
        return Timestamp(milliseconds: value)
    }

    /// `2026-11-22T13:37:09.250+01:00`. `T` and `Z` in either case, a space for the `T`, any number of digits of a
    /// second (beyond the third cut off, at most 32), `-00:00`. A leap second (`:60`) is taken for the last
    /// millisecond before it, whatever the minute. A time without an offset is no RFC 3339 time: nil. Source: RFC
    /// 3339, 5.6 and 5.7.
    package static func rfc3339(_ text: borrowing RawSpan) -> Timestamp? {
        let count = text.byteCount
        guard count >= 20, count <= 64,
            let year = digits(text, 0, 4), text.byte(at: 4) == 45, let month = digits(text, 5, 2),
            text.byte(at: 7) == 45, let day = digits(text, 8, 2), isSeparator(text.byte(at: 10)),
            let hour = digits(text, 11, 2), text.byte(at: 13) == 58, let minute = digits(text, 14, 2),
            text.byte(at: 16) == 58, let second = digits(text, 17, 2)
        else { return nil }
        guard month >= 1, month <= 12, day >= 1, day <= daysIn(month: month, year: year), hour <= 23, minute <= 59,
            second <= 60
        else { return nil }
        var offset = 19
        var fraction: Int64 = 0
        if text.byte(at: offset) == 46 {
            offset += 1
            let start = offset
            var weight: Int64 = 100
            while offset < count, text.byte(at: offset) &- 48 < 10 {
                fraction += Int64(text.byte(at: offset) &- 48) * weight
                weight /= 10
                offset += 1
            }
            guard offset > start, offset - start <= 32 else { return nil }
        }
        guard let zone = zoneMinutes(text, at: offset) else { return nil }
        if second == 60 { fraction = 999 }
        let days = daysSinceEpoch(year: year, month: month, day: day)
        let seconds = (days * 24 + hour) * 3_600 + (minute - zone) * 60 + min(second, 59)
        let value = seconds * 1_000 + fraction
        guard range.contains(value) else { return nil }
        return Timestamp(milliseconds: value)
    }

    private static func isSeparator(_ byte: UInt8) -> Bool { byte == 84 || byte == 116 || byte == 32 }

    /// `count` digits at `offset`, which lie within the text.
    private static func digits(_ text: borrowing RawSpan, _ offset: Int, _ count: Int) -> Int64? {
        var value: Int64 = 0
        for index in offset..<offset + count {
            let digit = text.byte(at: index) &- 48
            guard digit < 10 else { return nil }
            value = value * 10 + Int64(digit)
        }
        return value
    }

    /// The offset from UTC that ends the text.
    private static func zoneMinutes(_ text: borrowing RawSpan, at offset: Int) -> Int64? {
        let count = text.byteCount
        guard offset < count else { return nil }
        let sign = text.byte(at: offset)
        if sign | 0x20 == 122 { return offset + 1 == count ? 0 : nil }
        guard sign == 43 || sign == 45, count - offset == 6, text.byte(at: offset + 3) == 58,
            let hours = digits(text, offset + 1, 2), let minutes = digits(text, offset + 4, 2), hours <= 23,
            minutes <= 59
        else { return nil }
        let total = hours * 60 + minutes
        return sign == 45 ? -total : total
    }

    private static func daysIn(month: Int64, year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days from 1970-01-01 in the Gregorian calendar. Source: H. Hinnant, "chrono-Compatible Low-Level Date
    /// Algorithms".
    private static func daysSinceEpoch(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
