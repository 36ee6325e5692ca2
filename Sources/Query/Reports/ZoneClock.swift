package import Columns
package import Events
internal import Foundation

/// Local time of one IANA zone over a span of time, as runs of constant offset from UTC. Foundation gives offsets
/// only; days, gaps and repeated hours are reckoned here.
package struct ZoneClock: Sendable {
    /// A time from which an offset holds, both in seconds.
    private struct Run: Sendable {
        var start: Int64
        var offset: Int64
    }

    private var runs: [Run] = []
    private let zone: TimeZone
    /// Runs of one answer; an hour a run makes 22 years.
    package static let bucketRunsMax = 200_000

    /// nil when the zone is not known. Probes the zone every 12 hours of the span and finds each change to the
    /// second: no zone has had two changes within 12 hours. About 1 µs a probe.
    package init?(zone name: String, from: Timestamp, to: Timestamp) {
        guard let zone = TimeZone(identifier: name) else { return nil }
        self.zone = zone
        let last = ZoneClock.seconds(to) + 3 * 86_400
        var at = ZoneClock.seconds(from) - 3 * 86_400
        var offset = ZoneClock.offset(zone, at)
        runs = [Run(start: at, offset: offset)]
        while at < last {
            let next = at + 43_200
            let nextOffset = ZoneClock.offset(zone, next)
            if nextOffset != offset {
                var (low, high) = (at, next)
                while high - low > 1 {
                    let middle = (low + high) / 2
                    if ZoneClock.offset(zone, middle) == offset { low = middle } else { high = middle }
                }
                runs.append(Run(start: high, offset: nextOffset))
                offset = nextOffset
            }
            at = next
        }
    }

    private static func offset(_ zone: TimeZone, _ seconds: Int64) -> Int64 {
        Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))))
    }

    private static func seconds(_ time: Timestamp) -> Int64 {
        time.milliseconds >= 0 ? time.milliseconds / 1_000 : -((-(time.milliseconds + 1)) / 1_000) - 1
    }

    /// The offset from UTC in seconds.
    package func offset(at time: Timestamp) -> Int64 {
        let seconds = ZoneClock.seconds(time)
        return runs.last { $0.start <= seconds }?.offset ?? runs[0].offset
    }

    /// The local day of a time.
    package func date(of time: Timestamp) -> CivilDate {
        let local = ZoneClock.seconds(time) + offset(at: time)
        return CivilDate(dayNumber: Int(ZoneClock.floorDivide(local, 86_400)))
    }

    /// The first moment of a local day; where the clock skips midnight, the first after the gap. Where it is turned back
    /// past midnight the day's moments are no one stretch of time: `America/St_Johns` until 2011 went back from 00:01 to
    /// 23:01. Then the day begins at the midnight with less time of the wrong date beyond it: there the second one, so
    /// that a minute is counted to the day before, and not 59 to the day after.
    package func start(of date: CivilDate) -> Timestamp {
        let midnight = Int64(date.dayNumber) * 86_400
        for (index, run) in runs.enumerated() {
            let first = max(index == 0 ? .min : run.start, midnight - run.offset)
            guard index + 1 < runs.count else { return Timestamp(milliseconds: first * 1_000) }
            let next = runs[index + 1]
            guard first < next.start else { continue }
            let second = midnight - next.offset
            let isLate = second - next.start > next.start - first
            return Timestamp(milliseconds: (isLate ? second : first) * 1_000)
        }
        return Timestamp(milliseconds: midnight * 1_000)
    }

    /// `2024-03-31T00:00:00+01:00`, or `2024-03-31T00:00:00.250+01:00`.
    package func text(_ time: Timestamp, withMilliseconds: Bool = false) -> String {
        let offset = offset(at: time)
        let seconds = ZoneClock.seconds(time)
        let local = seconds + offset
        let date = CivilDate(dayNumber: Int(ZoneClock.floorDivide(local, 86_400)))
        let rest = Int(local - Int64(date.dayNumber) * 86_400)
        var clock = [rest / 3_600, rest / 60 % 60, rest % 60].map { CivilDate.padded($0, 2) }.joined(separator: ":")
        if withMilliseconds { clock += "." + CivilDate.padded(Int(time.milliseconds - seconds * 1_000), 3) }
        let away = Int(abs(offset))
        let sign = offset < 0 ? "-" : "+"
        let hours = CivilDate.padded(away / 3_600, 2)
        return "\(date)T\(clock)\(sign)\(hours):\(CivilDate.padded(away / 60 % 60, 2))"
    }

    /// The buckets of a range. A bucket is everything with the same local label: an hour the clock goes through twice
    /// is one bucket of two hours, one it skips is none. nil when there would be more than `bucketRunsMax` runs.
    package func buckets(_ unit: TimeUnit, from: Timestamp, to: Timestamp) -> TimeBuckets? {
        var buckets = TimeBuckets(starts: [], bucketOfRun: [], labels: [])
        var known: [String: Int] = [:]
        let (first, last) = (ZoneClock.seconds(from), -ZoneClock.floorDivide(-to.milliseconds, 1_000))
        for (index, run) in runs.enumerated() {
            let end = min(last, index + 1 < runs.count ? runs[index + 1].start : .max)
            var at = index == 0 ? first : max(first, run.start)
            while at < end {
                let (label, next) = ZoneClock.unit(unit, local: at + run.offset)
                let bucket = known[label] ?? buckets.labels.count
                if bucket == buckets.labels.count {
                    known[label] = bucket
                    buckets.labels.append(label)
                }
                if buckets.bucketOfRun.last != bucket {
                    buckets.starts.append(Timestamp(milliseconds: at * 1_000))
                    buckets.bucketOfRun.append(bucket)
                    if buckets.starts.count > ZoneClock.bucketRunsMax { return nil }
                }
                at = next - run.offset
            }
        }
        return buckets
    }

    /// The label of a local time and when, in local seconds, the next begins.
    private static func unit(_ unit: TimeUnit, local: Int64) -> (String, Int64) {
        let date = CivilDate(dayNumber: Int(floorDivide(local, 86_400)))
        let day = Int64(date.dayNumber) * 86_400
        switch unit {
        case .hour:
            let hour = (local - day) / 3_600
            return ("\(date) \(CivilDate.padded(Int(hour), 2)):00:00", day + (hour + 1) * 3_600)
        case .day: return (date.description, day + 86_400)
        case .week:
            let monday = date.startOfWeek
            return (monday.description, Int64(monday.dayNumber + 7) * 86_400)
        case .month:
            let first = date.startOfMonth
            return (first.description, Int64(first.adding(months: 1).dayNumber) * 86_400)
        }
    }

    private static func floorDivide(_ value: Int64, _ by: Int64) -> Int64 {
        let quotient = value / by
        return value % by < 0 ? quotient - 1 : quotient
    }
}

extension TimeBuckets {
    /// The local hour of each bucket, counted from the start of 1970-01-01; nil where the buckets are not hours.
    var localHours: [Int]? {
        var hours: [Int] = []
        for label in labels {
            guard label.utf8.count == 19, let date = CivilDate(label.prefix(10)),
                let hour = Int(label.dropFirst(11).prefix(2))
            else { return nil }
            hours.append(date.dayNumber * 24 + hour)
        }
        return hours
    }
}

/// The width of a time bucket in local time. Weeks begin on Monday.
package enum TimeUnit: String, Sendable, CaseIterable {
    case hour
    case day
    case week
    case month
}
