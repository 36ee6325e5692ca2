package import Catalog
internal import Events
internal import Foundation
internal import GRDB

/// Containers, workspaces and versions in `catalog.sqlite`. What pages get: `CatalogStoreReleases.swift`.
extension CatalogStoreSQLite: ContainerStore {
    /// Every change of containers also ends previews whose time is over.
    func changeContainers<Result>(
        by actor: String, _ body: (Database, @escaping Audit, Int64) throws -> Result
    ) throws(CatalogError) -> Result {
        let now = time.wallClock().milliseconds
        return try change(by: actor) { database, audit in
            try ContainerScriptRows.endPreviews(at: now, in: database)
            return try body(database, audit, now)
        }
    }

    private func reading<Result>(_ body: (Database) throws -> Result) throws(CatalogError) -> Result {
        let queue = queue
        return try storing("read", path) { () throws -> Result in try queue.read(body) }
    }

    // MARK: Containers

    package func addContainer(
        _ draft: ContainerDraft, definition: [UInt8], by actor: String
    ) throws(CatalogError) -> Container {
        let name = try ContainerRules.name(draft.name)
        try ContainerRules.definition(definition)
        return try changeContainers(by: actor) { database, audit, now in
            try ContainerRows.checkFree(name, for: nil, in: database)
            let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM container") ?? 0
            guard count < ContainerRules.containersMax else {
                throw CatalogError.invalid(
                    field: "containers", value: "\(count + 1) containers",
                    expected: "at most \(ContainerRules.containersMax)")
            }
            try database.execute(
                sql: """
                    INSERT INTO container
                        (publicID, name, foldedName, needsApproval, newestVersion, revision, changedBy)
                        VALUES (?, ?, ?, ?, 0, 1, ?)
                    """,
                arguments: [ContainerRules.freshPublicID(), name, name.lowercased(), draft.needsApproval, actor])
            let id = ContainerID(UInt32(clamping: database.lastInsertedRowID))
            try ContainerRows.put(draft.sites.map(SiteID.init), of: id, in: database)
            _ = try ContainerRows.insert(
                workspace: Workspace.defaultName, base: 0, definition: definition, authors: [], in: id, by: actor,
                at: now, database)
            try audit("container.add", "container:\(id.rawValue)", name)
            return try ContainerRows.container(id, in: database)
        }
    }

    package func removeContainer(_ id: ContainerID, by actor: String) throws(CatalogError) {
        try changeContainers(by: actor) { database, audit, _ in
            let container = try ContainerRows.container(id, in: database)
            try database.execute(sql: "DELETE FROM container WHERE id = ?", arguments: [Int64(id.rawValue)])
            try ContainerScriptRows.touch(database)
            try audit("container.remove", "container:\(id.rawValue)", "\(container.publicID) \(container.name)")
        }
    }

    // MARK: Workspaces

    package func addWorkspace(
        _ name: String, to id: ContainerID, base: Int, definition: [UInt8], by actor: String
    ) throws(CatalogError) -> Workspace {
        let name = try ContainerRules.name(name)
        try ContainerRules.definition(definition)
        return try changeContainers(by: actor) { database, audit, now in
            let container = try ContainerRows.container(id, in: database)
            guard container.workspaces.count < ContainerRules.workspacesMax else {
                throw CatalogError.invalid(
                    field: "workspaces", value: "\(container.workspaces.count + 1) workspaces",
                    expected: "at most \(ContainerRules.workspacesMax) a container: remove one that is done")
            }
            guard container.workspace(name) == nil else {
                throw CatalogError.taken(field: "name", value: name, by: "another workspace")
            }
            var authors = [actor]
            if base > 0 {
                let below = try ContainerRows.version(base, of: id, in: database)
                if below.definition == definition { authors = [] }
            }
            try audit("workspace.add", "container:\(id.rawValue)", name)
            return try ContainerRows.insert(
                workspace: name, base: base, definition: definition, authors: authors, in: id, by: actor, at: now,
                database)
        }
    }

    package func workspace(_ id: WorkspaceID) throws(CatalogError) -> WorkspaceContent {
        try reading { try ContainerRows.content(id, in: $0) }
    }

