package import Catalog
internal import Events

/// A place's texts in the arena of the request.
struct PlacedTexts {
    var country: ArenaText
    var region: ArenaText
    var city: ArenaText
}

/// Finds country, region and city of the whole address, once a request. Does not apply where a server sends for its
/// visitors. With a database of cities, the last places are kept in a direct-mapped cache of 1,024 addresses a loop.
package struct GeoStep: CollectStep {
    package static let name = CollectStepName.geo
    static let cacheSlots = 1024
    private let visitor: VisitorState
    private let source: GeoSource
    private var cache: [(address: IPAddress, place: GeoPlace)]
    private var place = GeoPlace()

    init(_ visitor: VisitorState, source: GeoSource) {
        self.visitor = visitor
        self.source = source
        let isCached = if case .maxMind = source { true } else { false }
        cache =
            isCached
            ? Array(repeating: (IPAddress(high: 0, low: 0), GeoPlace()), count: GeoStep.cacheSlots) : []
    }

    package mutating func run(
        _ draft: inout EventDraft, of request: borrowing RequestFacts, for site: Site, arena: inout TextArena
    ) throws(Rejection) {
        // A translation sets a place only where a key says that the sender may.
        guard draft.country.isAbsent, draft.describesVisitor(request) || draft.knowsAddress else { return }
        let texts = visitor.place ?? find(request.address, &arena)
        visitor.place = texts
        draft.country = texts.country
        draft.region = texts.region
        draft.city = texts.city
    }

    private mutating func find(_ address: IPAddress, _ arena: inout TextArena) -> PlacedTexts {
        guard !cache.isEmpty else {
            place.removeAll()
            source.find(address, into: &place)
            return GeoStep.texts(place, &arena)
        }
        let mixed = (address.high ^ address.low &* 0x9E37_79B9_7F4A_7C15) &* 0x9E37_79B9_7F4A_7C15
        let slot = Int(truncatingIfNeeded: mixed >> 54)
        if cache[slot].address != address {
            cache[slot].address = address
            cache[slot].place.removeAll()
            source.find(address, into: &cache[slot].place)
        }
        return GeoStep.texts(cache[slot].place, &arena)
    }

    private static func texts(_ place: borrowing GeoPlace, _ arena: inout TextArena) -> PlacedTexts {
        var texts = PlacedTexts(country: .absent, region: .absent, city: .absent)
        if place.country.0 != 0 {
            let start = arena.count
            arena.appendByte(place.country.0)
            arena.appendByte(place.country.1)
            texts.country = arena.text(from: start)
        }
        if !place.region.isEmpty { texts.region = arena.append(place.region.span.bytes) }
        if !place.city.isEmpty { texts.city = arena.append(place.city.span.bytes) }
        return texts
    }
}
