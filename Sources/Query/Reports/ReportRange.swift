package import Events

/// A range of time as it was asked for.
package enum ReportRange: Hashable, Sendable {
    /// Today.
    case day
    /// The last n days, today included.
    case lastDays(Int)
    /// The month so far.
    case month
    /// The last n months, the present one included.
    case lastMonths(Int)
    /// The year so far.
    case year
    /// From the site's first event.
    case all
    /// Local days, both included.
    case days(CivilDate, CivilDate)
    /// From a moment until another one, which is not included.
    case moments(Timestamp, Timestamp)

    package static let named: [String: ReportRange] = [
        "day": .day, "7d": .lastDays(7), "28d": .lastDays(28), "30d": .lastDays(30), "91d": .lastDays(91),
        "month": .month, "6mo": .lastMonths(6), "12mo": .lastMonths(12), "year": .year, "all": .all,
    ]

    /// What a request may say, for errors.
    package static let expected =
        "one of \"day\", \"7d\", \"28d\", \"30d\", \"91d\", \"month\", \"6mo\", \"12mo\", \"year\", \"all\", or "
        + "[first, last] as \"YYYY-MM-DD\" from 1970 to 2199 or as \"YYYY-MM-DDThh:mm:ss+hh:mm\", "
        + "at most 50 years apart"

    /// Two texts: dates, both included, or moments with an offset, the second to its last second, or millisecond where
    /// it names one.
    package init(_ first: String, _ last: String, field: String) throws(ReportError) {
        if let from = CivilDate(first), let to = CivilDate(last) {
            guard from <= to else {
                throw ReportError(
                    field, "the first day, \(from), is after the last, \(to)", expected: ReportRange.expected)
            }
            guard to.dayNumber - from.dayNumber <= 50 * 366 else {
                throw ReportError(field, "more than 50 years", expected: ReportRange.expected)
            }
            self = .days(from, to)
        } else if let from = ReportRange.moment(first), let to = ReportRange.moment(last) {
            guard from <= to else {
                throw ReportError(field, "\(first) is after \(last)", expected: ReportRange.expected)
            }
            guard to.milliseconds - from.milliseconds <= 50 * 366 * 86_400_000 else {
                throw ReportError(field, "more than 50 years", expected: ReportRange.expected)
            }
            self = .moments(from, to.adding(milliseconds: last.contains(".") ? 1 : 1_000))
        } else {
            throw ReportError(
                field, "[\"\(first.prefix(40))\", \"\(last.prefix(40))\"] is no range", expected: ReportRange.expected)
        }
    }

    /// `2024-01-01T12:00:00.250+02:00`, or with `Z`; nil for anything else.
    private static func moment(_ text: String) -> Timestamp? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: "t"),
            let date = CivilDate(String(decoding: bytes[..<10], as: UTF8.self)), bytes[13] == 58, bytes[16] == 58,
            let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
            hour < 24, minute < 60, second < 61
        else { return nil }
        var place = 19
        var milliseconds = 0
        if bytes[place] == UInt8(ascii: ".") {
            place += 1
            var factor = 100
            let start = place
            while place < bytes.count, let digit = number(bytes[place...place]) {
                milliseconds += digit * factor
                factor /= 10
                place += 1
            }
            guard place > start, place < bytes.count, place - start <= 9 else { return nil }
        }
        guard let offset = offset(bytes[place...]) else { return nil }
        let seconds = date.dayNumber * 86_400 + hour * 3_600 + minute * 60 + second - offset
        return Timestamp(milliseconds: Int64(seconds * 1_000 + milliseconds))
    }

    private static func offset(_ bytes: ArraySlice<UInt8>) -> Int? {
        let text = Array(bytes)
        if text == [UInt8(ascii: "Z")] || text == [UInt8(ascii: "z")] { return 0 }
        guard text.count == 6, text[0] == 43 || text[0] == 45, text[3] == 58, let hours = number(text[1..<3]),
            let minutes = number(text[4..<6]), hours < 19, minutes < 60
        else { return nil }
        return (text[0] == 45 ? -1 : 1) * (hours * 3_600 + minutes * 60)
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for byte in bytes {
            guard byte >= 48, byte <= 57 else { return nil }
            value = value * 10 + Int(byte - 48)
        }
        return value
    }
}

