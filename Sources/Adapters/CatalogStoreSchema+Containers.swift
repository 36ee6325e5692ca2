internal import Catalog
internal import GRDB

/// The second version of the layout: containers, and who made each key.
///
///     keyMaker                    key -> its line of makers; outlives the key: nobody hides behind a revoked one
///     container                   a row a container; `revision` is raised by whoever changes what pages get
///     containerSite               where it is used
///     containerKill               what is switched off
///     containerWorkspace          drafts; `previewRevision` and `previewStamp` say what their previews show
///     containerVersion            versions, never changed
///     containerEnvironment        what pages get under a name: version and main script
///     containerEnvironmentScript  every file that an environment's main script may load
///     containerPublication        what an environment had, in order
///     containerRequest            publications that wait for approval
///     containerScript             files by container and name (which holds a hash of the content)
///     containerPreview            links, by the digest of their token
///     workspaceScript             the files of a workspace's previews
///
/// Lists of actors are texts with a line each.
extension CatalogSchema {
    /// Makes the tables; fills `keyMaker` from the audit trail, which knows who made every key there ever was.
    static func migrateToVersion2(_ database: Database) throws {
        try database.execute(sql: version2)
        let rows = try Row.fetchAll(
            database, sql: "SELECT actor, object FROM audit WHERE action = 'key.add' ORDER BY number")
        for row in rows {
            let object: String = row["object"]
            let makers = try KeyMakers.makers(whenMadeBy: row["actor"], in: database)
            // A line that is longer than today's bound keeps its near end: an old file always opens.
            try KeyMakers.insert(
                Array(makers.prefix(Authorship.makersMax)), of: String(object.dropFirst(4)), in: database)
        }
    }

    private static let version2 = """
        ALTER TABLE catalogState ADD COLUMN scriptsGeneration INTEGER NOT NULL DEFAULT 0;

        CREATE TABLE keyMaker (
            keyID TEXT PRIMARY KEY,
            makers TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE container (
            id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id BETWEEN 1 AND 4294967295),
            publicID TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            foldedName TEXT NOT NULL UNIQUE,
            needsApproval INTEGER NOT NULL,
            newestVersion INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            changedBy TEXT NOT NULL
        ) STRICT;

        CREATE TABLE containerSite (
            containerID INTEGER NOT NULL REFERENCES container(id) ON DELETE CASCADE,
            siteID INTEGER NOT NULL REFERENCES site(id) ON DELETE CASCADE,
            PRIMARY KEY (containerID, siteID)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX containerSiteBySite ON containerSite(siteID);

        CREATE TABLE containerKill (
            containerID INTEGER NOT NULL REFERENCES container(id) ON DELETE CASCADE,
            kind TEXT NOT NULL,
            value TEXT NOT NULL,
            actor TEXT NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (containerID, kind, value)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE containerWorkspace (
            id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id BETWEEN 1 AND 4294967295),
            containerID INTEGER NOT NULL REFERENCES container(id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            base INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            authors TEXT NOT NULL,
            savedBy TEXT NOT NULL,
            savedAt INTEGER NOT NULL,
            previewRevision INTEGER,
            previewStamp TEXT,
            definition BLOB NOT NULL,
            UNIQUE (containerID, name)
        ) STRICT;

        CREATE TABLE containerVersion (
            containerID INTEGER NOT NULL REFERENCES container(id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            name TEXT NOT NULL,
            note TEXT NOT NULL,
            base INTEGER NOT NULL,
            authors TEXT NOT NULL,
            createdAt INTEGER NOT NULL,
            findings BLOB NOT NULL,
            definition BLOB NOT NULL,
            PRIMARY KEY (containerID, number)
        ) STRICT;

        CREATE TABLE containerEnvironment (
            containerID INTEGER NOT NULL REFERENCES container(id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            version INTEGER NOT NULL,
            script TEXT NOT NULL,
            integrity TEXT NOT NULL,
            stamp TEXT NOT NULL,
            actor TEXT NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (containerID, name)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE containerEnvironmentScript (
            containerID INTEGER NOT NULL,
            environment TEXT NOT NULL,
            script TEXT NOT NULL,
            PRIMARY KEY (containerID, environment, script),
            FOREIGN KEY (containerID, environment) REFERENCES containerEnvironment(containerID, name)
                ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE containerPublication (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            containerID INTEGER NOT NULL REFERENCES container(id) ON DELETE CASCADE,
            environment TEXT NOT NULL,
            version INTEGER NOT NULL,
            isRollback INTEGER NOT NULL,
            actor TEXT NOT NULL,
            at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX containerPublicationByEnvironment ON containerPublication(containerID, environment, number);

        CREATE TABLE containerRequest (
            containerID INTEGER NOT NULL REFERENCES container(id) ON DELETE CASCADE,
            environment TEXT NOT NULL,
            version INTEGER NOT NULL,
            askedBy TEXT NOT NULL,
            askedAt INTEGER NOT NULL,
            isConfirmed INTEGER NOT NULL,
            PRIMARY KEY (containerID, environment)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE containerScript (
            containerID INTEGER NOT NULL REFERENCES container(id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            version INTEGER NOT NULL,
            touched INTEGER NOT NULL,
            integrity TEXT NOT NULL,
            bytes BLOB NOT NULL,
            gzip BLOB NOT NULL,
            PRIMARY KEY (containerID, name)
        ) STRICT;

        CREATE TABLE containerPreview (
            digest TEXT PRIMARY KEY,
            workspaceID INTEGER NOT NULL REFERENCES containerWorkspace(id) ON DELETE CASCADE,
            actor TEXT NOT NULL,
            createdAt INTEGER NOT NULL,
            expiresAt INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX containerPreviewByWorkspace ON containerPreview(workspaceID);

        CREATE TABLE workspaceScript (
            workspaceID INTEGER NOT NULL REFERENCES containerWorkspace(id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            isMain INTEGER NOT NULL,
            integrity TEXT NOT NULL,
            bytes BLOB NOT NULL,
            gzip BLOB NOT NULL,
            PRIMARY KEY (workspaceID, name)
        ) STRICT;
        """
}

/// Who made a key, and who made that one's maker: kept for every key there ever was.
enum KeyMakers {
    /// Writes the line of a new key down and gives it, nearest first.
    static func record(of keyID: String, madeBy actor: String, in database: Database) throws -> [String] {
        let makers = try makers(whenMadeBy: actor, in: database)
        guard makers.count <= Authorship.makersMax else {
            throw CatalogError.invalid(
                field: "key", value: actor,
                expected: "a maker that is at most \(Authorship.makersMax) keys away from the operator")
        }
        try insert(makers, of: keyID, in: database)
        return makers
    }

    static func makers(whenMadeBy actor: String, in database: Database) throws -> [String] {
        try Authorship.makers(of: actor) { try makers(of: $0, in: database) }
    }

    static func insert(_ makers: [String], of keyID: String, in database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO keyMaker (keyID, makers) VALUES (?, ?)",
            arguments: [keyID, ActorList.text(makers)])
    }

    /// The makers of the key that acts as `actor` (`key:ID`).
    static func makers(of actor: String, in database: Database) throws -> [String] {
        let sql = "SELECT makers FROM keyMaker WHERE keyID = ?"
        let text = try String.fetchOne(database, sql: sql, arguments: [String(actor.dropFirst(4))])
        return ActorList.names(text ?? "")
    }
}

/// Actors as one text, a line each.
enum ActorList {
    static func text(_ names: [String]) -> String { names.joined(separator: "\n") }
    static func names(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }
}
