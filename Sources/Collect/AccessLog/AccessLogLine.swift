package import Events

/// One line of a Common or Combined access log, taken apart in place: ranges of the line it was made from.
///
///     203.0.113.9 - alice [17/May/2015:10:05:03 +0000] "GET /path?q HTTP/1.1" 200 1024 "https://from.test/"
/// "Agent/1.0"
///
/// Common ends after the byte count. What follows the agent is passed over (nginx and Apache append fields). Inside
/// quotes a backslash escapes the next byte, as both servers write it. Cost: one pass, no allocation.
///
/// Source: Apache HTTP Server, mod_log_config, formats "common" and "combined".
package struct AccessLogLine: Hashable, Sendable {
    package var host: Range<Int>
    package var time: Timestamp
    package var method: Range<Int>
    /// As the client sent it: path and query, or an absolute URL.
    package var target: Range<Int>
    package var status: UInt16
    /// Empty where the line is Common or says `-`.
    package var referrer: Range<Int>
    package var userAgent: Range<Int>
    /// The user agent is there, `-` included.
    package var isCombined = false
    /// A quoted text holds a backslash.
    package var hasEscapes: Bool

    /// Takes the line apart, without its line end.
    package init(_ line: borrowing RawSpan) throws(AccessLogRejection) {
        var cursor = LineCursor()
        guard let host = cursor.word(in: line), cursor.word(in: line) != nil else { throw .notALogLine }
        self.host = host
        // the user name may hold spaces: everything up to the time
        guard let timeRange = cursor.bracketed(in: line) else { throw .noTime }
        guard let time = AccessLogLine.time(line.extracting(timeRange)) else { throw .invalidTime }
        self.time = time
        guard let request = cursor.quoted(in: line) else { throw .noRequestLine }
        guard let (method, target) = AccessLogLine.requestLine(line, request) else { throw .invalidRequestLine }
        self.method = method
        self.target = target
        guard let statusRange = cursor.word(in: line), let status = AccessLogLine.status(line, statusRange) else {
            throw .invalidStatus
        }
        self.status = status
        guard let size = cursor.word(in: line), AccessLogLine.isSize(line, size) else { throw .invalidSize }
        referrer = 0..<0
        userAgent = 0..<0
        if cursor.atQuote(in: line) {
            guard let referrer = cursor.quoted(in: line) else { throw .unclosedQuote }
            if !AccessLogLine.isDash(line, referrer) { self.referrer = referrer }
        }
        if cursor.atQuote(in: line) {
            guard let userAgent = cursor.quoted(in: line) else { throw .unclosedQuote }
            isCombined = true
            if !AccessLogLine.isDash(line, userAgent) { self.userAgent = userAgent }
        }
        hasEscapes = cursor.hasEscapes
    }

    private static func isDash(_ line: borrowing RawSpan, _ range: Range<Int>) -> Bool {
        range.count == 1 && line.octet(at: range.lowerBound) == UInt8(ascii: "-")
    }

    private static func isSize(_ line: borrowing RawSpan, _ range: Range<Int>) -> Bool {
        if isDash(line, range) { return true }
        for offset in range where line.octet(at: offset) &- 48 > 9 { return false }
        return true
    }

    private static func status(_ line: borrowing RawSpan, _ range: Range<Int>) -> UInt16? {
        guard range.count == 3, let value = digits(line, range), value >= 100 else { return nil }
        return UInt16(value)
    }

    /// `METHOD target HTTP/x`, or `METHOD target` of HTTP/0.9. A target with spaces reaches to the protocol.
    private static func requestLine(_ line: borrowing RawSpan, _ range: Range<Int>) -> (Range<Int>, Range<Int>)? {
        var methodEnd = range.lowerBound
        while methodEnd < range.upperBound, line.octet(at: methodEnd) != 32 {
            let upper = line.octet(at: methodEnd)
            guard upper >= 65, upper <= 90 else { return nil }
            methodEnd += 1
        }
        guard methodEnd > range.lowerBound, methodEnd < range.upperBound else { return nil }
        var targetEnd = range.upperBound
        if let space = lastSpace(line, methodEnd + 1..<range.upperBound),
            startsWithHTTP(line, space + 1..<range.upperBound)
        {
            targetEnd = space
        }
        guard targetEnd > methodEnd + 1 else { return nil }
        return (range.lowerBound..<methodEnd, methodEnd + 1..<targetEnd)
    }

    private static func lastSpace(_ line: borrowing RawSpan, _ range: Range<Int>) -> Int? {
        var offset = range.upperBound
        while offset > range.lowerBound {
            offset -= 1
            if line.octet(at: offset) == 32 { return offset }
        }
        return nil
    }

    private static func startsWithHTTP(_ line: borrowing RawSpan, _ range: Range<Int>) -> Bool {
        range.count >= 5 && line.littleEndianUInt32(at: range.lowerBound) == 0x5054_5448
            && line.octet(at: range.lowerBound + 4) == 47
    }

    /// `17/May/2015:10:05:03 +0000`.
    private static func time(_ text: borrowing RawSpan) -> Timestamp? {
        guard text.byteCount == 26, text.octet(at: 2) == 47, text.octet(at: 6) == 47, text.octet(at: 11) == 58,
            text.octet(at: 14) == 58, text.octet(at: 17) == 58, text.octet(at: 20) == 32,
            text.octet(at: 21) == 43 || text.octet(at: 21) == 45,
            let day = digits(text, 0..<2), let month = month(text), let year = digits(text, 7..<11),
            let hour = digits(text, 12..<14), let minute = digits(text, 15..<17), let second = digits(text, 18..<20),
            let zoneHour = digits(text, 22..<24), let zoneMinute = digits(text, 24..<26)
        else { return nil }
        guard year >= 1970, day >= 1, Int64(day) <= CivilDay.daysIn(month: month, year: Int64(year)), hour <= 23,
            minute <= 59, second <= 60, zoneHour <= 23, zoneMinute <= 59
        else { return nil }
        let zone = (zoneHour * 60 + zoneMinute) * (text.octet(at: 21) == 45 ? -1 : 1)
        let days = CivilDay.number(year: Int64(year), month: month, day: Int64(day))
        let seconds = (days * 24 + Int64(hour)) * 3600 + Int64(minute - zone) * 60 + Int64(min(second, 59))
        return Timestamp(milliseconds: seconds * 1000)
    }

    private static func month(_ text: borrowing RawSpan) -> Int64? {
        let word = UInt32(text.octet(at: 3)) << 16 | UInt32(text.octet(at: 4)) << 8 | UInt32(text.octet(at: 5))
        let names: [12 of UInt32] = [
            0x4A616E, 0x466562, 0x4D6172, 0x417072, 0x4D6179, 0x4A756E, 0x4A756C, 0x417567, 0x536570, 0x4F6374,
            0x4E6F76,
            0x446563,
        ]
        for index in 0..<12 where names[index] == word { return Int64(index + 1) }
        return nil
    }

    /// At most nine digits as a number.
    private static func digits(_ text: borrowing RawSpan, _ range: Range<Int>) -> Int? {
        guard !range.isEmpty, range.count <= 9 else { return nil }
        var value = 0
        for offset in range {
            let digit = text.octet(at: offset) &- 48
            guard digit < 10 else { return nil }
            value = value * 10 + Int(digit)
        }
        return value
    }
}

