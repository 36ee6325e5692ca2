internal import Catalog
internal import Events
internal import GRDB

/// How aliases and rows become each other. Every function runs inside a transaction of its caller.
extension CatalogRows {
    /// All of them by site, protocol and value.
    static func aliases(_ database: Database) throws -> [SiteAlias] {
        let sql = "SELECT * FROM siteAlias ORDER BY siteID, protocol, value"
        return try Row.fetchAll(database, sql: sql).map(alias)
    }

    /// The alias that a protocol's value is, whosever.
    static func alias(_ named: AliasProtocol, _ value: String, in database: Database) throws -> SiteAlias? {
        try Row.fetchOne(
            database, sql: "SELECT * FROM siteAlias WHERE protocol = ? AND value = ?",
            arguments: [named.rawValue, value]
        ).map(alias)
    }

    private static func alias(_ row: Row) throws -> SiteAlias {
        let value: String = row["value"]
        guard let named = AliasProtocol(rawValue: row["protocol"]) else {
            throw Unreadable(table: "siteAlias", id: value, column: "protocol")
        }
        guard let consent = AliasConsent(rawValue: row["consent"]) else {
            throw Unreadable(table: "siteAlias", id: value, column: "consent")
        }
        let site = SiteID(UInt32(clamping: row["siteID"] as Int64))
        return SiteAlias(site: site, protocol: named, value: value, consent: consent)
    }

    /// Adds the alias or gives it its new consent.
    static func put(_ alias: SiteAlias, in database: Database) throws {
        try checkFree(alias, in: database)
        let site = Int64(alias.site.rawValue)
        try database.execute(
            sql: """
                INSERT INTO siteAlias (protocol, value, siteID, consent) VALUES (?, ?, ?, ?)
                    ON CONFLICT (protocol, value) DO UPDATE SET consent = excluded.consent
                """, arguments: [alias.protocol.rawValue, alias.value, site, alias.consent.rawValue])
        let sql = "SELECT count(*) FROM siteAlias WHERE siteID = ?"
        let count = try Int.fetchOne(database, sql: sql, arguments: [site]) ?? 0
        guard count <= AliasRules.aliasesPerSiteMax else {
            throw CatalogError.invalid(
                field: "aliases", value: "\(count) aliases", expected: "at most \(AliasRules.aliasesPerSiteMax) a site")
        }
    }

    /// Throws when the value means another site: by an alias, by its key, or by its domain to Plausible's clients. Else
    /// one site's manager could take another's events. Keys are compared as if all letters were small, as some
    /// protocols' values are.
    private static func checkFree(_ alias: SiteAlias, in database: Database) throws {
        let owner = try Int64.fetchOne(
            database,
            sql: """
                SELECT siteID FROM siteAlias WHERE protocol = :protocol AND value = :value AND siteID <> :site
                UNION ALL SELECT id FROM site WHERE key = :value COLLATE NOCASE AND id <> :site
                UNION ALL SELECT siteID FROM siteDomain
                    WHERE domain = :value AND :protocol = 'plausible' AND siteID <> :site
                LIMIT 1
                """,
            arguments: [
                "protocol": alias.protocol.rawValue, "value": alias.value, "site": Int64(alias.site.rawValue),
            ])
        if let owner { throw CatalogError.taken(field: "value", value: alias.value, by: "site \(owner)") }
    }

    static func remove(_ alias: SiteAlias, in database: Database) throws {
        try database.execute(
            sql: "DELETE FROM siteAlias WHERE protocol = ? AND value = ?",
            arguments: [alias.protocol.rawValue, alias.value])
    }
}