/// What a second range is compared with.
package enum ReportComparison: Hashable, Sendable {
    /// As many days, or as much time, right before.
    case previousPeriod
    /// The same days a year before; 29 February becomes 28.
    case yearOverYear
    case custom(ReportRange)
}

/// A range of time resolved in a zone: half open.
package struct ResolvedRange: Hashable, Sendable {
    package var from: Timestamp
    package var to: Timestamp
    /// The local days, where the range was asked for in days.
    package var days: ClosedRange<CivilDate>?

    /// nil when the zone is not known.
    package init?(_ range: ReportRange, zone: String, now: Timestamp, firstEventAt: Timestamp?) {
        // No further back than a range may be long, whatever a wrong clock once sent.
        let first = max(min(firstEventAt ?? now, now), now.adding(milliseconds: -50 * 365 * 86_400_000))
        guard let clock = ZoneClock(zone: zone, from: range == .all ? first : now, to: now) else { return nil }
        let today = clock.date(of: now)
        let days: ClosedRange<CivilDate>
        switch range {
        case .day: days = today...today
        case .lastDays(let count): days = today.adding(days: 1 - max(1, count))...today
        case .month: days = today.startOfMonth...today
        case .lastMonths(let count): days = today.startOfMonth.adding(months: 1 - max(1, count))...today
        case .year: days = today.startOfYear...today
        case .all: days = min(clock.date(of: first), today)...today
        case .days(let from, let to): days = from...max(from, to)
        case .moments(let from, let to):
            self.init(from: from, to: to, days: nil)
            return
        }
        self.init(days: days, zone: zone)
    }

    /// Local days, both included; nil when the zone is not known.
    package init?(days: ClosedRange<CivilDate>, zone: String) {
        func utc(_ date: CivilDate) -> Timestamp { Timestamp(milliseconds: Int64(date.dayNumber) * 86_400_000) }
        guard let clock = ZoneClock(zone: zone, from: utc(days.lowerBound), to: utc(days.upperBound)) else {
            return nil
        }
        let to = clock.start(of: days.upperBound.adding(days: 1))
        self.init(from: clock.start(of: days.lowerBound), to: to, days: days)
    }

    private init(from: Timestamp, to: Timestamp, days: ClosedRange<CivilDate>?) {
        self.from = from
        self.to = to
        self.days = days
    }

    /// Its first and its last moment as a request says them: to the second, or, where an end is no whole second, both
    /// to the millisecond. Read back they are this range again, unless it is empty.
    func texts(_ clock: ZoneClock) -> (first: String, last: String) {
        let isWhole = from.milliseconds % 1_000 == 0 && to.milliseconds % 1_000 == 0
        let last = to.adding(milliseconds: isWhole ? -1_000 : -1)
        return (clock.text(from, withMilliseconds: !isWhole), clock.text(last, withMilliseconds: !isWhole))
    }

    /// The range it is compared with; nil when the zone is not known.
    package func compared(_ comparison: ReportComparison, zone: String, now: Timestamp, firstEventAt: Timestamp?)
        -> ResolvedRange?
    {
        switch comparison {
        case .custom(let range): return ResolvedRange(range, zone: zone, now: now, firstEventAt: firstEventAt)
        case .previousPeriod:
            if let days {
                let count = days.upperBound.dayNumber - days.lowerBound.dayNumber + 1
                return ResolvedRange(
                    days: days.lowerBound.adding(days: -count)...days.lowerBound.adding(days: -1), zone: zone)
            }
            return shifted(milliseconds: from.milliseconds - to.milliseconds)
        case .yearOverYear:
            if let days {
                let from = days.lowerBound.adding(months: -12)
                return ResolvedRange(days: from...max(from, days.upperBound.adding(months: -12)), zone: zone)
            }
            let date = CivilDate(dayNumber: Int(from.utcDay))
            let count = date.dayNumber - date.adding(months: -12).dayNumber
            return shifted(milliseconds: -Int64(count) * 86_400_000)
        }
    }

    private func shifted(milliseconds: Int64) -> ResolvedRange {
        var range = self
        range.from = from.adding(milliseconds: milliseconds)
        range.to = to.adding(milliseconds: milliseconds)
        return range
    }
}
