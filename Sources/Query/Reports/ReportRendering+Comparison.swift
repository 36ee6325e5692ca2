internal import Columns

// Beside each group the same group of the range that is compared with.
//
// Groups are the same where their keys are: text for text, and buckets of time by their place in the range. The place
// of a day, week or month is its number in order. The place of an hour is its local time since the range's start, so
// that 14:00 stands beside 14:00 on the days too on which the clocks change. An hour that the other range skips has
// nothing to compare with: null, not 0. One that it goes through twice is one bucket of two hours there, as everywhere,
// and stands beside that as a whole.
extension ReportRendering {
    /// The range that is compared with.
    struct Other {
        let answer: ReportRunner.Answer
        let metrics: [[PlanResult.Key]: [ReportValue]]
        /// By dimension and bucket of this range, its bucket of the other one; nil where places are numbers in order.
        let buckets: [[Int?]?]
    }

    /// Made once a table. O(groups and buckets).
    func other(_ earlier: ReportRunner.Answer) -> Other {
        let metrics = Dictionary(entries(of: earlier).map { ($0.keys, $0.metrics) }) { first, _ in first }
        let buckets = zip(answer.buckets, earlier.buckets).map { these, those -> [Int?]? in
            guard let hours = these?.localHours, let others = those?.localHours else { return nil }
            let start = ReportRendering.start(answer.range, hours)
            let otherStart = ReportRendering.start(earlier.range, others)
            let places = Dictionary(others.enumerated().map { index, hour in (hour - otherStart, index) }) { first, _ in
                first
            }
            return hours.map { places[$0 - start] }
        }
        return Other(answer: earlier, metrics: metrics, buckets: buckets)
    }

    /// The local hour that a range starts in, be it one that the clock skips.
    private static func start(_ range: ResolvedRange, _ hours: [Int]) -> Int {
        range.days.map { $0.lowerBound.dayNumber * 24 } ?? hours.first ?? 0
    }

    /// What a group is compared with, and by how much it differs.
    func comparison(of entry: Entry, _ other: Other) -> ReportTable.Comparison {
        var keys = entry.keys
        var isThere = true
        for (place, key) in keys.enumerated() {
            guard case .bucket(let index) = key, let buckets = other.buckets[place] else { continue }
            if index < buckets.count, let bucket = buckets[index] {
                keys[place] = .bucket(bucket)
            } else {
                keys[place] = PlanResult.Key.none
                isThere = false
            }
        }
        let dimensions = texts(keys, other.answer)
        guard isThere else {
            let nothing = [ReportValue](repeating: ReportValue.none, count: query.metrics.count)
            return ReportTable.Comparison(dimensions: dimensions, metrics: nothing, change: nothing)
        }
        let total = other.answer.result.total
        let metrics = other.metrics[keys] ?? query.metrics.map { value($0, Measures(), total) }
        let change = zip(query.metrics, zip(entry.metrics, metrics)).map { metric, values in
            let isRate = metric == .bounceRate || metric == .bounceRateEngaged || metric == .percentage
            return values.0.change(since: values.1, isRate: isRate)
        }
        return ReportTable.Comparison(dimensions: dimensions, metrics: metrics, change: change)
    }
}
