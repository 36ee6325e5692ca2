internal import Catalog
internal import Events
internal import Foundation
internal import GRDB

/// How scripts get into their places, and which go. Every function runs inside a transaction of its caller.
enum ContainerScriptRows {
    // MARK: Into place

    /// Puts an environment's scripts into place; the environment's row is there with its version.
    static func put(
        _ released: ContainerRelease.Environment, of id: ContainerID, stamp: String, in database: Database
    ) throws {
        let container = Int64(id.rawValue)
        let touched = try Int64.fetchOne(database, sql: "SELECT generation FROM catalogState") ?? 0
        let main = released.scripts.main
        try database.execute(
            sql: """
                UPDATE containerEnvironment SET script = ?, integrity = ?, stamp = ? WHERE containerID = ? AND name = ?
                """, arguments: [main.name, main.integrity, stamp, container, released.name])
        try database.execute(
            sql: "DELETE FROM containerEnvironmentScript WHERE containerID = ? AND environment = ?",
            arguments: [container, released.name])
        for file in [main] + released.scripts.others {
            // A name holds a hash of its content, so that a file that is there already is the same.
            try database.execute(
                sql: """
                    INSERT INTO containerScript (containerID, name, version, touched, integrity, bytes, gzip)
                        VALUES (?, ?, ?, ?, ?, ?, ?)
                        ON CONFLICT (containerID, name) DO UPDATE SET touched = excluded.touched,
                        version = max(version, excluded.version)
                    """,
                arguments: [
                    container, file.name, released.version, touched, file.integrity, Data(file.bytes), Data(file.gzip),
                ])
            try database.execute(
                sql: """
                    INSERT OR IGNORE INTO containerEnvironmentScript (containerID, environment, script)
                        VALUES (?, ?, ?)
                    """, arguments: [container, released.name, file.name])
        }
    }

