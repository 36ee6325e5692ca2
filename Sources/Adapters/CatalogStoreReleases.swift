package import Catalog
internal import Events
internal import Foundation
internal import GRDB

/// What pages get: every step and the scripts that follow from it, in one transaction.
extension CatalogStoreSQLite {
    package func perform(
        _ step: ContainerStep, on id: ContainerID, release: ContainerRelease, by actor: String
    ) throws(CatalogError) -> ContainerOutcome {
        try changeContainers(by: actor) { database, audit, now in
            let run = ContainerStepRun(
                database: database, container: try ContainerRows.container(id, in: database), actor: actor, now: now,
                audit: audit)
            return try run.perform(step, release)
        }
    }

    package func declineRequest(
        of id: ContainerID, in environment: String, by actor: String
    ) throws(CatalogError) -> Container {
        try changeContainers(by: actor) { database, audit, _ in
            let container = try ContainerRows.container(id, in: database)
            guard let request = container.requests.first(where: { $0.environment == environment }) else {
                throw CatalogError.notFound(kind: "waiting publication", reference: environment)
            }
            try database.execute(
                sql: "DELETE FROM containerRequest WHERE containerID = ? AND environment = ?",
                arguments: [Int64(id.rawValue), environment])
            try audit("container.decline", "container:\(id.rawValue)", "\(environment), version \(request.version)")
            return try ContainerRows.container(id, in: database)
        }
    }

    package func removeEnvironment(
        _ name: String, of id: ContainerID, by actor: String
    ) throws(CatalogError) -> Container {
        try changeContainers(by: actor) { database, audit, _ in
            let container = try ContainerRows.container(id, in: database)
            guard name != ContainerEnvironment.live else {
                throw CatalogError.invalid(
                    field: "environment", value: name, expected: "another one: live is switched off by a kill")
            }
            guard container.environment(name) != nil else {
                throw CatalogError.notFound(kind: "environment", reference: name)
            }
            let arguments: StatementArguments = [Int64(id.rawValue), name]
            for table in ["containerRequest", "containerPublication"] {
                try database.execute(
                    sql: "DELETE FROM \(table) WHERE containerID = ? AND environment = ?", arguments: arguments)
            }
            try database.execute(
                sql: "DELETE FROM containerEnvironment WHERE containerID = ? AND name = ?", arguments: arguments)
            try ContainerScriptRows.touch(database)
            try audit("container.environment", "container:\(id.rawValue)", "\(name) removed")
            return try ContainerRows.container(id, in: database)
        }
    }

    /// Throws where scripts were made for other sites or kills than those of now.
    static func check(_ stamp: String, of container: Container, in database: Database) throws {
        let sites = try ContainerRows.sites(of: container, in: database)
        guard ContainerStamp.fits(stamp, sites: sites, kills: container.kills.map(\.target)) else {
            throw CatalogError.conflict(
                what: "what container '\(container.name)' is compiled for", by: "a change of its sites or kills",
                expected: "scripts for its sites of now: try again")
        }
    }
}

/// One step within its transaction.
private struct ContainerStepRun {
    let database: Database
    /// As it was before the step.
    let container: Container
    let actor: String
    let now: Int64
    let audit: CatalogStoreSQLite.Audit

    private var id: Int64 { Int64(container.id.rawValue) }

    func perform(_ step: ContainerStep, _ release: ContainerRelease) throws -> ContainerOutcome {
        guard release.revision == container.revision else {
            let sql = "SELECT changedBy FROM container WHERE id = ?"
            throw CatalogError.conflict(
                what: "container '\(container.name)'",
                by: try String.fetchOne(database, sql: sql, arguments: [id]) ?? "somebody",
                expected: "the state of revision \(release.revision): look at it again")
        }
        if case .publish(let version, let environment, let isConfirmed) = step,
            try mustWait(version: version, environment: environment)
        {
            return try ask(version: version, environment: environment, isConfirmed: isConfirmed)
        }
        try write(step, release)
        if step != .refresh {
            try database.execute(
                sql: "UPDATE container SET revision = revision + 1, changedBy = ? WHERE id = ?",
                arguments: [actor, id])
        }
        let after = try ContainerRows.container(container.id, in: database)
        try put(release, after: after, mustReplaceAll: step.changesEveryScript)
        return ContainerOutcome(container: try ContainerRows.container(container.id, in: database))
    }

