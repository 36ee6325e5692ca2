internal import GRDB

/// The layout of `catalog.sqlite`, one migration a version. A migration that was released is never edited; a file
/// with a migration that this program does not know is refused.
///
///     catalogState   one row: the generation, raised by every change
///     site           a row a site; numbers are never reused (AUTOINCREMENT)
///     siteDomain     host -> site, unique over all sites
///     siteEntry      the lists of a site: query parameters, networks, referrers
///     siteAlias      (protocol, value) -> site, consent: the names that other vendors' clients use for a site
///     apiKey         identifier, role, digest; `allSites` or the rows of apiKeySite
///     audit          a row a change
///
/// Version 2 adds containers: `CatalogStoreSchema+Containers.swift`.
enum CatalogSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("v1") { try $0.execute(sql: version1) }
        migrator.registerMigration("v2", migrate: migrateToVersion2)
        return migrator
    }

    private static let version1 = """
        CREATE TABLE catalogState (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            generation INTEGER NOT NULL
        ) STRICT;
        INSERT INTO catalogState VALUES (1, 1);

        CREATE TABLE site (
            id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id BETWEEN 1 AND 4294967295),
            key TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            timeZone TEXT NOT NULL,
            currency TEXT NOT NULL,
            unknownConsent TEXT NOT NULL,
            consentDefault TEXT NOT NULL,
            retentionMonths INTEGER NOT NULL,
            splitsVisitsAtMidnight INTEGER NOT NULL,
            splitsVisitsOnCampaign INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE siteDomain (
            domain TEXT PRIMARY KEY,
            siteID INTEGER NOT NULL REFERENCES site(id) ON DELETE CASCADE,
            place INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX siteDomainBySite ON siteDomain(siteID, place);

        CREATE TABLE siteEntry (
            siteID INTEGER NOT NULL REFERENCES site(id) ON DELETE CASCADE,
            kind TEXT NOT NULL CHECK (kind IN ('query', 'network', 'referrer')),
            place INTEGER NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (siteID, kind, place)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE siteAlias (
            protocol TEXT NOT NULL,
            value TEXT NOT NULL,
            siteID INTEGER NOT NULL REFERENCES site(id) ON DELETE CASCADE,
            consent TEXT NOT NULL,
            PRIMARY KEY (protocol, value)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX siteAliasBySite ON siteAlias(siteID);

        CREATE TABLE apiKey (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            role TEXT NOT NULL,
            allSites INTEGER NOT NULL,
            digest BLOB NOT NULL CHECK (length(digest) = 32),
            createdAt INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE apiKeySite (
            keyID TEXT NOT NULL REFERENCES apiKey(id) ON DELETE CASCADE,
            siteID INTEGER NOT NULL REFERENCES site(id) ON DELETE CASCADE,
            PRIMARY KEY (keyID, siteID)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX apiKeySiteBySite ON apiKeySite(siteID);

        CREATE TABLE audit (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            at INTEGER NOT NULL,
            actor TEXT NOT NULL,
            action TEXT NOT NULL,
            object TEXT NOT NULL,
            detail TEXT NOT NULL
        ) STRICT;
        """
}
