import Columns
import ColumnsModel
import Events
import Foundation
import Reports
import Testing

private func moment(_ text: String) throws -> Timestamp {
    let formatter = ISO8601DateFormatter()
    let date = try #require(formatter.date(from: text))
    return Timestamp(milliseconds: Int64(date.timeIntervalSince1970) * 1_000)
}

/// Local labels by Foundation's calendar, one moment at a time.
private struct CalendarLabels {
    private var calendar = Calendar(identifier: .gregorian)

    init(zone: String) throws { calendar.timeZone = try #require(TimeZone(identifier: zone)) }

    func label(_ unit: TimeUnit, _ time: Timestamp) -> String {
        let date = Date(timeIntervalSince1970: Double(time.milliseconds) / 1_000)
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .weekday], from: date)
        let day = String(format: "%04d-%02d-%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
        switch unit {
        case .hour: return String(format: "%@ %02d:00:00", day, parts.hour ?? 0)
        case .day: return day
        case .month: return String(day.dropLast(2)) + "01"
        case .week:
            guard let civil = CivilDate(day) else { return "" }
            return civil.adding(days: -(((parts.weekday ?? 2) + 5) % 7)).description
        }
    }
}

@Suite struct ZoneClockTests {
    /// Zones with changes of an hour, half an hour and a whole day, at midnight too, and with :30 and :45 offsets.
    static let spans: [(zone: String, from: String, to: String)] = [
        ("Europe/Berlin", "2024-03-29T23:00:00Z", "2024-04-02T22:00:00Z"),
        ("Europe/Berlin", "2024-10-25T22:00:00Z", "2024-10-28T23:00:00Z"),
        ("Asia/Kolkata", "2024-05-01T18:30:00Z", "2024-05-03T18:30:00Z"),
        ("Asia/Kathmandu", "2024-05-01T18:15:00Z", "2024-05-03T18:15:00Z"),
        ("Australia/Lord_Howe", "2024-04-05T13:00:00Z", "2024-04-08T13:30:00Z"),
        ("Australia/Lord_Howe", "2024-10-04T13:30:00Z", "2024-10-07T13:00:00Z"),
        ("Pacific/Apia", "2011-12-28T10:00:00Z", "2012-01-01T10:00:00Z"),
        ("America/Sao_Paulo", "2018-11-02T03:00:00Z", "2018-11-06T02:00:00Z"),
        ("America/Sao_Paulo", "2018-02-16T02:00:00Z", "2018-02-20T03:00:00Z"),
        ("Antarctica/Troll", "2024-03-30T00:00:00Z", "2024-04-01T00:00:00Z"),
        ("Antarctica/Troll", "2024-10-26T00:00:00Z", "2024-10-28T00:00:00Z"),
        ("Pacific/Chatham", "2024-09-27T11:15:00Z", "2024-10-01T11:15:00Z"),
        ("America/Havana", "2024-03-09T05:00:00Z", "2024-03-12T04:00:00Z"),
    ]

    @Test(arguments: spans, TimeUnit.allCases)
    func bucketsAreTheCalendars(_ span: (zone: String, from: String, to: String), unit: TimeUnit) throws {
        let (from, to) = (try moment(span.from), try moment(span.to))
        let clock = try #require(ZoneClock(zone: span.zone, from: from, to: to))
        let buckets = try #require(clock.buckets(unit, from: from, to: to))
        let calendar = try CalendarLabels(zone: span.zone)
        var wrong: [String] = []
        var time = from
        while time < to {
            for moment in [time, time.adding(milliseconds: 299_999)] {
                let bucket = buckets.bucket(of: moment)
                let label = bucket.map { buckets.labels[$0] }
                if label != calendar.label(unit, moment) { wrong.append("\(moment): \(label ?? "none")") }
            }
            time = time.adding(milliseconds: 300_000)
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(3))")
        #expect(Set(buckets.labels).count == buckets.labels.count)
        #expect(buckets.bucket(of: from.adding(milliseconds: -1)) == nil)
    }

    @Test func daysStartWhereTheClockLetsThem() throws {
        let cases = [
            ("Europe/Berlin", "2024-03-31", "2024-03-30T23:00:00Z"),
            ("Europe/Berlin", "2024-04-01", "2024-03-31T22:00:00Z"),
            ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"),
            ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"),
            ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"),
            ("America/Havana", "2024-03-10", "2024-03-10T05:00:00Z"),
            ("America/Havana", "2024-11-03", "2024-11-03T04:00:00Z"),
            ("America/Sao_Paulo", "2018-02-18", "2018-02-18T03:00:00Z"),
            ("America/St_Johns", "2010-11-06", "2010-11-06T02:30:00Z"),
            ("America/St_Johns", "2010-11-07", "2010-11-07T03:30:00Z"),
            ("America/St_Johns", "2010-11-08", "2010-11-08T03:30:00Z"),
        ]
        for (zone, day, expected) in cases {
            let date = try #require(CivilDate(day))
            let around = Timestamp(milliseconds: Int64(date.dayNumber) * 86_400_000)
            let clock = try #require(ZoneClock(zone: zone, from: around, to: around))
            #expect(try clock.start(of: date) == moment(expected), "\(zone) \(day)")
        }
        #expect(ZoneClock(zone: "Mars/Olympus", from: .init(milliseconds: 0), to: .init(milliseconds: 0)) == nil)
    }

