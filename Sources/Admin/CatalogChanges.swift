package import Catalog
internal import Dispatch

/// Changes definitions off the event loops: one at a time, on a queue of its own, as the store blocks on the disk. A
/// change that worked is in the current snapshot before its caller knows.
package final class CatalogChanges: Sendable {
    private let store: any CatalogStore
    private let holder: CatalogHolder
    private let queue = DispatchQueue(label: "highland.admin.catalog")

    package init(store: any CatalogStore, holder: CatalogHolder) {
        self.store = store
        self.holder = holder
    }

    /// Performs a change and publishes what the store then has.
    func change<Value: Sendable>(
        _ work: @escaping @Sendable (any CatalogStore) throws(CatalogError) -> Value
    ) async throws -> Value {
        let holder = holder
        return try await perform { store throws(CatalogError) in
            let value = try work(store)
            holder.replace(with: try store.load())
            return value
        }
    }

    /// Reads what the snapshot does not have.
    func read<Value: Sendable>(
        _ work: @escaping @Sendable (any CatalogStore) throws(CatalogError) -> Value
    ) async throws -> Value {
        try await perform(work)
    }

    private func perform<Value: Sendable>(
        _ work: @escaping @Sendable (any CatalogStore) throws(CatalogError) -> Value
    ) async throws -> Value {
        let store = store
        return try await withCheckedThrowingContinuation { continuation in
            queue.async {
                do throws(CatalogError) {
                    continuation.resume(returning: try work(store))
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
    }
}
