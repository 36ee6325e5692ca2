internal import Events

/// Time spent in each step, over the sampled requests only: `lap` reads the clock when the request is a sample and is a
/// branch otherwise. One request in `period` is sampled, the first one included.
package struct StepTimings: Sendable {
    /// One request in this many is timed.
    package static let period: UInt64 = 64

    /// One step's sum: nanoseconds over `samples` runs.
    package struct Sum: Hashable, Sendable {
        package var nanoseconds: UInt64 = 0
        package var samples: UInt64 = 0
        package init() {}
    }

    package private(set) var isSampling = false
    private var requests: UInt64 = 0
    private var last = MonotonicInstant(nanoseconds: 0)
    private var sums = [Sum](repeating: Sum(), count: CollectStepName.allCases.count)

    package init() {}

    /// Begins a request; decides whether it is a sample.
    package mutating func begin() {
        isSampling = requests % StepTimings.period == 0
        requests &+= 1
        if isSampling { last = SystemTimeSource().monotonic() }
    }

    /// The time since `begin` or the lap before went to `step`.
    @inline(__always)
    package mutating func lap(_ step: CollectStepName) {
        if isSampling { record(step) }
    }

    package subscript(_ step: CollectStepName) -> Sum { sums[step.ordinal] }

    private mutating func record(_ step: CollectStepName) {
        let now = SystemTimeSource().monotonic()
        sums[step.ordinal].nanoseconds &+= now.nanoseconds(since: last)
        sums[step.ordinal].samples &+= 1
        last = now
    }
}

extension CollectStepName {
    /// The step's place in the order they run, from 0.
    package var ordinal: Int {
        switch self {
        case .parse: 0
        case .site: 1
        case .origin: 2
        case .limits: 3
        case .time: 4
        case .minimise: 5
        case .ownTraffic: 6
        case .geo: 7
        case .bot: 8
        case .consent: 9
        case .identifier: 10
        case .encode: 11
        case .journal: 12
        }
    }
}