    package func saveWorkspace(
        _ id: WorkspaceID, definition: [UInt8], revision: Int, base: Int?, by actor: String
    ) throws(CatalogError) -> Workspace {
        try ContainerRules.definition(definition)
        return try changeContainers(by: actor) { database, audit, now in
            let old = try ContainerRows.content(id, in: database).workspace
            try CatalogStoreSQLite.check(old, revision)
            if let base, base > 0 { _ = try ContainerRows.version(base, of: old.container, in: database) }
            var authors = Authorship.adding(actor, to: old.authors)
            if let base, base != old.base {
                // What the old base had and live has not is in the draft still, whatever it stands on now.
                for name in try ContainerRows.authors(of: old.base, in: old.container, database) {
                    authors = Authorship.adding(name, to: authors)
                }
            }
            try database.execute(
                sql: """
                    UPDATE containerWorkspace SET definition = ?, revision = revision + 1, base = ?, authors = ?,
                        savedBy = ?, savedAt = ? WHERE id = ?
                    """,
                arguments: [
                    Data(definition), base ?? old.base, ActorList.text(authors), actor, now, Int64(id.rawValue),
                ])
            let saved = try ContainerRows.content(id, in: database).workspace
            try audit(
                "workspace.save", "container:\(old.container.rawValue)", "\(old.name), revision \(saved.revision)")
            return saved
        }
    }

    package func removeWorkspace(_ id: WorkspaceID, by actor: String) throws(CatalogError) {
        try changeContainers(by: actor) { database, audit, _ in
            let workspace = try ContainerRows.content(id, in: database).workspace
            let container = try ContainerRows.container(workspace.container, in: database)
            guard container.workspaces.count > 1 else {
                throw CatalogError.invalid(
                    field: "workspace", value: workspace.name, expected: "another one beside it: a container keeps one")
            }
            let number = Int64(id.rawValue)
            try database.execute(sql: "DELETE FROM containerWorkspace WHERE id = ?", arguments: [number])
            try ContainerScriptRows.touch(database)
            try audit("workspace.remove", "container:\(container.id.rawValue)", workspace.name)
        }
    }

    /// Throws where somebody saved since `revision` was read.
    static func check(_ workspace: Workspace, _ revision: Int) throws {
        guard workspace.revision == revision else {
            throw CatalogError.conflict(
                what: "workspace '\(workspace.name)' (revision \(workspace.revision))", by: workspace.savedBy,
                expected: "revision \(revision): read it again")
        }
    }

    // MARK: Versions

