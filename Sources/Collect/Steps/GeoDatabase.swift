package import Events

/// Where an address is, as far as the database knows. Reused from lookup to lookup: its arrays keep their memory.
package struct GeoPlace: Hashable, Sendable {
    /// Two upper-case letters (ISO 3166-1), or 0 and 0.
    package var country: (UInt8, UInt8) = (0, 0)
    /// The ISO 3166-2 subdivision without the country, or its English name; empty where unknown.
    package var region: [UInt8] = []
    /// The English name; empty where unknown.
    package var city: [UInt8] = []
    /// The longest region or city taken; longer ones are cut.
    package static let nameBytesMax = 120

    package init() {}

    package mutating func removeAll() {
        country = (0, 0)
        region.removeAll(keepingCapacity: true)
        city.removeAll(keepingCapacity: true)
    }

    package static func == (left: GeoPlace, right: GeoPlace) -> Bool {
        left.country == right.country && left.region == right.region && left.city == right.city
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(country.0)
        hasher.combine(country.1)
        hasher.combine(region)
        hasher.combine(city)
    }
}

/// Finds an address's place. Immutable once open and safe to share between threads; never fails: what it cannot read it
/// does not know.
package protocol GeoDatabase: Sendable {
    /// Fills `place`, which the caller has emptied.
    func find(_ address: IPAddress, into place: inout GeoPlace)
    /// What it is and how much it holds, for the start's log.
    var summary: String { get }
}

/// The database in use, chosen at the start. An enum, so that no lookup goes through an existential.
package enum GeoSource: Sendable {
    case none
    case maxMind(MaxMindDatabase)
    case tor(TorGeoDatabase)

    /// The configured mmdb file; without one the files of Debian's tor-geoipdb; without those nothing. A configured file
    /// that cannot be used is an error, not a silent fallback. Blocks, some 150 ms for the text files.
    package static func open(
        databasePath: String?, torDirectory: String = TorGeoDatabase.debianDirectory
    ) throws(PrivacyError) -> GeoSource {
        if let databasePath { return .maxMind(try MaxMindDatabase(path: databasePath)) }
        guard let tor = try TorGeoDatabase(directory: torDirectory) else { return .none }
        return .tor(tor)
    }

    package var summary: String {
        switch self {
        case .none: "no geo database: countries stay unknown"
        case .maxMind(let database): database.summary
        case .tor(let database): database.summary
        }
    }

    package func find(_ address: IPAddress, into place: inout GeoPlace) {
        switch self {
        case .none: break
        case .maxMind(let database): database.find(address, into: &place)
        case .tor(let database): database.find(address, into: &place)
        }
    }
}
