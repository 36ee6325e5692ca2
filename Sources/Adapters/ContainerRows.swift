internal import Catalog
internal import Events
internal import Foundation
internal import GRDB

/// How containers and rows become each other. Every function runs inside a transaction of its caller.
enum ContainerRows {
    // MARK: Reading

    /// All containers, or one, in the order of their numbers.
    static func containers(_ database: Database, only id: ContainerID? = nil) throws -> [Container] {
        let chosen = id.map { Int64($0.rawValue) }
        func rows(_ table: String, _ order: String, column: String = "containerID") throws -> [Int64: [Row]] {
            let sql = "SELECT * FROM \(table) WHERE ? IS NULL OR \(column) = ? ORDER BY \(order)"
            return Dictionary(grouping: try Row.fetchAll(database, sql: sql, arguments: [chosen, chosen])) {
                $0[column]
            }
        }
        let sites = try rows("containerSite", "siteID")
        let kills = try rows("containerKill", "at, kind, value")
        let environments = try rows("containerEnvironment", "name <> 'live', name")
        let requests = try rows("containerRequest", "environment")
        let columns =
            "id, containerID, name, base, revision, authors, savedBy, savedAt, previewRevision, previewStamp"
        let sql = "SELECT \(columns) FROM containerWorkspace WHERE ? IS NULL OR containerID = ? ORDER BY id"
        let workspaces = Dictionary(grouping: try Row.fetchAll(database, sql: sql, arguments: [chosen, chosen])) {
            $0["containerID"] as Int64
        }
        return try rows("container", "id", column: "id").sorted { $0.key < $1.key }.flatMap { id, rows in
            try rows.map { row in
                Container(
                    id: ContainerID(UInt32(clamping: id)), publicID: row["publicID"], name: row["name"],
                    sites: (sites[id] ?? []).map { SiteID(UInt32(clamping: $0["siteID"] as Int64)) },
                    needsApproval: row["needsApproval"], environments: (environments[id] ?? []).map(environment),
                    kills: try (kills[id] ?? []).map(kill), newestVersion: row["newestVersion"],
                    workspaces: (workspaces[id] ?? []).map(workspace), requests: (requests[id] ?? []).map(request),
                    revision: row["revision"])
            }
        }
    }

    static func container(_ id: ContainerID, in database: Database) throws -> Container {
        guard let container = try containers(database, only: id).first else {
            throw CatalogError.notFound(kind: "container", reference: "\(id.rawValue)")
        }
        return container
    }

    /// The sites where the container is used.
    static func sites(of container: Container, in database: Database) throws -> [Site] {
        try container.sites.map { try CatalogRows.site($0, in: database) }
    }

    private static func environment(_ row: Row) -> ContainerEnvironment {
        ContainerEnvironment(
            name: row["name"], version: row["version"], script: row["script"], integrity: row["integrity"],
            stamp: row["stamp"], actor: row["actor"], atMilliseconds: row["at"])
    }

    private static func kill(_ row: Row) throws -> ContainerKill {
        let value: String = row["value"]
        guard let target = ContainerKill.Target(kind: row["kind"], value: value) else {
            throw CatalogRows.Unreadable(table: "containerKill", id: value, column: "kind")
        }
        return ContainerKill(target: target, actor: row["actor"], atMilliseconds: row["at"])
    }

    private static func request(_ row: Row) -> PublicationRequest {
        PublicationRequest(
            environment: row["environment"], version: row["version"], askedBy: row["askedBy"],
            askedAtMilliseconds: row["askedAt"], isConfirmed: row["isConfirmed"])
    }

    private static func workspace(_ row: Row) -> Workspace {
        var preview: Workspace.Preview?
        if let revision: Int = row["previewRevision"] {
            preview = Workspace.Preview(revision: revision, stamp: row["previewStamp"] ?? "")
        }
        return Workspace(
            id: WorkspaceID(UInt32(clamping: row["id"] as Int64)),
            container: ContainerID(UInt32(clamping: row["containerID"] as Int64)), name: row["name"],
            base: row["base"], revision: row["revision"], authors: ActorList.names(row["authors"]),
            savedBy: row["savedBy"], savedAtMilliseconds: row["savedAt"], preview: preview)
    }

    static func content(_ id: WorkspaceID, in database: Database) throws -> WorkspaceContent {
        let sql = "SELECT * FROM containerWorkspace WHERE id = ?"
        guard let row = try Row.fetchOne(database, sql: sql, arguments: [Int64(id.rawValue)]) else {
            throw CatalogError.notFound(kind: "workspace", reference: "\(id.rawValue)")
        }
        let definition: Data = row["definition"]
        return WorkspaceContent(workspace: workspace(row), definition: [UInt8](definition))
    }

    static func version(_ number: Int, of container: ContainerID, in database: Database) throws -> VersionContent {
        let sql = "SELECT * FROM containerVersion WHERE containerID = ? AND number = ?"
        let row = try Row.fetchOne(database, sql: sql, arguments: [Int64(container.rawValue), number])
        guard let row else { throw CatalogError.notFound(kind: "version", reference: "\(number)") }
        let definition: Data = row["definition"]
        let findings: Data = row["findings"]
        return VersionContent(
            version: version(row), definition: [UInt8](definition), findings: [UInt8](findings))
    }