    package func addVersion(_ draft: VersionDraft, by actor: String) throws(CatalogError) -> ContainerVersion {
        let name = draft.name.isEmpty ? "" : try ContainerRules.name(draft.name)
        let note = try ContainerRules.note(draft.note)
        try ContainerRules.definition(draft.findings)
        return try changeContainers(by: actor) { database, audit, now in
            let content = try ContainerRows.content(draft.workspace, in: database)
            let workspace = content.workspace
            try CatalogStoreSQLite.check(workspace, draft.revision)
            let container = try ContainerRows.container(workspace.container, in: database)
            let id = Int64(container.id.rawValue)
            if workspace.base < container.newestVersion, !draft.overridesNewer {
                let newest = try ContainerRows.versions(
                    of: container.id, before: .max, limit: 1, in: database)
                throw CatalogError.conflict(
                    what: "container '\(container.name)' (version \(container.newestVersion))",
                    by: newest.first?.authors.last ?? "somebody",
                    expected:
                        "version \(workspace.base) under workspace '\(workspace.name)': update the workspace first")
            }
            let number = container.newestVersion + 1
            let authors = Authorship.adding(actor, to: workspace.authors)
            try database.execute(
                sql: """
                    INSERT INTO containerVersion
                        (containerID, number, name, note, base, authors, createdAt, findings, definition)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    id, number, name, note, workspace.base, ActorList.text(authors), now, Data(draft.findings),
                    Data(content.definition),
                ])
            try database.execute(
                sql: "UPDATE container SET newestVersion = ? WHERE id = ?", arguments: [number, id])
            try database.execute(
                sql: "UPDATE containerWorkspace SET base = ?, authors = '' WHERE id = ?",
                arguments: [number, Int64(workspace.id.rawValue)])
            try ContainerRows.trimVersions(of: container.id, newest: number, in: database)
            try audit("container.version", "container:\(id)", "\(number)\(name.isEmpty ? "" : " " + name)")
            return try ContainerRows.version(number, of: container.id, in: database).version
        }
    }

    package func version(_ number: Int, of container: ContainerID) throws(CatalogError) -> VersionContent {
        try reading { try ContainerRows.version(number, of: container, in: $0) }
    }

    package func versions(
        of container: ContainerID, before: Int, limit: Int
    ) throws(CatalogError) -> [ContainerVersion] {
        try reading {
            try ContainerRows.versions(of: container, before: before, limit: min(max(limit, 0), 1_000), in: $0)
        }
    }

    package func publications(
        of container: ContainerID, in environment: String
    ) throws(CatalogError) -> [PublicationEntry] {
        try reading { try ContainerRows.publications(of: container, in: environment, $0) }
    }

    // MARK: Previews

    package func addPreview(
        _ preview: ContainerRelease.Preview, stamp: String, lifeMilliseconds: Int64, by actor: String
    ) throws(CatalogError) -> IssuedPreview {
        try ContainerRules.previewLife(lifeMilliseconds)
        let token = Base64URL.randomName(byteCount: 16)
        let digest = ServedScript.digestName(ofToken: token)
        return try changeContainers(by: actor) { database, audit, now in
            let workspace = try ContainerRows.content(preview.workspace, in: database).workspace
            try CatalogStoreSQLite.check(workspace, preview.revision)
            let links = try ContainerRows.previews(of: workspace.container, at: now, in: database)
            guard links.count < ContainerRules.previewsMax else {
                throw CatalogError.invalid(
                    field: "previews", value: "\(links.count + 1) links",
                    expected: "at most \(ContainerRules.previewsMax) a container: end one")
            }
            let container = try ContainerRows.container(workspace.container, in: database)
            try CatalogStoreSQLite.check(stamp, of: container, in: database)
            let (expiresAt, _) = now.addingReportingOverflow(lifeMilliseconds)
            try database.execute(
                sql: """
                    INSERT INTO containerPreview (digest, workspaceID, actor, createdAt, expiresAt)
                        VALUES (?, ?, ?, ?, ?)
                    """, arguments: [digest, Int64(workspace.id.rawValue), actor, now, expiresAt])
            try ContainerScriptRows.put(preview, stamp: stamp, in: database)
            try ContainerScriptRows.trim(in: database)
            try ContainerScriptRows.touch(database)
            try audit("preview.add", "container:\(container.id.rawValue)", workspace.name)
            let link = PreviewLink(
                id: String(digest.prefix(16)), workspace: workspace.id, actor: actor, createdAtMilliseconds: now,
                expiresAtMilliseconds: expiresAt)
            return IssuedPreview(link: link, token: token)
        }
    }

    package func previews(of container: ContainerID) throws(CatalogError) -> [PreviewLink] {
        let now = time.wallClock().milliseconds
        return try reading { try ContainerRows.previews(of: container, at: now, in: $0) }
    }

    package func removePreview(_ id: String, of container: ContainerID, by actor: String) throws(CatalogError) {
        try changeContainers(by: actor) { database, audit, _ in
            try database.execute(
                sql: """
                    DELETE FROM containerPreview WHERE substr(digest, 1, 16) = ? AND workspaceID IN
                        (SELECT id FROM containerWorkspace WHERE containerID = ?)
                    """, arguments: [id, Int64(container.rawValue)])
            guard database.changesCount > 0 else { throw CatalogError.notFound(kind: "preview", reference: id) }
            try ContainerScriptRows.dropUnseenPreviews(in: database)
            try ContainerScriptRows.touch(database)
            try audit("preview.remove", "container:\(container.rawValue)", id)
        }
    }

    package func servedScripts() throws(CatalogError) -> ServedScripts {
        let now = time.wallClock().milliseconds
        return try reading { try ContainerScriptRows.served(at: now, in: $0) }
    }
}
