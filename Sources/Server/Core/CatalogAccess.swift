internal import Adapters
package import Catalog

/// What a command does with the catalog's store, as a value that travels over the admin socket or is performed on the
/// files, with the same result.
protocol StoreOperation: Codable, Sendable {
    associatedtype Outcome: Codable, Sendable
    /// The name of the request on the admin socket.
    static var requestName: String { get }
    /// True for what makes a new generation.
    var changesSomething: Bool { get }
    /// Does it on `store`. Blocks on the disk.
    func perform(on store: any CatalogStore & ContainerStore, by actor: String) throws -> Outcome
}

extension CatalogOperation: StoreOperation {}
extension ContainerOperation: StoreOperation {}

/// How a command reaches the definitions of a data directory: through the server that has it, or on the files.
package struct CatalogAccess: Sendable {
    private let directory: String
    private let client: AdminClient

    /// For the data directory `directory`.
    package init(directory: String) {
        self.directory = directory
        client = AdminClient(directory: directory)
    }

    package func perform(_ operation: CatalogOperation) throws -> CatalogResult { try carryOut(operation) }
    package func perform(_ operation: ContainerOperation) throws -> ContainerResult { try carryOut(operation) }

    /// Performs `operation` in the server when one is running, else here. A server that started in between is told to
    /// read again.
    private func carryOut<Operation: StoreOperation>(_ operation: Operation) throws -> Operation.Outcome {
        do {
            return try client.call(Operation.requestName, operation, as: Operation.Outcome.self)
        } catch AdminError.notRunning {
            try Directories.prepare(directory, rootMayUseOthers: true)
            let store = try CatalogStoreSQLite(directory: directory)
            let result = try operation.perform(on: store, by: Principal.console.name)
            if operation.changesSomething {
                _ = try? client.call(AdminServer.catalogChangedName, AdminNothing(), as: AdminNothing.self)
            }
            return result
        }
    }
}

extension AdminServer {
    package static let catalogChangedName = "catalog.changed"

    /// Answers the commands about definitions and containers, and keeps `holder` at what `store` has.
    package func registerCatalog(store: any CatalogStore & ContainerStore, holder: CatalogHolder) {
        register(CatalogOperation.self, store: store, holder: holder)
        register(ContainerOperation.self, store: store, holder: holder)
        register(AdminServer.catalogChangedName) { (_: AdminNothing) throws -> AdminNothing in
            holder.replace(with: try store.load())
            return AdminNothing()
        }
    }

    private func register<Operation: StoreOperation>(
        _ type: Operation.Type, store: any CatalogStore & ContainerStore, holder: CatalogHolder
    ) {
        register(Operation.requestName) { (operation: Operation) throws -> Operation.Outcome in
            let result = try operation.perform(on: store, by: Principal.console.name)
            if operation.changesSomething { holder.replace(with: try store.load()) }
            return result
        }
    }
}
