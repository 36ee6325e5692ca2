internal import Catalog
internal import Events
internal import Foundation
internal import GRDB

/// How definitions and rows become each other. Every function runs inside a transaction of its caller. Values are
/// always bound, never written into the statement.
enum CatalogRows {
    private static let lists = ["query", "network", "referrer"]

    /// A row that does not read as it was written.
    struct Unreadable: Error, CustomStringConvertible {
        let table: String
        let id: String
        let column: String
        var description: String { "table \(table), row \(id), column \(column) has an unknown value" }
    }

    // MARK: Sites

    static func snapshot(_ database: Database) throws -> CatalogSnapshot {
        let generation = try Int64.fetchOne(database, sql: "SELECT generation FROM catalogState") ?? 0
        let scripts = try Int64.fetchOne(database, sql: "SELECT scriptsGeneration FROM catalogState") ?? 0
        return CatalogSnapshot(
            generation: UInt64(clamping: generation), sites: try sites(database), keys: try keys(database),
            aliases: try aliases(database), containers: try ContainerRows.containers(database),
            scriptsGeneration: UInt64(clamping: scripts))
    }

    static func site(_ id: SiteID, in database: Database) throws -> Site {
        guard let site = try sites(database, only: id).first else {
            throw CatalogError.notFound(kind: "site", reference: "\(id)")
        }
        return site
    }

    private static func sites(_ database: Database, only id: SiteID? = nil) throws -> [Site] {
        let chosen = id.map { Int64($0.rawValue) }
        let arguments: StatementArguments = [chosen, chosen]
        var domains: [Int64: [String]] = [:]
        for row in try Row.fetchAll(
            database, sql: "SELECT siteID, domain FROM siteDomain WHERE ? IS NULL OR siteID = ? ORDER BY siteID, place",
            arguments: arguments)
        { domains[row["siteID"], default: []].append(row["domain"]) }
        var entries: [Int64: [String: [String]]] = [:]
        for row in try Row.fetchAll(
            database, sql: "SELECT * FROM siteEntry WHERE ? IS NULL OR siteID = ? ORDER BY siteID, kind, place",
            arguments: arguments)
        { entries[row["siteID"], default: [:]][row["kind"], default: []].append(row["value"]) }
        let rows = try Row.fetchAll(
            database, sql: "SELECT * FROM site WHERE ? IS NULL OR id = ? ORDER BY id", arguments: arguments)
        return try rows.map { row in
            let id: Int64 = row["id"]
            return try site(row, domains: domains[id] ?? [], entries: entries[id] ?? [:])
        }
    }

    private static func site(_ row: Row, domains: [String], entries: [String: [String]]) throws -> Site {
        let id: Int64 = row["id"]
        func known<Value: RawRepresentable<String>>(_ column: String) throws -> Value {
            guard let value = Value(rawValue: row[column]) else {
                throw Unreadable(table: "site", id: "\(id)", column: column)
            }
            return value
        }
        guard let number = UInt32(exactly: id), !domains.isEmpty else {
            throw Unreadable(table: "site", id: "\(id)", column: domains.isEmpty ? "domains" : "id")
        }
        var draft = SiteDraft(name: row["name"], domains: domains)
        draft.timeZone = row["timeZone"]
        draft.currency = row["currency"]
        draft.unknownConsent = try known("unknownConsent")
        draft.consentDefault = try known("consentDefault")
        draft.retentionMonths = row["retentionMonths"]
        draft.splitsVisitsAtMidnight = row["splitsVisitsAtMidnight"]
        draft.splitsVisitsOnCampaign = row["splitsVisitsOnCampaign"]
        draft.allowedQueryParameters = entries["query"] ?? []
        draft.excludedNetworks = entries["network"] ?? []
        draft.excludedReferrers = entries["referrer"] ?? []
        return draft.site(id: SiteID(number), key: row["key"])
    }

    /// Throws when one of the domains is another site's.
    static func checkFree(_ domains: [String], for id: SiteID?, in database: Database) throws {
        for domain in domains {
            let owner = try Int64.fetchOne(
                database, sql: "SELECT siteID FROM siteDomain WHERE domain = ?", arguments: [domain])
            if let owner, owner != id.map({ Int64($0.rawValue) }) {
                throw CatalogError.taken(field: "domains", value: domain, by: "site \(owner)")
            }
        }
    }

    /// A fresh key whose path prefix no other site has. O(sites).
    static func freshKey(in database: Database) throws -> String {
        let prefixes = Set(try String.fetchAll(database, sql: "SELECT key FROM site").map(PathPrefix.derived))
        while true {
            let key = Base64URL.randomName(byteCount: 16)
            if !prefixes.contains(PathPrefix.derived(from: key)) { return key }
        }
    }

