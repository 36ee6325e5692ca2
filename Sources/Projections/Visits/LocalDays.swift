package import Events
internal import Foundation

/// Which calendar day a moment lies on in a time zone. Asked only for events of sites that split visits at midnight.
package protocol LocalDays: AnyObject {
    /// Days since 1970-01-01 by the zone's own clock; UTC where the zone is not known. About 1 us.
    func day(of time: Timestamp, timeZone: String) -> Int32
}

/// The system's time zones. Keeps the last 64 zones asked for; belongs to one thread.
package final class SystemLocalDays: LocalDays {
    private var zones: [String: TimeZone] = [:]

    package init() {}

    package func day(of time: Timestamp, timeZone name: String) -> Int32 {
        if zones[name] == nil {
            if zones.count >= 64 { zones.removeAll() }
            zones[name] = TimeZone(identifier: name) ?? .gmt
        }
        let seconds =
            zones[name]?.secondsFromGMT(for: Date(timeIntervalSince1970: Double(time.milliseconds) / 1000)) ?? 0
        return time.adding(milliseconds: Int64(seconds) * 1000).utcDay
    }
}