    static func versions(
        of container: ContainerID, before: Int, limit: Int, in database: Database
    ) throws -> [ContainerVersion] {
        let sql = """
            SELECT containerID, number, name, note, base, authors, createdAt FROM containerVersion
                WHERE containerID = ? AND number < ? ORDER BY number DESC LIMIT ?
            """
        return try Row.fetchAll(database, sql: sql, arguments: [Int64(container.rawValue), before, limit])
            .map(version)
    }

    private static func version(_ row: Row) -> ContainerVersion {
        ContainerVersion(
            container: ContainerID(UInt32(clamping: row["containerID"] as Int64)), number: row["number"],
            name: row["name"], note: row["note"], base: row["base"], authors: ActorList.names(row["authors"]),
            createdAtMilliseconds: row["createdAt"])
    }

    static func publications(
        of container: ContainerID, in environment: String, _ database: Database
    ) throws -> [PublicationEntry] {
        let sql = "SELECT * FROM containerPublication WHERE containerID = ? AND environment = ? ORDER BY number"
        return try Row.fetchAll(database, sql: sql, arguments: [Int64(container.rawValue), environment]).map { row in
            PublicationEntry(
                environment: row["environment"], version: row["version"], isRollback: row["isRollback"],
                actor: row["actor"], atMilliseconds: row["at"])
        }
    }

    static func previews(
        of container: ContainerID, at now: Int64, in database: Database
    ) throws -> [PreviewLink] {
        let sql = """
            SELECT p.* FROM containerPreview p JOIN containerWorkspace w ON w.id = p.workspaceID
                WHERE w.containerID = ? AND p.expiresAt > ? ORDER BY p.createdAt DESC, p.digest
            """
        return try Row.fetchAll(database, sql: sql, arguments: [Int64(container.rawValue), now]).map { row in
            let digest: String = row["digest"]
            return PreviewLink(
                id: String(digest.prefix(16)), workspace: WorkspaceID(UInt32(clamping: row["workspaceID"] as Int64)),
                actor: row["actor"], createdAtMilliseconds: row["createdAt"], expiresAtMilliseconds: row["expiresAt"])
        }
    }

    // MARK: Authors

    /// Who wrote what a version has and `live` never had: the version's authors, and those of the versions below it
    /// down to one that was live, which is none's to approve any more. Versions that are gone end the walk.
    static func authors(of version: Int, in container: ContainerID, _ database: Database) throws -> [String] {
        let live = Set(try publications(of: container, in: ContainerEnvironment.live, database).map(\.version))
        var authors: [String] = []
        var number = version
        for _ in 0...ContainerRules.versionsKept {
            guard number > 0, !live.contains(number) else { break }
            let sql = "SELECT base, authors FROM containerVersion WHERE containerID = ? AND number = ?"
            let arguments: StatementArguments = [Int64(container.rawValue), number]
            guard let row = try Row.fetchOne(database, sql: sql, arguments: arguments) else { break }
            for name in ActorList.names(row["authors"]) { authors = Authorship.adding(name, to: authors) }
            number = row["base"]
        }
        return authors
    }

    // MARK: Writing

    /// Throws where another container has the name, in any case of its letters.
    static func checkFree(_ name: String, for id: ContainerID?, in database: Database) throws {
        let sql = "SELECT id FROM container WHERE foldedName = ?"
        let owner = try Int64.fetchOne(database, sql: sql, arguments: [name.lowercased()])
        if let owner, owner != id.map({ Int64($0.rawValue) }) {
            throw CatalogError.taken(field: "name", value: name, by: "container \(owner)")
        }
    }

    /// Puts these sites in the place of the container's.
    static func put(_ sites: [SiteID], of id: ContainerID, in database: Database) throws {
        guard sites.count <= ContainerRules.sitesMax else {
            throw CatalogError.invalid(
                field: "sites", value: "\(sites.count) sites", expected: "at most \(ContainerRules.sitesMax)")
        }
        let container = Int64(id.rawValue)
        try database.execute(sql: "DELETE FROM containerSite WHERE containerID = ?", arguments: [container])
        for site in Set(sites).sorted() {
            let found = try CatalogRows.site(site, in: database)
            try database.execute(
                sql: "INSERT INTO containerSite (containerID, siteID) VALUES (?, ?)",
                arguments: [container, Int64(found.id.rawValue)])
        }
    }

    static func insert(
        workspace name: String, base: Int, definition: [UInt8], authors: [String], in container: ContainerID,
        by actor: String, at now: Int64, _ database: Database
    ) throws -> Workspace {
        try database.execute(
            sql: """
                INSERT INTO containerWorkspace
                    (containerID, name, base, revision, authors, savedBy, savedAt, definition)
                    VALUES (?, ?, ?, 1, ?, ?, ?, ?)
                """,
            arguments: [
                Int64(container.rawValue), name, base, ActorList.text(authors), actor, now, Data(definition),
            ])
        let id = WorkspaceID(UInt32(clamping: database.lastInsertedRowID))
        return try content(id, in: database).workspace
    }

    /// Removes versions beyond the newest that are kept, save those that something stands on.
    static func trimVersions(of id: ContainerID, newest: Int, in database: Database) throws {
        let container = Int64(id.rawValue)
        try database.execute(
            sql: """
                DELETE FROM containerVersion WHERE containerID = :container AND number <= :last
                    AND number NOT IN (SELECT version FROM containerEnvironment WHERE containerID = :container)
                    AND number NOT IN (SELECT version FROM containerRequest WHERE containerID = :container)
                    AND number NOT IN (SELECT base FROM containerWorkspace WHERE containerID = :container)
                """,
            arguments: ["container": container, "last": newest - ContainerRules.versionsKept])
    }
}
