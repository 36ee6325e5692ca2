import Events

/// A record's fields as values, so that expectations can hold them.
struct SeenEvent {
    var site = SiteID(0)
    var flags = EventFlags(rawValue: 0)
    var consent = Consent.unknown
    var milliseconds: Int64 = 0
    var name, url, referrer, agent, anonymousID, title, clientEventID, screen, language, country: String?
    var dailyID, previousDailyID, deviceID, userHash, claimedHash: ID128?
    var network: [UInt8]?
    var wireProtocol: UInt8?
    var status: UInt16?
    var revenue: Money?
    var engagedMilliseconds: UInt32?
    var clockOffset: Int64?
    var properties: [String] = []
    /// `id|name|quantity|price`, the numbers in millionths.
    var items: [String] = []

    init(_ record: [UInt8]) throws {
        let view = try EventView(record.span.bytes)
        site = view.site
        flags = view.flags
        consent = view.consent
        milliseconds = view.occurredAt.milliseconds
        name = view.text(.name)
        url = view.text(.url)
        referrer = view.text(.referrer)
        agent = view.text(.userAgent)
        anonymousID = view.text(.anonymousID)
        title = view.text(.title)
        clientEventID = view.text(.clientEventID)
        screen = view.text(.screen)
        language = view.text(.language)
        country = view.text(.country)
        engagedMilliseconds = view.varint(.engagedMilliseconds)
        clockOffset = view.int64(.clockOffset)
        claimedHash = view.id(.claimedHash)
        dailyID = view.id(.dailyID)
        previousDailyID = view.id(.previousDailyID)
        deviceID = view.id(.deviceID)
        userHash = view.id(.userHash)
        if let range = view.range(of: .network) { network = Array(record[range]) }
        wireProtocol = view.byte(.wireProtocol)
        if let range = view.range(of: .httpStatus) {
            status = UInt16(record[range.lowerBound]) | UInt16(record[range.lowerBound + 1]) << 8
        }
        revenue = view.revenue
        view.forEachProperty { key, type, value in
            let text = type == .boolean ? "\(record[value.lowerBound])" : String(decoding: record[value], as: UTF8.self)
            properties.append("\(String(decoding: record[key], as: UTF8.self)):\(type):\(text)")
        }
        view.forEachItem { id, name, quantity, price in
            let texts = [id, name].map { String(decoding: record[$0], as: UTF8.self) }
            items.append("\(texts[0])|\(texts[1])|\(quantity)|\(price.map { "\($0)" } ?? "")")
        }
    }
}
