package import Catalog
package import Events
internal import GRDB

/// The catalog in one SQLite file, `catalog.sqlite` in the data directory.
///
/// Constraints: small (thousands of rows; definitions and scripts of containers beside them), written rarely, never
/// lost: write-ahead log, `synchronous = FULL` (a commit that returned survives a power cut,
/// https://www.sqlite.org/pragma.html#pragma_synchronous), foreign keys on. Layout: see `CatalogSchema`. Life cycle:
/// opened for the life of a server or one command; two processes may have it open, a writer waits up to five seconds
/// for the other. Every change reads, checks and writes in one immediate transaction.
///
/// Blocks on the disk; safe from any thread, one call at a time.
package final class CatalogStoreSQLite: CatalogStore {
    package static let fileName = "catalog.sqlite"
    package static let busyTimeoutSeconds = 5.0

    /// For the port's other half, `CatalogStoreContainers.swift`.
    let queue: DatabaseQueue
    let time: any TimeSource
    /// For error lines.
    let path: String

    /// Opens the file in `directory`, which exists, and brings it to today's layout.
    package init(directory: String, time: any TimeSource = SystemTimeSource()) throws(CatalogError) {
        let path = directory + "/" + CatalogStoreSQLite.fileName
        var configuration = CatalogStoreSQLite.configuration()
        configuration.journalMode = .wal
        self.path = path
        self.time = time
        queue = try storing("open", path) { () throws -> DatabaseQueue in
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            // GRDB sets NORMAL together with the write-ahead log; NORMAL may lose the last commits with the power.
            try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            return queue
        }
        try migrate()
    }

    /// A catalog without a file, gone with the object: for tests.
    package init(inMemory time: any TimeSource) throws(CatalogError) {
        path = ":memory:"
        self.time = time
        queue = try storing("open", ":memory:") { () throws -> DatabaseQueue in
            try DatabaseQueue(configuration: CatalogStoreSQLite.configuration())
        }
        try migrate()
    }

    /// The version of the SQLite library that is loaded.
    package func libraryVersion() throws(CatalogError) -> String {
        let queue = queue
        return try storing("read", path) { () throws -> String in
            try queue.read { try String.fetchOne($0, sql: "SELECT sqlite_version()") } ?? "unknown"
        }
    }

    /// How the file is written, from SQLite's own pragmas: `wal, synchronous 2, foreign keys 1`.
    package func durability() throws(CatalogError) -> String {
        let queue = queue
        return try storing("read", path) { () throws -> String in
            try queue.read { database in
                let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode") ?? "?"
                let synchronous = try Int.fetchOne(database, sql: "PRAGMA synchronous") ?? -1
                let keys = try Int.fetchOne(database, sql: "PRAGMA foreign_keys") ?? -1
                return "\(mode), synchronous \(synchronous), foreign keys \(keys)"
            }
        }
    }

    /// Lets the file grow by this many pages at most and then fail as on a full disk: a fault for tests.
    package func limitPages(toCurrentAnd more: Int) throws(CatalogError) {
        let queue = queue
        try storing("limit", path) { () throws -> Void in
            try queue.writeWithoutTransaction { database in
                let count = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
                try database.execute(sql: "PRAGMA max_page_count = \(count + more)")
            }
        }
    }

    private static func configuration() -> Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(busyTimeoutSeconds)
        configuration.label = "catalog"
        return configuration
    }

    private func migrate() throws(CatalogError) {
        let migrator = CatalogSchema.migrator
        let path = path
        let queue = queue
        try storing("migrate", path) { () throws -> Void in
            guard try !queue.read(migrator.hasBeenSuperseded) else {
                throw CatalogError.newerFormat(
                    path: path, hint: "start the Highland that wrote it, or restore a backup from before the upgrade")
            }
            do { try migrator.migrate(queue) } catch {
                // Another process may have made the tables after this one had looked: then nothing is left to do.
                guard try queue.read(migrator.hasCompletedMigrations) else { throw error }
            }
        }
    }

    // MARK: The port

    package func load() throws(CatalogError) -> CatalogSnapshot {
        let queue = queue
        return try storing("read", path) { () throws -> CatalogSnapshot in
            try queue.read(CatalogRows.snapshot)
        }
    }

    package func addSite(_ draft: SiteDraft, by actor: String) throws(CatalogError) -> Site {
        let draft = try draft.validated()
        return try change(by: actor) { database, audit in
            try CatalogRows.checkFree(draft.domains, for: nil, in: database)
            let id = try CatalogRows.insert(draft, key: CatalogRows.freshKey(in: database), in: database)
            try audit("site.add", "site:\(id)", draft.domains[0])
            return try CatalogRows.site(id, in: database)
        }
    }

    package func updateSite(_ id: SiteID, _ change: SiteChange, by actor: String) throws(CatalogError) -> Site {
        try self.change(by: actor) { database, audit in
            let site = try CatalogRows.site(id, in: database)
            let before = SiteDraft(of: site)
            let after = try change.applied(to: before).validated()
            try CatalogRows.checkFree(after.domains, for: id, in: database)
            try CatalogRows.update(site.id, to: after, in: database)
            try audit("site.update", "site:\(id)", CatalogRows.differences(before, after))
            return after.site(id: id, key: site.key)
        }
    }

    package func removeSite(_ id: SiteID, by actor: String) throws(CatalogError) {
        try change(by: actor) { database, audit in
            let site = try CatalogRows.site(id, in: database)
            try database.execute(sql: "DELETE FROM site WHERE id = ?", arguments: [Int64(id.rawValue)])
            try audit("site.remove", "site:\(id)", site.domains[0])
        }
    }

    package func addAlias(_ alias: SiteAlias, by actor: String) throws(CatalogError) -> SiteAlias {
        let alias = try alias.validated()
        return try change(by: actor) { database, audit in
            let site = try CatalogRows.site(alias.site, in: database)
            try CatalogRows.put(alias, in: database)
            try audit(
                "alias.add", "site:\(site.id)",
                "\(alias.protocol.rawValue) \(alias.value), consent \(alias.consent.rawValue)")
            return alias
        }
    }

    package func removeAlias(
        _ named: AliasProtocol, value: String, of site: SiteID?, by actor: String
    ) throws(CatalogError) -> SiteAlias {
        // What no alias can be is no alias.
        let stored = (try? AliasRules.value(value, of: named)) ?? value
        return try change(by: actor) { database, audit in
            guard let alias = try CatalogRows.alias(named, stored, in: database), alias.site == site ?? alias.site
            else { throw CatalogError.notFound(kind: "alias", reference: "\(named.rawValue) \(value)") }
            try CatalogRows.remove(alias, in: database)
            try audit("alias.remove", "site:\(alias.site)", "\(named.rawValue) \(alias.value)")
            return alias
        }
    }

    package func addKey(name: String, role: Role, scope: SiteScope, by actor: String) throws(CatalogError) -> IssuedKey
    {
        let name = try SiteRules.name(name, mayBeEmpty: true)
        let (id, text) = APIKey.generate()
        let now = time.wallClock()
        return try change(by: actor) { database, audit in
            let makers = try KeyMakers.record(of: id, madeBy: actor, in: database)
            let key = APIKey(
                id: id, name: name, role: role, scope: scope, digest: APIKey.digest(of: text), createdAt: now,
                makers: makers)
            try CatalogRows.insert(key, in: database)
            try audit("key.add", "key:\(id)", role.rawValue)
            return IssuedKey(key: key, text: text)
        }
    }

    package func revokeKey(_ id: String, by actor: String) throws(CatalogError) {
        try change(by: actor) { database, audit in
            try database.execute(sql: "DELETE FROM apiKey WHERE id = ?", arguments: [id])
            guard database.changesCount == 1 else { throw CatalogError.notFound(kind: "key", reference: id) }
            try audit("key.revoke", "key:\(id)", "")
        }
    }

    package func auditEntries(limit: Int) throws(CatalogError) -> [AuditEntry] {
        let queue = queue
        return try storing("read", path) { () throws -> [AuditEntry] in
            try queue.read { try CatalogRows.auditEntries(limit: min(max(limit, 0), 1_000), in: $0) }
        }
    }

    // MARK: Changes

    /// Writes one audit entry: action, object, detail.
    typealias Audit = (String, String, String) throws -> Void

    /// Runs `body` in an immediate transaction that raises the generation; nothing of it stays when it throws.
    func change<Result>(
        by actor: String, _ body: (Database, @escaping Audit) throws -> Result
    ) throws(CatalogError) -> Result {
        let now = time.wallClock().milliseconds
        let queue = queue
        return try storing("write", path) { () throws -> Result in
            try queue.writeWithoutTransaction { database in
                var result: Result?
                try database.inTransaction(.immediate) {
                    result = try body(database) { action, object, detail in
                        try CatalogRows.audit(
                            AuditEntry(
                                number: 0, atMilliseconds: now, actor: actor, action: action, object: object,
                                detail: detail), in: database)
                    }
                    try database.execute(sql: "UPDATE catalogState SET generation = generation + 1")
                    return .commit
                }
                guard let result else {
                    throw DatabaseError(resultCode: .SQLITE_ABORT, message: "the transaction did not run")
                }
                return result
            }
        }
    }
}