/// Days from 1970-01-01 in the Gregorian calendar. Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
enum CivilDay {
    static func daysIn(month: Int64, year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    static func number(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

/// Walks a log line: words between spaces, a bracketed time, quoted texts.
private struct LineCursor {
    private var offset = 0
    private(set) var hasEscapes = false

    mutating func word(in line: borrowing RawSpan) -> Range<Int>? {
        while offset < line.byteCount, line.octet(at: offset) == 32 { offset += 1 }
        let start = offset
        while offset < line.byteCount, line.octet(at: offset) != 32 { offset += 1 }
        return offset > start ? start..<offset : nil
    }

    mutating func bracketed(in line: borrowing RawSpan) -> Range<Int>? {
        while offset < line.byteCount, line.octet(at: offset) != UInt8(ascii: "[") {
            if line.octet(at: offset) == UInt8(ascii: "\"") { return nil }
            offset += 1
        }
        guard offset < line.byteCount else { return nil }
        offset += 1
        let start = offset
        while offset < line.byteCount, line.octet(at: offset) != UInt8(ascii: "]") { offset += 1 }
        guard offset < line.byteCount else { return nil }
        offset += 1
        return start..<offset - 1
    }

    /// Whether a quoted text comes next.
    mutating func atQuote(in line: borrowing RawSpan) -> Bool {
        while offset < line.byteCount, line.octet(at: offset) == 32 { offset += 1 }
        return offset < line.byteCount && line.octet(at: offset) == UInt8(ascii: "\"")
    }

    mutating func quoted(in line: borrowing RawSpan) -> Range<Int>? {
        guard atQuote(in: line) else { return nil }
        offset += 1
        let start = offset
        while true {
            offset = line.firstOffset(of: UInt8(ascii: "\""), or: UInt8(ascii: "\\"), from: offset)
            guard offset < line.byteCount, line.octet(at: offset) == UInt8(ascii: "\\") else { break }
            hasEscapes = true
            offset = min(offset + 2, line.byteCount)
        }
        guard offset < line.byteCount else { return nil }
        offset += 1
        return start..<offset - 1
    }
}
