internal import Synchronization

/// The current snapshot, for all threads. One writer replaces it; each event loop reads it through its own
/// `CatalogReader`, which costs one atomic load where nothing has changed.
package final class CatalogHolder: Sendable {
    private let state: Mutex<State>
    private let version = Atomic<UInt64>(1)

    private struct State {
        var snapshot: CatalogSnapshot
        var observers: [@Sendable (CatalogSnapshot) -> Void] = []
    }

    package init(_ snapshot: CatalogSnapshot) { state = Mutex(State(snapshot: snapshot)) }

    /// The snapshot of now. Takes a lock for a few instructions.
    package var current: CatalogSnapshot { state.withLock { $0.snapshot } }

    /// Makes `snapshot` the current one unless a newer is already there, then tells the observers on this thread,
    /// outside the lock.
    package func replace(with snapshot: CatalogSnapshot) {
        let observers = state.withLock { state -> [@Sendable (CatalogSnapshot) -> Void] in
            guard snapshot.generation >= state.snapshot.generation else { return [] }
            state.snapshot = snapshot
            version.add(1, ordering: .releasing)
            return state.observers
        }
        for observer in observers { observer(snapshot) }
    }

    /// Has `observer` called after every replacement, for the life of the holder: one for each part of the program.
    package func onChange(_ observer: @escaping @Sendable (CatalogSnapshot) -> Void) {
        state.withLock { $0.observers.append(observer) }
    }

    /// A reader for one thread.
    package func makeReader() -> CatalogReader { CatalogReader(self) }

    fileprivate func read() -> (CatalogSnapshot, UInt64) {
        state.withLock { ($0.snapshot, version.load(ordering: .acquiring)) }
    }

    fileprivate var currentVersion: UInt64 { version.load(ordering: .acquiring) }
}

/// One thread's view of a holder.
package struct CatalogReader: Sendable {
    private let holder: CatalogHolder
    private var snapshot: CatalogSnapshot
    private var version: UInt64

    fileprivate init(_ holder: CatalogHolder) {
        self.holder = holder
        (snapshot, version) = holder.read()
    }

    /// The current snapshot: one atomic load, and the lock only after a change.
    package mutating func current() -> CatalogSnapshot {
        if holder.currentVersion != version { (snapshot, version) = holder.read() }
        return snapshot
    }
}
