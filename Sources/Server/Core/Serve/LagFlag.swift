internal import Synchronization

/// Raised while the projections are beyond their lag bound; looked at for every append, set a few times a second.
final class LagFlag: Sendable {
    private let raised = Atomic<Bool>(false)
    var isRaised: Bool { raised.load(ordering: .relaxed) }
    func set(_ value: Bool) { raised.store(value, ordering: .relaxed) }
}