    /// Puts the scripts of a workspace's previews into place, where it has a link; else there is nothing to show.
    static func put(_ preview: ContainerRelease.Preview, stamp: String, in database: Database) throws {
        let workspace = Int64(preview.workspace.rawValue)
        let count = try Int.fetchOne(
            database, sql: "SELECT count(*) FROM containerPreview WHERE workspaceID = ?", arguments: [workspace])
        guard (count ?? 0) > 0 else { return }
        try database.execute(
            sql: "UPDATE containerWorkspace SET previewRevision = ?, previewStamp = ? WHERE id = ?",
            arguments: [preview.revision, stamp, workspace])
        guard let scripts = preview.scripts else { return }
        try database.execute(sql: "DELETE FROM workspaceScript WHERE workspaceID = ?", arguments: [workspace])
        for (place, file) in ([scripts.main] + scripts.others).enumerated() {
            try database.execute(
                sql: """
                    INSERT OR IGNORE INTO workspaceScript (workspaceID, name, isMain, integrity, bytes, gzip)
                        VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    workspace, file.name, place == 0, file.integrity, Data(file.bytes), Data(file.gzip),
                ])
        }
    }

    /// The table of served scripts is another one from this transaction on.
    static func touch(_ database: Database) throws {
        try database.execute(sql: "UPDATE catalogState SET scriptsGeneration = generation + 1")
    }

    // MARK: Out of the way

    /// Ends previews whose time is over.
    static func endPreviews(at now: Int64, in database: Database) throws {
        try database.execute(sql: "DELETE FROM containerPreview WHERE expiresAt <= ?", arguments: [now])
        if database.changesCount > 0 { try touch(database) }
        try dropUnseenPreviews(in: database)
    }

    /// Drops the scripts of workspaces that have no link.
    static func dropUnseenPreviews(in database: Database) throws {
        try database.execute(
            sql: "DELETE FROM workspaceScript WHERE workspaceID NOT IN (SELECT workspaceID FROM containerPreview)")
        try database.execute(
            sql: """
                UPDATE containerWorkspace SET previewRevision = NULL, previewStamp = NULL
                    WHERE previewRevision IS NOT NULL AND id NOT IN (SELECT workspaceID FROM containerPreview)
                """)
    }

    /// Keeps to the bounds: scripts of versions older than those that are kept go, then, while all are too large, those
    /// that were longest not published. What an environment has and what previews show never goes; where that alone is
    /// too large, the change is refused.
    static func trim(in database: Database) throws {
        try database.execute(
            sql: """
                DELETE FROM containerScript WHERE version <= (
                        SELECT newestVersion FROM container WHERE id = containerScript.containerID) - ?
                    AND NOT EXISTS (SELECT 1 FROM containerEnvironmentScript e
                        WHERE e.containerID = containerScript.containerID AND e.script = containerScript.name)
                """, arguments: [ContainerRules.scriptVersionsKept])
        let all = """
            SELECT (SELECT coalesce(sum(length(bytes) + length(gzip)), 0) FROM containerScript)
                + (SELECT coalesce(sum(length(bytes) + length(gzip)), 0) FROM workspaceScript)
            """
        var byteCount = try Int.fetchOne(database, sql: all) ?? 0
        guard byteCount > ContainerRules.scriptBytesMax else { return }
        let sql = """
            SELECT containerID, name, length(bytes) + length(gzip) AS size FROM containerScript s
                WHERE NOT EXISTS (SELECT 1 FROM containerEnvironmentScript e
                    WHERE e.containerID = s.containerID AND e.script = s.name)
                ORDER BY touched, containerID, name
            """
        for row in try Row.fetchAll(database, sql: sql) where byteCount > ContainerRules.scriptBytesMax {
            try database.execute(
                sql: "DELETE FROM containerScript WHERE containerID = ? AND name = ?",
                arguments: [row["containerID"] as Int64, row["name"] as String])
            byteCount -= row["size"]
        }
        guard byteCount <= ContainerRules.scriptBytesMax else {
            throw CatalogError.invalid(
                field: "scripts", value: "\(byteCount) bytes of scripts that pages get",
                expected:
                    "at most \(ContainerRules.scriptBytesMax) over all containers: remove environments or previews")
        }
    }

    // MARK: Served

    /// Everything below `/tags/`.
    static func served(at now: Int64, in database: Database) throws -> ServedScripts {
        let generation = try Int64.fetchOne(database, sql: "SELECT scriptsGeneration FROM catalogState") ?? 0
        var scripts: [ServedScript] = []
        var mains: [String: ServedScript] = [:]
        let stored = """
            SELECT c.publicID, s.name, s.integrity, s.bytes, s.gzip FROM containerScript s
                JOIN container c ON c.id = s.containerID ORDER BY s.containerID, s.name
            """
        for row in try Row.fetchAll(database, sql: stored) {
            let script = script(row, path: "\(row["publicID"] as String)/\(row["name"] as String)", .immutable)
            mains[script.path] = script
            scripts.append(script)
        }
        let environments = """
            SELECT c.publicID, e.name, e.script FROM containerEnvironment e JOIN container c ON c.id = e.containerID
                ORDER BY e.containerID, e.name
            """
        for row in try Row.fetchAll(database, sql: environments) {
            let publicID: String = row["publicID"]
            guard let main = mains["\(publicID)/\(row["script"] as String)"] else {
                throw CatalogRows.Unreadable(table: "containerEnvironment", id: publicID, column: "script")
            }
            scripts.append(
                ServedScript(
                    path: ServedScript.path(publicID: publicID, environment: row["name"]), bytes: main.bytes,
                    gzip: main.gzip, integrity: main.integrity, caching: .live))
        }
        return ServedScripts(
            generation: UInt64(clamping: generation), scripts: scripts + (try previews(at: now, in: database)))
    }

    /// A preview's main script under each link's digest; the files that it loads under their own names, for as long as
    /// the last link that shows them.
    private static func previews(at now: Int64, in database: Database) throws -> [ServedScript] {
        let sql = """
            SELECT c.publicID, p.digest, p.expiresAt, s.name, s.isMain, s.integrity, s.bytes, s.gzip
                FROM containerPreview p JOIN workspaceScript s ON s.workspaceID = p.workspaceID
                JOIN containerWorkspace w ON w.id = p.workspaceID JOIN container c ON c.id = w.containerID
                WHERE p.expiresAt > ? ORDER BY p.expiresAt DESC, p.digest, s.name
            """
        var scripts: [ServedScript] = []
        var names: Set<String> = []
        for row in try Row.fetchAll(database, sql: sql, arguments: [now]) {
            let publicID: String = row["publicID"]
            let path =
                row["isMain"]
                ? ServedScript.previewPath(publicID: publicID, name: row["digest"])
                : "\(publicID)/\(row["name"] as String)"
            guard names.insert(path).inserted else { continue }
            scripts.append(script(row, path: path, .preview, expiresAt: row["expiresAt"]))
        }
        return scripts
    }

    private static func script(
        _ row: Row, path: String, _ caching: ServedScript.Caching, expiresAt: Int64? = nil
    ) -> ServedScript {
        let bytes: Data = row["bytes"]
        let gzip: Data = row["gzip"]
        return ServedScript(
            path: path, bytes: [UInt8](bytes), gzip: [UInt8](gzip), integrity: row["integrity"], caching: caching,
            expiresAtMilliseconds: expiresAt)
    }
}