/// Runs `body`; what SQLite throws becomes an error with the file, the operation and what to do about it.
func storing<Result>(
    _ operation: String, _ path: String, _ body: () throws -> Result
) throws(CatalogError) -> Result {
    do {
        return try body()
    } catch let error as CatalogError {
        throw error
    } catch let error as DatabaseError {
        throw .storage(
            operation: operation, path: path, code: error.extendedResultCode.rawValue,
            message: error.message ?? "no message", hint: hint(for: error.resultCode))
    } catch {
        throw .storage(
            operation: operation, path: path, code: -1, message: "\(error)",
            hint: "the row does not read as this version wrote it")
    }
}

/// What an operator can do about one of SQLite's results (https://www.sqlite.org/rescode.html).
private func hint(for code: ResultCode) -> String {
    switch code {
    case .SQLITE_FULL: "the disk is full: free space and repeat; nothing was changed"
    case .SQLITE_IOERR: "the disk refused it: check space and the system log, then repeat; nothing was changed"
    case .SQLITE_BUSY, .SQLITE_LOCKED: "another process is writing: repeat in a moment"
    case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY:
        "check that the directory exists and that this user may write there"
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: "the file is damaged: restore it from a backup"
    default: "check the file with: sqlite3 FILE 'PRAGMA integrity_check'"
    }
}
