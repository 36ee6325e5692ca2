internal import Adapters
package import Catalog
internal import Tagging

/// How a command reaches the containers of a data directory: through the server that has it, or on the files.
package struct ContainerAccess: Sendable {
    private let directory: String
    private let client: AdminClient

    /// For the data directory `directory`.
    package init(directory: String) {
        self.directory = directory
        client = AdminClient(directory: directory)
    }

    /// Performs `operation` in the server when one is running, else here. A server that started in between is told to
    /// read again.
    package func perform(_ operation: ContainerOperation) throws -> ContainerResult {
        do {
            return try client.call(ContainerOperation.requestName, operation, as: ContainerResult.self)
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
    /// Answers the commands about containers, and keeps `holder` at what `store` has.
    package func registerContainers(store: any CatalogStore & ContainerStore, holder: CatalogHolder) {
        register(ContainerOperation.requestName) { (operation: ContainerOperation) throws -> ContainerResult in
            let result = try operation.perform(on: store, by: Principal.console.name)
            if operation.changesSomething { holder.replace(with: try store.load()) }
            return result
        }
    }
}
