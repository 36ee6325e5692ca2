/// One event loop's sums since the start. offered = accepted + the sum of all refusals.
package struct CollectCounters: Sendable {
    package var requests: UInt64 = 0
    package var offered: UInt64 = 0
    package var accepted: UInt64 = 0
    /// Part of `accepted`: the journal had them.
    package var duplicates: UInt64 = 0
    /// Part of `accepted`: kept but not counted.
    package var quarantined: UInt64 = 0
    package var timings = StepTimings()
    private var refusals = [UInt64](repeating: 0, count: Rejection.allCases.count)

    package init() {}

    package func refused(_ reason: Rejection) -> UInt64 { refusals[Rejection.slot(of: reason)] }

    package var refused: UInt64 { refusals.reduce(0, &+) }

    mutating func refuse(_ reason: Rejection, count: Int) {
        refusals[Rejection.slot(of: reason)] &+= UInt64(clamping: count)
    }
}

extension Rejection {
    private static let slots = Dictionary(
        allCases.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })

    /// The reason's place in `allCases`. Used for refused events only.
    static func slot(of reason: Rejection) -> Int { slots[reason] ?? 0 }
}
