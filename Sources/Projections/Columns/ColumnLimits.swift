internal import Events

/// The store's bounds. Memory follows from them: at most `tailRowsMax` rows of about 240 bytes in tails, the
/// dictionaries' values, and what the kernel caches of the mapped parts.
package struct ColumnLimits: Sendable {
    /// Events or visits in one partition's tail before it becomes a part.
    package var partitionTailRowsMax = 65_536
    /// Rows in the tail of a day gone by that become a part at the next checkpoint; fewer do once no more have come.
    package var sealedTailRowsMin = 256
    /// Events and visits in all tails; beyond it the oldest days' tails become parts, down to half of it. Where there is
    /// no space for a part, no further batch is taken at this bound.
    package var tailRowsMax = 262_144
    /// Events or visits in a part that a merge makes.
    package var partRowsMax = 4_194_304
    /// Events that wait for their visit's first row. Beyond it `append` throws: the writer broke the port's rules.
    package var pendingEventsMax = 1_000_000
    /// Bytes of all values in one dictionary; beyond it new values get the code of "(other)".
    package var dictionaryBytesMax = 128 << 20
    /// Overrides of `distinctValuesMax(of:)`.
    package var distinctValues: [Dimension: Int] = [:]

    package init() {}

    /// How many distinct values a site may have for a dimension before new ones become "(other)".
    ///
    /// | dimension | bound |
    /// | --- | --- |
    /// | event name, property key | 1,000 |
    /// | page, referrer, property value | 1,000,000 |
    /// | source, utm parameters, city | 100,000 |
    /// | hostname, region, browser and OS version, screen, language | 10,000 |
    /// | country, browser, OS | 1,000 |
    /// | channel, device | 100 |
    package func distinctValuesMax(of dimension: Dimension) -> Int {
        if let override = distinctValues[dimension] { return override }
        return switch dimension {
        case .eventName, .propertyKey, .country, .browser, .os: 1_000
        case .page, .entryPage, .exitPage, .referrer, .propertyValue: 1_000_000
        case .source, .utmSource, .utmMedium, .utmCampaign, .utmContent, .utmTerm, .city: 100_000
        case .hostname, .region, .browserVersion, .osVersion, .screen, .language: 10_000
        case .channel, .device: 100
        }
    }
}

extension Dimension {
    /// The dimension whose dictionary holds the codes: entry and exit pages share the one of `page`.
    package var dictionary: Dimension { self == .entryPage || self == .exitPage ? .page : self }
}
