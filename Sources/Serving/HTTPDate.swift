internal import Events

/// The Date header's line, `Date: Sun, 06 Nov 1994 08:49:37 GMT` CRLF (RFC 9110 5.6.7), made anew once a second.
struct HTTPDate {
    private(set) var line: [UInt8] = []
    private var second = Int64.min

    /// Makes the line for this moment, unless it is that second's already.
    mutating func update(_ now: Timestamp) {
        let current = max(now.milliseconds / 1_000, 0)
        guard current != second else { return }
        second = current
        line = Array("Date: \(Self.text(second: current))\r\n".utf8)
    }

    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// The date of a moment in seconds since 1970, which must not be negative.
    static func text(second: Int64) -> String {
        let day = second / 86_400
        // Days to a civil date in the 400-year cycle that begins on 0000-03-01 (Hinnant, "chrono-compatible low-level
        // date algorithms").
        let shifted = day + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let dayOfMonth = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let time = second % 86_400
        let clock = "\(two(time / 3_600)):\(two(time / 60 % 60)):\(two(time % 60))"
        return "\(days[Int(day % 7)]), \(two(dayOfMonth)) \(months[Int(month - 1)]) \(year) \(clock) GMT"
    }

    private static func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
