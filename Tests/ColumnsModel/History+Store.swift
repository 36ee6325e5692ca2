package import Columns
internal import Events

/// Codes of a history as those of one store; remembers what it asked the store for.
package struct Translation {
    private let history: History
    private var known: [History.Vocabulary: [ValueCode]] = [:]

    package init(_ history: History) { self.history = history }

    /// A step in the store's codes.
    package mutating func translated(_ step: History.Step, _ store: any ColumnStore) -> History.Step {
        var result = step
        for index in result.events.indices {
            let site = result.events[index].site
            result.events[index].name = code(result.events[index].name, site, .eventName, store)
            result.events[index].page = code(result.events[index].page, site, .page, store)
            result.events[index].hostname = code(result.events[index].hostname, site, .hostname, store)
            for place in result.events[index].properties.indices {
                let property = result.events[index].properties[place]
                result.events[index].properties[place] = .init(
                    key: code(property.key, site, .propertyKey, store),
                    value: code(property.value, site, .propertyValue, store))
            }
        }
        for index in result.amendments.visits.indices {
            let site = result.amendments.visits[index].site
            let row = result.amendments.visits[index]
            result.amendments.visits[index].entryPage = code(row.entryPage, site, .page, store)
            result.amendments.visits[index].exitPage = code(row.exitPage, site, .page, store)
            for dimension in [Dimension.source, .channel, .country, .browser, .language] {
                result.amendments.visits[index][dimension] = code(row[dimension], site, dimension, store)
            }
        }
        return result
    }

    /// Forgets codes, as after a restart.
    package mutating func forget() { known = [:] }

    private mutating func code(
        _ code: ValueCode, _ site: SiteID, _ dimension: Dimension, _ store: any ColumnStore
    ) -> ValueCode {
        guard code > 0 else { return 0 }
        let key = History.Vocabulary(site: site, dimension: dimension.dictionary)
        let values = history.values[key, default: []]
        var codes = known[key] ?? [ValueCode](repeating: 0, count: values.count)
        if codes[Int(code - 1)] == 0 {
            let bytes = Array(values[Int(code - 1)].utf8)
            codes[Int(code - 1)] = store.code(of: bytes.span.bytes, site: site, dimension: dimension)
        }
        known[key] = codes
        return codes[Int(code - 1)]
    }
}
