internal import Events
internal import Reports

/// Moments as forms have them: `2026-12-01 08:00`, in UTC.
enum MomentForm {
    static func text(_ milliseconds: Int64?) -> String {
        guard let milliseconds else { return "" }
        let text = MomentText.rfc3339(Timestamp(milliseconds: milliseconds))
        let isWholeMinute = milliseconds % 60_000 == 0
        return text.prefix(isWholeMinute ? 16 : 23).split(separator: "T").joined(separator: " ")
    }

    /// Nil for what is no moment from 1970 to 2199. A day alone begins at midnight.
    static func milliseconds(_ text: String) -> Int64? {
        let parts = text.split(whereSeparator: { $0 == " " || $0 == "T" })
        guard (1...2).contains(parts.count), let day = day(parts[0]) else { return nil }
        guard parts.count == 2 else { return day &* 86_400_000 }
        let clock = parts[1].split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(clock.count), let hour = number(clock[0], 0...23), let minute = number(clock[1], 0...59)
        else { return nil }
        var rest: Int64 = 0
        if clock.count == 3 {
            let seconds = clock[2].split(separator: ".", omittingEmptySubsequences: false)
            guard seconds.count <= 2, let second = number(seconds[0], 0...59) else { return nil }
            rest = second &* 1_000
            if seconds.count == 2 {
                guard seconds[1].utf8.count == 3, let part = number(seconds[1], 0...999, digits: 3) else { return nil }
                rest &+= part
            }
        }
        return day &* 86_400_000 &+ hour &* 3_600_000 &+ minute &* 60_000 &+ rest
    }

    private static func day(_ text: Substring) -> Int64? { CivilDate(text).map { Int64($0.dayNumber) } }

    private static func number(_ text: Substring, _ range: ClosedRange<Int64>, digits: Int = 2) -> Int64? {
        guard (1...digits).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }),
            let number = Int64(text), range.contains(number)
        else { return nil }
        return number
    }
}
