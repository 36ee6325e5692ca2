internal import Adapters
package import Catalog

/// How a command reaches the definitions of a data directory: through the server that has it, or on the files.
package struct CatalogAccess: Sendable {
    private let directory: String
    private let client: AdminClient

    /// For the data directory `directory`.
    package init(directory: String) {
        self.directory = directory
        client = AdminClient(directory: directory)
    }

    /// Performs `operation` in the server when one is running, else here. A server that started in between is told to
    /// read again.
    package func perform(_ operation: CatalogOperation) throws -> CatalogResult {
        do {
            return try client.call(CatalogOperation.requestName, operation, as: CatalogResult.self)
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

    /// Answers the commands about definitions, and keeps `holder` at what `store` has.
    package func registerCatalog(store: any CatalogStore, holder: CatalogHolder) {
        register(CatalogOperation.requestName) { (operation: CatalogOperation) throws -> CatalogResult in
            let result = try operation.perform(on: store, by: Principal.console.name)
            if operation.changesSomething { holder.replace(with: try store.load()) }
            return result
        }
        register(AdminServer.catalogChangedName) { (_: AdminNothing) throws -> AdminNothing in
            holder.replace(with: try store.load())
            return AdminNothing()
        }
    }
}