    @Test func aRangeOfDaysHasTheirBucketsWhereTheClockIsTurnedBackPastMidnight() throws {
        for (first, last, labels) in [
            ("2010-11-07", "2010-11-07", ["2010-11-07"]), ("2010-11-07", "2010-11-08", ["2010-11-07", "2010-11-08"]),
            ("2010-11-05", "2010-11-07", ["2010-11-05", "2010-11-06", "2010-11-07"]),
        ] {
            let (from, to) = (try #require(CivilDate(first)), try #require(CivilDate(last)))
            let range = try #require(ResolvedRange(days: from...to, zone: "America/St_Johns"))
            let clock = try #require(ZoneClock(zone: "America/St_Johns", from: range.from, to: range.to))
            let buckets = try #require(clock.buckets(.day, from: range.from, to: range.to))
            #expect(buckets.labels == labels)
        }
    }

    @Test func civilDatesAgreeWithTheCalendar() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        for number in stride(from: -800, to: 84_000, by: 13) {
            let date = CivilDate(dayNumber: number)
            let parts = calendar.dateComponents(
                [.year, .month, .day], from: Date(timeIntervalSince1970: Double(number) * 86_400))
            #expect(date.parts == (parts.year ?? 0, parts.month ?? 0, parts.day ?? 0))
            if number >= 0, date.parts.year < 2200 { #expect(CivilDate(date.description) == date) }
        }
        #expect(CivilDate("2024-02-29")?.adding(months: -12).description == "2023-02-28")
        #expect(CivilDate("2024-01-31")?.adding(months: 1).description == "2024-02-29")
        #expect(CivilDate("2024-01-15")?.adding(months: -13).description == "2022-12-15")
        for text in [
            "2023-02-29", "2024-13-01", "2024-1-01", "1969-12-31", "2200-01-01", "2024-00-10", "2024-01-00", "",
        ] {
            #expect(CivilDate(text) == nil)
        }
    }

    @Test(arguments: [
        ("day", "2024-03-31T00:00:00+01:00", "2024-04-01T00:00:00+02:00"),
        ("7d", "2024-03-25T00:00:00+01:00", "2024-04-01T00:00:00+02:00"),
        ("30d", "2024-03-02T00:00:00+01:00", "2024-04-01T00:00:00+02:00"),
        ("month", "2024-03-01T00:00:00+01:00", "2024-04-01T00:00:00+02:00"),
        ("6mo", "2023-10-01T00:00:00+02:00", "2024-04-01T00:00:00+02:00"),
        ("12mo", "2023-04-01T00:00:00+02:00", "2024-04-01T00:00:00+02:00"),
        ("year", "2024-01-01T00:00:00+01:00", "2024-04-01T00:00:00+02:00"),
        ("all", "2022-06-05T00:00:00+02:00", "2024-04-01T00:00:00+02:00"),
    ])
    func namedRangesAreLocalDays(_ name: String, from: String, to: String) throws {
        let now = try moment("2024-03-31T20:30:00Z")
        let first = try moment("2022-06-05T09:00:00Z")
        let range = try #require(ReportRange.named[name])
        let resolved = try #require(ResolvedRange(range, zone: "Europe/Berlin", now: now, firstEventAt: first))
        #expect(try resolved.from == moment(from))
        #expect(try resolved.to == moment(to))
    }

    @Test func comparedRangesKeepLocalDays() throws {
        let now = try moment("2024-03-31T20:30:00Z")
        let days = try ReportRange("2024-02-29", "2024-03-31", field: "date_range")
        let range = try #require(ResolvedRange(days, zone: "Europe/Berlin", now: now, firstEventAt: nil))
        let before = try #require(range.compared(.previousPeriod, zone: "Europe/Berlin", now: now, firstEventAt: nil))
        #expect(try before.from == moment("2024-01-28T00:00:00+01:00"))
        #expect(before.to == range.from)
        let year = try #require(range.compared(.yearOverYear, zone: "Europe/Berlin", now: now, firstEventAt: nil))
        #expect(try year.from == moment("2023-02-28T00:00:00+01:00"))
        #expect(try year.to == moment("2023-04-01T00:00:00+02:00"))
        let moments = try ReportRange("2024-01-01T12:00:00+02:00", "2024-01-01T15:59:59+02:00", field: "date_range")
        let exact = try #require(ResolvedRange(moments, zone: "Europe/Berlin", now: now, firstEventAt: nil))
        #expect(try exact.from == moment("2024-01-01T10:00:00Z"))
        #expect(try exact.to == moment("2024-01-01T14:00:00Z"))
        let earlier = try #require(exact.compared(.previousPeriod, zone: "Europe/Berlin", now: now, firstEventAt: nil))
        #expect(earlier.to == exact.from)
        #expect(try earlier.from == moment("2024-01-01T06:00:00Z"))
    }
}
