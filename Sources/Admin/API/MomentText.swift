package import Events
internal import Reports

/// Moments as text (RFC 3339), in UTC.
package enum MomentText {
    /// `2024-03-31T12:00:00.250Z`.
    package static func rfc3339(_ time: Timestamp) -> String {
        let day = Int(time.utcDay)
        let date = CivilDate(dayNumber: day)
        let rest = min(max(time.milliseconds &- Int64(day) &* 86_400_000, 0), 86_399_999)
        func padded(_ value: Int64, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let clock = [rest / 3_600_000, rest / 60_000 % 60, rest / 1_000 % 60].map { padded($0, 2) }
        return "\(date)T\(clock.joined(separator: ":")).\(padded(rest % 1_000, 3))Z"
    }
}