    private func write(_ step: ContainerStep, _ release: ContainerRelease) throws {
        let object = "container:\(id)"
        switch step {
        case .publish(let version, let environment, _):
            try move(environment, to: version, release, isRollback: false)
            try audit("container.publish", object, "\(environment), version \(version)")
        case .approve(let version, let environment):
            try checkApproval(version: version, environment: environment)
            try move(environment, to: version, release, isRollback: false)
            try audit("container.approve", object, "\(environment), version \(version)")
        case .rollback(let version, let environment):
            let had = try ContainerRows.publications(of: container.id, in: environment, database)
            guard had.contains(where: { $0.version == version }) else {
                throw CatalogError.invalid(
                    field: "version", value: "\(version)", expected: "one that '\(environment)' had before: publish it")
            }
            try move(environment, to: version, release, isRollback: true)
            try audit("container.rollback", object, "\(environment), version \(version)")
        case .kill(let target): try kill(target)
        case .lift(let target):
            let (kind, value) = target.words
            try database.execute(
                sql: "DELETE FROM containerKill WHERE containerID = ? AND kind = ? AND value = ?",
                arguments: [id, kind, value])
            guard database.changesCount == 1 else {
                throw CatalogError.notFound(kind: "kill", reference: "\(kind) \(value)")
            }
            try audit("container.lift", object, value.isEmpty ? kind : "\(kind) \(value)")
        case .change(let change): try apply(change)
        case .refresh: try audit("container.refresh", object, "compiled again")
        }
    }

    // MARK: Versions into environments

    private func mustWait(version: Int, environment: String) throws -> Bool {
        guard container.needsApproval, environment == ContainerEnvironment.live else { return false }
        _ = try ContainerRows.version(version, of: container.id, in: database)
        return try !isSomebodyElse(than: try ContainerRows.authors(of: version, in: container.id, database))
    }

    private func isSomebodyElse(than authors: [String]) throws -> Bool {
        try Authorship.isSomebodyElse(actor, than: authors) { try KeyMakers.makers(of: $0, in: database) }
    }

    private func ask(version: Int, environment: String, isConfirmed: Bool) throws -> ContainerOutcome {
        try database.execute(
            sql: """
                INSERT OR REPLACE INTO containerRequest
                    (containerID, environment, version, askedBy, askedAt, isConfirmed) VALUES (?, ?, ?, ?, ?, ?)
                """, arguments: [id, environment, version, actor, now, isConfirmed])
        try audit("container.ask", "container:\(id)", "\(environment), version \(version)")
        let after = try ContainerRows.container(container.id, in: database)
        return ContainerOutcome(
            container: after, pending: after.requests.first { $0.environment == environment })
    }

    private func checkApproval(version: Int, environment: String) throws {
        guard let request = container.requests.first(where: { $0.environment == environment }) else {
            throw CatalogError.notFound(kind: "waiting publication", reference: environment)
        }
        guard request.version == version else {
            throw CatalogError.conflict(
                what: "the waiting publication (version \(request.version))", by: request.askedBy,
                expected: "version \(version): look at it again")
        }
        let authors = try ContainerRows.authors(of: version, in: container.id, database)
        guard try isSomebodyElse(than: Authorship.adding(request.askedBy, to: authors)) else {
            throw CatalogError.notAllowed(
                what: "version \(version) cannot be approved by \(actor)",
                expected: "somebody who did not write it, make it or ask for it, nor has a key that they made")
        }
    }

    private func move(
        _ environment: String, to version: Int, _ release: ContainerRelease, isRollback: Bool
    ) throws {
        let environment = try ContainerRules.environment(environment)
        _ = try ContainerRows.version(version, of: container.id, in: database)
        guard release.environments.contains(where: { $0.name == environment && $0.version == version }) else {
            throw CatalogError.invalid(
                field: "release", value: environment, expected: "the scripts of version \(version)")
        }
        let isNew = container.environment(environment) == nil
        guard !isNew || container.environments.count < ContainerRules.environmentsMax else {
            throw CatalogError.invalid(
                field: "environments", value: "\(container.environments.count + 1) environments",
                expected: "at most \(ContainerRules.environmentsMax) a container: remove one")
        }
        try database.execute(
            sql: """
                INSERT INTO containerEnvironment (containerID, name, version, script, integrity, stamp, actor, at)
                    VALUES (:id, :name, :version, '', '', '', :actor, :now)
                    ON CONFLICT (containerID, name) DO UPDATE
                    SET version = excluded.version, actor = excluded.actor, at = excluded.at
                """, arguments: ["id": id, "name": environment, "version": version, "actor": actor, "now": now])
        try database.execute(
            sql: "DELETE FROM containerRequest WHERE containerID = ? AND environment = ?",
            arguments: [id, environment])
        try database.execute(
            sql: """
                INSERT INTO containerPublication (containerID, environment, version, isRollback, actor, at)
                    VALUES (?, ?, ?, ?, ?, ?)
                """, arguments: [id, environment, version, isRollback, actor, now])
        try database.execute(
            sql: """
                DELETE FROM containerPublication WHERE containerID = :id AND environment = :name AND number NOT IN (
                    SELECT number FROM containerPublication WHERE containerID = :id AND environment = :name
                        ORDER BY number DESC LIMIT :kept)
                """, arguments: ["id": id, "name": environment, "kept": ContainerRules.publicationsKept])
    }

