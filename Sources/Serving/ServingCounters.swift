internal import Synchronization

/// What one loop has done: written by its loop alone, read by any thread. A count costs a plain load and store.
final class LoopCounters: Sendable {
    /// The plain counts, in the order of `ServingCounts`.
    enum Count: Int, CaseIterable {
        case connectionsOpened, connectionsClosed, requests, answers, bytesRead, bytesWritten, answersDropped
    }

    private let counts = InlineArray<7, Atomic<UInt64>> { _ in Atomic(0) }
    private let refusals = InlineArray<48, Atomic<UInt64>> { _ in Atomic(0) }

    /// Adds to a count; on the owning loop only, since the sum is not one atomic step.
    @inline(__always)
    func add(_ count: Count, _ amount: Int = 1) {
        let value = counts[count.rawValue].load(ordering: .relaxed)
        counts[count.rawValue].store(value &+ UInt64(clamping: amount), ordering: .relaxed)
    }

    func add(_ refusal: Refusal) {
        let value = refusals[refusal.index].load(ordering: .relaxed)
        refusals[refusal.index].store(value &+ 1, ordering: .relaxed)
    }

    func value(_ count: Count) -> UInt64 { counts[count.rawValue].load(ordering: .relaxed) }
    func value(_ refusal: Refusal) -> UInt64 { refusals[refusal.index].load(ordering: .relaxed) }
}

/// The counts of all loops together, for metrics. Each number is exact; together they are not one instant.
package struct ServingCounts: Equatable, Sendable {
    package private(set) var connectionsOpened: UInt64 = 0
    package private(set) var connectionsClosed: UInt64 = 0
    /// Whole requests handed to the responder.
    package private(set) var requests: UInt64 = 0
    /// Answers written, refusals among them.
    package private(set) var answers: UInt64 = 0
    package private(set) var bytesRead: UInt64 = 0
    package private(set) var bytesWritten: UInt64 = 0
    /// Answers given after their connection had gone or had been answered otherwise.
    package private(set) var answersDropped: UInt64 = 0
    private var refusals = [UInt64](repeating: 0, count: Refusal.all.count)

    init(_ loops: [LoopCounters]) {
        for loop in loops {
            connectionsOpened &+= loop.value(.connectionsOpened)
            connectionsClosed &+= loop.value(.connectionsClosed)
            requests &+= loop.value(.requests)
            answers &+= loop.value(.answers)
            bytesRead &+= loop.value(.bytesRead)
            bytesWritten &+= loop.value(.bytesWritten)
            answersDropped &+= loop.value(.answersDropped)
            for refusal in Refusal.all { refusals[refusal.index] &+= loop.value(refusal) }
        }
    }

    /// How often Serving itself refused for this reason.
    package func count(_ refusal: Refusal) -> UInt64 { refusals[refusal.index] }

    package var connectionsOpen: UInt64 { connectionsOpened &- connectionsClosed }
}
