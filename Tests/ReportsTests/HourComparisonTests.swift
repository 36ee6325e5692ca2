import Events
import Reports
import Testing

/// Hours beside the hours of the day before, around the days on which the clocks change.
@Suite struct HourComparisonTests {
    private func members(_ day: String, _ dimension: String = "time:hour") -> String {
        #""metrics": ["events"], "date_range": ["\#(day)", "\#(day)"], "dimensions": ["\#(dimension)"], "#
            + #""include": {"comparisons": {"mode": "previous_period"}}"#
    }

    /// What a row is compared with: hour, events and change as texts.
    private func compared(_ row: ReportTable.Row) throws -> [String?] {
        let comparison = try #require(row.comparison)
        return [comparison.dimensions[0], comparison.metrics[0].text, comparison.change[0].text]
    }

    @Test func anHourThatTheDayBeforeSkipsIsComparedWithNothing() throws {
        let times = try SmallReports.everyHour(from: "2026-03-29T00:00:00+01:00", to: "2026-03-31T00:00:00+02:00")
        let reports = try SmallReports(zone: "Europe/Zurich", at: times)
        defer { reports.remove() }
        let table = try reports.run(members("2026-03-30"))
        #expect(table.rows.count == 24)
        for row in table.rows {
            let hour = String(try #require(row.dimensions[0]).dropFirst(10))
            let expected: [String?] = hour == " 02:00:00" ? [nil, nil, nil] : ["2026-03-29" + hour, "1", "0"]
            #expect(try compared(row) == expected, "\(hour)")
        }
    }

    @Test func aDayOfTwentyThreeHoursIsComparedByTheClock() throws {
        let times = try SmallReports.everyHour(from: "2026-03-28T00:00:00+01:00", to: "2026-03-30T00:00:00+02:00")
        let reports = try SmallReports(zone: "Europe/Zurich", at: times)
        defer { reports.remove() }
        let table = try reports.run(members("2026-03-29"))
        #expect(table.rows.count == 23)
        for row in table.rows {
            let hour = String(try #require(row.dimensions[0]).dropFirst(10))
            #expect(try compared(row) == ["2026-03-28" + hour, "1", "0"])
        }
    }

    @Test func anHourThatComesTwiceIsOneOfTwoHours() throws {
        let times = try SmallReports.everyHour(from: "2026-10-24T00:00:00+02:00", to: "2026-10-27T00:00:00+01:00")
        let reports = try SmallReports(zone: "Europe/Zurich", at: times)
        defer { reports.remove() }
        for (day, before, change) in [("2026-10-25", "1", "100"), ("2026-10-26", "2", "-50")] {
            let table = try reports.run(members(day))
            #expect(table.rows.count == 24)
            for row in table.rows {
                let isTwice = row.dimensions[0] == day + " 02:00:00"
                let seen = try compared(row)
                #expect(seen[0]?.dropFirst(10) == row.dimensions[0]?.dropFirst(10))
                let expected: [String?] = isTwice ? [before, change] : ["1", "0"]
                #expect(Array(seen[1...]) == expected, "\(row)")
            }
        }
    }

    @Test func anHourWithoutEventsIsStillZero() throws {
        let times = try SmallReports.everyHour(from: "2026-03-30T00:00:00+02:00", to: "2026-03-31T00:00:00+02:00")
        let reports = try SmallReports(zone: "Europe/Zurich", at: times)
        defer { reports.remove() }
        let table = try reports.run(members("2026-03-30"))
        let seen = try table.rows.map(compared)
        #expect(seen[1] == ["2026-03-29 01:00:00", "0", "100"])
        #expect(seen[2] == [nil, nil, nil])
        #expect(seen[23] == ["2026-03-29 23:00:00", "0", "100"])
    }

    @Test func hoursOfAStretchOfTimeAreCountedByTheClockFromItsStart() throws {
        let times = try SmallReports.everyHour(from: "2026-03-28T12:00:00+01:00", to: "2026-03-30T12:00:00+02:00")
        let reports = try SmallReports(zone: "Europe/Zurich", at: times)
        defer { reports.remove() }
        let range = #"["2026-03-29T12:00:00+02:00", "2026-03-30T11:59:59+02:00"]"#
        let other = #"["2026-03-28T12:00:00+01:00", "2026-03-29T11:59:59+02:00"]"#
        let table = try reports.run(
            #""metrics": ["events"], "date_range": \#(range), "dimensions": ["time:hour"], "#
                + #""include": {"comparisons": {"mode": "custom", "date_range": \#(other)}}"#)
        #expect(table.rows.count == 24)
        for row in table.rows {
            let hour = try #require(row.dimensions[0])
            let day = hour.hasPrefix("2026-03-29") ? "2026-03-28" : "2026-03-29"
            let sameHour = day + String(hour.dropFirst(10))
            let expected: [String?] = hour.hasSuffix("30 02:00:00") ? [nil, nil, nil] : [sameHour, "1", "0"]
            #expect(try compared(row) == expected, "\(hour)")
        }
    }

    @Test func daysAreComparedInTheirOrder() throws {
        let times = try SmallReports.everyHour(from: "2026-03-29T00:00:00+01:00", to: "2026-03-31T00:00:00+02:00")
        let reports = try SmallReports(zone: "Europe/Zurich", at: times)
        defer { reports.remove() }
        let table = try reports.run(members("2026-03-30", "time:day"))
        #expect(try table.rows.map(compared) == [["2026-03-29", "23", "4"]])
    }
}
