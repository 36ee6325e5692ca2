package import Events

/// The dimensions whose values are dictionary-encoded, one dictionary a site and dimension. Raw values are
/// stored in parts and never reused.
@usableFromInline
package enum Dimension: UInt8, Sendable, CaseIterable {
    // of an event
    case eventName = 1
    case page = 2
    case hostname = 3
    case propertyKey = 4
    case propertyValue = 5
    // of a visit
    case referrer = 10
    case source = 11
    case channel = 12
    case utmSource = 13
    case utmMedium = 14
    case utmCampaign = 15
    case utmContent = 16
    case utmTerm = 17
    case country = 18
    case region = 19
    case city = 20
    case device = 21
    case browser = 22
    case browserVersion = 23
    case os = 24
    case osVersion = 25
    case screen = 26
    case language = 27
    /// Entry and exit pages are codes of the `page` dictionary.
    case entryPage = 28
    case exitPage = 29
}

/// A value's number in its site's dictionary for one dimension. 0 is "no value": null in reports.
package typealias ValueCode = UInt32

/// A visit's number: given by Visits at its first appearance in journal order, dense, never reused. 0 is none.
package typealias VisitNumber = UInt64

/// The dense number of an anchor, given at first appearance in journal order, whatever the identity rules.
/// 0 is no anchor.
package typealias AnchorNumber = UInt32

/// One event as the column store keeps it.
package struct EventRow: Sendable {
    package var position: Position
    package var site: SiteID
    package var visit: VisitNumber
    package var anchor: AnchorNumber
    package var occurredAt: Timestamp
    package var flags: EventFlags
    package var name: ValueCode
    package var page: ValueCode
    package var hostname: ValueCode
    package var revenue: Money?
    package var engagedMilliseconds: UInt32
    package var properties: [Property]

    package struct Property: Hashable, Sendable {
        package var key: ValueCode
        package var value: ValueCode
        package init(key: ValueCode, value: ValueCode) {
            self.key = key
            self.value = value
        }
    }

    package init(position: Position, site: SiteID, occurredAt: Timestamp, flags: EventFlags) {
        self.position = position
        self.site = site
        self.occurredAt = occurredAt
        self.flags = flags
        visit = 0
        anchor = 0
        name = 0
        page = 0
        hostname = 0
        revenue = nil
        engagedMilliseconds = 0
        properties = []
    }
}

/// One version of a visit; a newer one with the same number replaces it whole. Every event that is not
/// `neverCounted` has a visit. An event without an anchor is a visit row of its own with `anchorKind` none:
/// it carries the event's source, place and device for event metrics, and no visit metric counts it.
package struct VisitRow: Sendable {
    package var number: VisitNumber
    package var site: SiteID
    package var anchor: AnchorNumber
    package var anchorKind: AnchorKind
    package var startedAt: Timestamp
    /// The last event's time; `lastAt - startedAt` is the visit's duration.
    package var lastAt: Timestamp
    package var pageviews: UInt32
    /// All events, page views included.
    package var events: UInt32
    /// Events that break a bounce.
    package var interactiveEvents: UInt32
    package var engagedMilliseconds: UInt32
    package var isBot: Bool
    package var entryPage: ValueCode
    package var exitPage: ValueCode
    /// Codes of the visit dimensions by raw value minus `Dimension.referrer`'s: referrer … language.
    package var values: [18 of ValueCode]

    package init(number: VisitNumber, site: SiteID, startedAt: Timestamp) {
        self.number = number
        self.site = site
        self.startedAt = startedAt
        lastAt = startedAt
        anchor = 0
        anchorKind = .none
        pageviews = 0
        events = 0
        interactiveEvents = 0
        engagedMilliseconds = 0
        isBot = false
        entryPage = 0
        exitPage = 0
        values = InlineArray(repeating: 0)
    }

    package subscript(_ dimension: Dimension) -> ValueCode {
        get {
            let index = Int(dimension.rawValue) - Int(Dimension.referrer.rawValue)
            return index >= 0 && index < 18 ? values[index] : 0
        }
        set {
            let index = Int(dimension.rawValue) - Int(Dimension.referrer.rawValue)
            if index >= 0, index < 18 { values[index] = newValue }
        }
    }
}
