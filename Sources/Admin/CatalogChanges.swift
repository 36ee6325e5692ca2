package import Catalog
internal import Dispatch
internal import Tagging

/// Changes definitions off the event loops: one at a time, on a queue of its own, as the store blocks on the disk. A
/// change that worked is in the current snapshot before its caller knows.
package final class CatalogChanges: Sendable {
    private let store: any CatalogStore & ContainerStore
    private let holder: CatalogHolder
    private let queue = DispatchQueue(label: "highland.admin.catalog")

    package init(store: any CatalogStore & ContainerStore, holder: CatalogHolder) {
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

    /// Does something to containers and publishes what the store then has, also where it failed half way: a version
    /// that was made but not published is there.
    func changeContainers<Value: Sendable>(
        _ work: @escaping @Sendable (ContainerPublisher) throws(PublicationError) -> Value
    ) async throws -> Value {
        let (store, holder) = (store, holder)
        return try await withCheckedThrowingContinuation { continuation in
            queue.async {
                let result = Result { () throws(PublicationError) in try work(ContainerPublisher(store)) }
                if let snapshot = try? store.load() { holder.replace(with: snapshot) }
                continuation.resume(with: result)
            }
        }
    }

    /// Reads drafts, versions and links, or compiles to see what comes of it.
    func readContainers<Value: Sendable>(
        _ work:
            @escaping @Sendable (
                ContainerPublisher, any CatalogStore & ContainerStore
            ) throws -> Value
    ) async throws -> Value {
        let store = store
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try work(ContainerPublisher(store), store) }) }
        }
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