    // MARK: Other steps

    private func kill(_ target: ContainerKill.Target) throws {
        let (kind, value) = try ContainerRules.target(target).words
        guard container.kills.count < ContainerRules.killsMax else {
            throw CatalogError.invalid(
                field: "kills", value: "\(container.kills.count + 1) kills",
                expected: "at most \(ContainerRules.killsMax) a container: kill the container, or lift one")
        }
        try database.execute(
            sql: "INSERT OR IGNORE INTO containerKill (containerID, kind, value, actor, at) VALUES (?, ?, ?, ?, ?)",
            arguments: [id, kind, value, actor, now])
        guard database.changesCount == 1 else {
            throw CatalogError.taken(field: "kill", value: value.isEmpty ? kind : value, by: "an earlier kill")
        }
        try audit("container.kill", "container:\(id)", value.isEmpty ? kind : "\(kind) \(value)")
    }

    private func apply(_ change: ContainerChange) throws {
        var words: [String] = []
        if let name = change.name, name != container.name {
            let name = try ContainerRules.name(name)
            try ContainerRows.checkFree(name, for: container.id, in: database)
            try database.execute(
                sql: "UPDATE container SET name = ?, foldedName = ? WHERE id = ?",
                arguments: [name, name.lowercased(), id])
            words.append("name")
        }
        if let sites = change.sites, sites != container.sites {
            try ContainerRows.put(sites, of: container.id, in: database)
            words.append("sites " + Set(sites).sorted().map(\.description).joined(separator: ","))
        }
        if let needsApproval = change.needsApproval, needsApproval != container.needsApproval {
            try database.execute(
                sql: "UPDATE container SET needsApproval = ? WHERE id = ?", arguments: [needsApproval, id])
            words.append(needsApproval ? "needs approval" : "needs no approval")
        }
        try audit("container.update", "container:\(id)", words.isEmpty ? "nothing" : words.joined(separator: "; "))
    }

    // MARK: Scripts

    private func put(_ release: ContainerRelease, after: Container, mustReplaceAll: Bool) throws {
        try CatalogStoreSQLite.check(release.stamp, of: after, in: database)
        for released in release.environments {
            guard after.environment(released.name)?.version == released.version else {
                throw CatalogError.conflict(
                    what: "environment '\(released.name)'", by: "somebody",
                    expected: "version \(released.version) in it: try again")
            }
            try ContainerScriptRows.put(released, of: container.id, stamp: release.stamp, in: database)
        }
        for preview in release.previews {
            guard let workspace = after.workspaces.first(where: { $0.id == preview.workspace }),
                workspace.revision == preview.revision
            else { continue }
            try ContainerScriptRows.put(preview, stamp: release.stamp, in: database)
        }
        if mustReplaceAll {
            let released = Set(release.environments.map(\.name))
            let isOld = after.environments.contains { $0.stamp != release.stamp && !released.contains($0.name) }
            guard !isOld else {
                throw CatalogError.invalid(
                    field: "release", value: container.name, expected: "the scripts of every environment")
            }
        }
        try ContainerScriptRows.trim(in: database)
        try ContainerScriptRows.touch(database)
    }
}

extension ContainerStep {
    /// True where every environment gets other scripts.
    fileprivate var changesEveryScript: Bool {
        switch self {
        case .kill, .lift: true
        case .change(let change): change.sites != nil
        case .publish, .approve, .rollback, .refresh: false
        }
    }
}