    static func insert(_ draft: SiteDraft, key: String, in database: Database) throws -> SiteID {
        try database.execute(
            sql: """
                INSERT INTO site (key, name, timeZone, currency, unknownConsent, consentDefault, retentionMonths,
                    splitsVisitsAtMidnight, splitsVisitsOnCampaign) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, arguments: [key] + columns(of: draft))
        let id = database.lastInsertedRowID
        guard let number = UInt32(exactly: id) else { throw Unreadable(table: "site", id: "\(id)", column: "id") }
        try insertLists(of: draft, id: id, in: database)
        return SiteID(number)
    }

    static func update(_ id: SiteID, to draft: SiteDraft, in database: Database) throws {
        let number = Int64(id.rawValue)
        try database.execute(
            sql: """
                UPDATE site SET name = ?, timeZone = ?, currency = ?, unknownConsent = ?, consentDefault = ?,
                    retentionMonths = ?, splitsVisitsAtMidnight = ?, splitsVisitsOnCampaign = ? WHERE id = ?
                """, arguments: columns(of: draft) + [number])
        try database.execute(sql: "DELETE FROM siteDomain WHERE siteID = ?", arguments: [number])
        try database.execute(sql: "DELETE FROM siteEntry WHERE siteID = ?", arguments: [number])
        try insertLists(of: draft, id: number, in: database)
    }

    private static func columns(of draft: SiteDraft) -> StatementArguments {
        [
            draft.name, draft.timeZone, draft.currency, draft.unknownConsent.rawValue, draft.consentDefault.rawValue,
            draft.retentionMonths, draft.splitsVisitsAtMidnight, draft.splitsVisitsOnCampaign,
        ]
    }

    private static func insertLists(of draft: SiteDraft, id: Int64, in database: Database) throws {
        for (place, domain) in draft.domains.enumerated() {
            try database.execute(
                sql: "INSERT INTO siteDomain (domain, siteID, place) VALUES (?, ?, ?)", arguments: [domain, id, place])
        }
        let values = [draft.allowedQueryParameters, draft.excludedNetworks, draft.excludedReferrers]
        for (kind, list) in zip(lists, values) {
            for (place, value) in list.enumerated() {
                try database.execute(
                    sql: "INSERT INTO siteEntry (siteID, kind, place, value) VALUES (?, ?, ?, ?)",
                    arguments: [id, kind, place, value])
            }
        }
    }

    /// The names of the fields that differ, for the audit trail.
    static func differences(_ before: SiteDraft, _ after: SiteDraft) -> String {
        var names: [String] = []
        func compare<Value: Equatable>(_ name: String, _ value: (SiteDraft) -> Value) {
            if value(before) != value(after) { names.append(name) }
        }
        compare("name", \.name)
        compare("domains", \.domains)
        compare("timeZone", \.timeZone)
        compare("currency", \.currency)
        compare("unknownConsent", \.unknownConsent)
        compare("consentDefault", \.consentDefault)
        compare("retentionMonths", \.retentionMonths)
        compare("splitsVisitsAtMidnight", \.splitsVisitsAtMidnight)
        compare("splitsVisitsOnCampaign", \.splitsVisitsOnCampaign)
        compare("allowedQueryParameters", \.allowedQueryParameters)
        compare("excludedNetworks", \.excludedNetworks)
        compare("excludedReferrers", \.excludedReferrers)
        return names.isEmpty ? "nothing" : names.joined(separator: " ")
    }

    // MARK: Keys

    private static func keys(_ database: Database) throws -> [APIKey] {
        var sites: [String: Set<SiteID>] = [:]
        for row in try Row.fetchAll(database, sql: "SELECT keyID, siteID FROM apiKeySite") {
            sites[row["keyID"], default: []].insert(SiteID(UInt32(clamping: row["siteID"] as Int64)))
        }
        let sql = "SELECT * FROM apiKey LEFT JOIN keyMaker ON keyID = id ORDER BY createdAt, id"
        return try Row.fetchAll(database, sql: sql).map { row in
            let id: String = row["id"]
            guard let role = Role(rawValue: row["role"]) else {
                throw Unreadable(table: "apiKey", id: id, column: "role")
            }
            let digest: Data = row["digest"]
            return APIKey(
                id: id, name: row["name"], role: role, scope: row["allSites"] ? .all : .only(sites[id] ?? []),
                digest: [UInt8](digest), createdAt: Timestamp(milliseconds: row["createdAt"]),
                makers: ActorList.names(row["makers"] ?? ""))
        }
    }

    static func insert(_ key: APIKey, in database: Database) throws {
        try database.execute(
            sql: "INSERT INTO apiKey (id, name, role, allSites, digest, createdAt) VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [
                key.id, key.name, key.role.rawValue, key.scope == .all, Data(key.digest), key.createdAt.milliseconds,
            ])
        guard case .only(let sites) = key.scope else { return }
        for id in sites.sorted() {
            let site = try site(id, in: database)
            try database.execute(
                sql: "INSERT INTO apiKeySite (keyID, siteID) VALUES (?, ?)",
                arguments: [key.id, Int64(site.id.rawValue)])
        }
    }

    // MARK: Audit

    static func audit(_ entry: AuditEntry, in database: Database) throws {
        try database.execute(
            sql: "INSERT INTO audit (at, actor, action, object, detail) VALUES (?, ?, ?, ?, ?)",
            arguments: [entry.atMilliseconds, entry.actor, entry.action, entry.object, entry.detail])
    }

    static func auditEntries(limit: Int, in database: Database) throws -> [AuditEntry] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM audit ORDER BY number DESC LIMIT ?", arguments: [limit]
        ).map { row in
            AuditEntry(
                number: row["number"], atMilliseconds: row["at"], actor: row["actor"], action: row["action"],
                object: row["object"], detail: row["detail"])
        }
    }
}
