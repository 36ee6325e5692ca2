package import Columns
package import Events

/// What every column store must do: each case gives the differences from the plain model, none when it holds.
/// `open` gives an empty store, `reopen` one that has restored a checkpoint and nothing else.
package struct ColumnStoreContract {
    package typealias Opener = () throws -> any ColumnStore

    package struct Case: Sendable, CustomStringConvertible {
        package let name: String
        package let run: @Sendable (_ seed: UInt64, _ open: Opener, _ directories: () -> String) throws -> [String]
        package var description: String { name }
    }

    package static let cases: [Case] = [
        Case(name: "answersAreTheModelsAtEveryMoment") { seed, open, _ in
            try walk(seed, steps: 120, store: open()) { _, _, _ in }
        },
        Case(name: "restartEqualsNoRestart") { seed, open, directories in
            try walk(seed, steps: 120, store: open()) { index, store, _ in
                guard index % 17 == 16 else { return }
                let directory = directories()
                try store.checkpoint(into: directory)
                let next = try open()
                try next.restore(from: directory)
                store = next
            }
        },
        Case(name: "erasedAnchorsAreGone") { seed, open, _ in
            try walk(seed, steps: 90, store: open()) { index, store, model in
                guard index == 70 else { return }
                let anchors: [AnchorNumber] = [1, 2, 3, 7, 1_003]
                try store.erase(anchors: anchors)
                model.erase(Set(anchors))
            }
        },
        Case(name: "droppedTimesAreGone") { seed, open, _ in
            try walk(seed, steps: 120, store: open()) { index, store, model in
                guard index == 119 else { return }
                let before = start.adding(milliseconds: 20 * 3_600_000)
                try store.drop(site: sites[0], before: before)
                model.drop(site: sites[0], before: before)
            }
        },
    ]

    package static let sites = [SiteID(3), SiteID(7)]
    /// 22:00 UTC, so that visits cross midnight early on.
    package static let start = Timestamp(milliseconds: 1_711_749_600_000)

    private static func walk(
        _ seed: UInt64, steps: Int, store first: any ColumnStore,
        _ between: (Int, inout any ColumnStore, inout RowModel) throws -> Void
    ) throws -> [String] {
        let history = History(seed: seed, steps: steps, sites: sites, start: start)
        var translation = Translation(history)
        var model = RowModel(history)
        var store = first
        let end = start.adding(milliseconds: Int64(steps) * 20 * 60_000)
        var plans = RandomPlans(seed: seed &+ 1, start: start, end: end)
        var differences: [String] = []
        var asked = 0
        var answered = 0
        for (index, step) in history.steps.enumerated() {
            let rows = translation.translated(step, store)
            try store.append(rows.events)
            try store.amend(rows.amendments)
            model.apply(step)
            try between(index, &store, &model)
            guard index % 10 == 9 || index == steps - 1 else { continue }
            for _ in 0..<(index == steps - 1 ? 40 : 6) {
                let plan = plans.next(site: sites[index % 2])
                let result = try store.run(plan)
                asked += 1
                answered += result.total.events > 0 ? 1 : 0
                differences += compare(result, model.run(plan)).map { "step \(index): \($0) for \(plan)" }
            }
            for site in sites {
                let first = model.events.values.filter { $0.site == site }.map(\.occurredAt).min()
                if let found = store.firstEventAt(site: site), let first, found > first {
                    differences.append("step \(index): first event of \(site) at \(found), expected \(first)")
                }
            }
        }
        if answered * 4 < asked { differences.append("only \(answered) of \(asked) questions met any event") }
        return differences
    }

    /// How a store's answer differs from the model's.
    package static func compare(
        _ result: PlanResult,
        _ expected: (groups: [[PlanResult.Key]: Measures], total: Measures, unidentifiedVisits: Int)
    ) -> [String] {
        var differences: [String] = []
        let groups = Dictionary(result.groups.map { ($0.keys, $0.measures) }) { first, _ in first }
        if groups.count != result.groups.count { differences.append("a group twice") }
        for (key, measures) in expected.groups where groups[key] != measures {
            differences.append("\(key): \(groups[key].map { "\($0)" } ?? "missing"), expected \(measures)")
        }
        for key in groups.keys where expected.groups[key] == nil { differences.append("\(key): not expected") }
        if result.total != expected.total { differences.append("total \(result.total), expected \(expected.total)") }
        if result.unidentifiedVisits != UInt64(expected.unidentifiedVisits) {
            differences.append("unidentified \(result.unidentifiedVisits), expected \(expected.unidentifiedVisits)")
        }
        return differences
    }
}
