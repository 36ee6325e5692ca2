internal import Events
internal import Foundation

extension Timestamp {
    /// RFC 3339 in UTC with milliseconds, `2026-01-02T03:04:05.678Z`. Made of whole numbers: a fraction of a second has no
    /// exact binary form, and would be cut to the millisecond below.
    var text: String {
        let thousand: Int64 = 1_000
        let part = (milliseconds % thousand + thousand) % thousand
        let seconds = Date(timeIntervalSince1970: Double((milliseconds - part) / thousand)).formatted(.iso8601)
        let digits = String(part)
        return seconds.dropLast() + "." + String(repeating: "0", count: 3 - digits.count) + digits + "Z"
    }
}
