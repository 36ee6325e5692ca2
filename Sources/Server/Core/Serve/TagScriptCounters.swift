internal import Synchronization

/// What one loop has answered below `/tags/`: written by its loop alone, read by any thread. A count costs a plain load
/// and store.
final class TagScriptCounters: Sendable {
    private let served = InlineArray<3, Atomic<UInt64>> { _ in Atomic(0) }
    private let unchanged = InlineArray<3, Atomic<UInt64>> { _ in Atomic(0) }
    private let unknownCount = Atomic<UInt64>(0)
    private let byteCount = Atomic<UInt64>(0)

    /// A script went out whole; to a HEAD with 0 bytes.
    func addServed(_ caching: TagScript.Caching, bytes: Int) {
        Self.add(1, to: served[Self.place(caching)])
        Self.add(bytes, to: byteCount)
    }

    /// The client had it already.
    func addUnchanged(_ caching: TagScript.Caching) { Self.add(1, to: unchanged[Self.place(caching)]) }

    /// There is no script at that path.
    func addUnknown() { Self.add(1, to: unknownCount) }

    func served(_ caching: TagScript.Caching) -> UInt64 { served[Self.place(caching)].load(ordering: .relaxed) }
    func unchanged(_ caching: TagScript.Caching) -> UInt64 { unchanged[Self.place(caching)].load(ordering: .relaxed) }
    var unknown: UInt64 { unknownCount.load(ordering: .relaxed) }
    /// Of scripts as they were sent: without headers, packed where they were.
    var bytes: UInt64 { byteCount.load(ordering: .relaxed) }

    private static func place(_ caching: TagScript.Caching) -> Int {
        switch caching {
        case .live: 0
        case .immutable: 1
        case .preview: 2
        }
    }

    private static func add(_ amount: Int, to counter: borrowing Atomic<UInt64>) {
        counter.store(counter.load(ordering: .relaxed) &+ UInt64(clamping: amount), ordering: .relaxed)
    }
}
