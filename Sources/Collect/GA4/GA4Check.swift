internal import Catalog
internal import Events
internal import RequestParsing

/// What is wrong with a request to the Measurement Protocol, in the form of Google's own check. Its texts are the
/// program's, so nothing of the request stands in the answer.
///
///     {"validationMessages":[{"fieldPath":"events","description":"…","validationCode":"NAME_INVALID"}]}
struct GA4Check {
    enum Code: String {
        case valueInvalid = "VALUE_INVALID"
        case valueRequired = "VALUE_REQUIRED"
        case valueOutOfBounds = "VALUE_OUT_OF_BOUNDS"
        case nameInvalid = "NAME_INVALID"
        case nameReserved = "NAME_RESERVED"
        case tooMany = "EXCEEDED_MAX_ENTITIES"
    }

    /// Google's limits.
    static let eventsMax = 25
    static let parametersMax = 25
    static let nameBytesMax = 40
    private static let messagesMax = 50
    private static let reservedEvents: [StaticString] = [
        "ad_activeview", "ad_click", "ad_exposure", "ad_query", "ad_reward", "adunit_exposure", "app_clear_data",
        "app_exception", "app_install", "app_remove", "app_store_refund", "app_store_subscription_cancel",
        "app_store_subscription_convert", "app_store_subscription_renew", "app_update", "app_upgrade",
        "dynamic_link_app_open", "dynamic_link_app_update", "dynamic_link_first_open", "error", "first_open",
        "first_visit", "in_app_purchase", "notification_dismiss", "notification_foreground", "notification_open",
        "notification_receive", "os_update", "session_start", "user_engagement",
    ]
    private static let reservedBeginnings: [StaticString] = ["_", "firebase_", "ga_", "google_", "gtag."]

    private struct Message {
        var path: StaticString
        var text: StaticString
        var code: Code
        /// Which event.
        var index: Int?
    }

    private var messages: [Message] = []

    private mutating func say(_ path: StaticString, _ text: StaticString, _ code: Code, at index: Int? = nil) {
        guard messages.count < Self.messagesMax else { return }
        messages.append(Message(path: path, text: text, code: code, index: index))
    }

    // MARK: checks

    mutating func run(_ request: borrowing ForeignRequest, limits: CollectLimits) {
        checkSite(request)
        let body = request.body
        var tree = JSONTree()
        guard (try? tree.read(body, limits)) != nil,
            tree.kind(0) == .object
        else { return say("", "The body is no JSON object.", .valueInvalid) }
        let client = tree.member("client_id", of: 0, in: body) ?? tree.member("app_instance_id", of: 0, in: body)
        if client == nil { say("client_id", "A client_id is required.", .valueRequired) }
        if let client, tree.kind(client) != .string || tree.nodes[client].token.range.isEmpty {
            say("client_id", "The client_id must be text that is not empty.", .valueInvalid)
        }
        checkTime(tree, 0, body, received: request.facts.receivedAt)
        checkConsent(tree, body)
        if let traits = tree.member("user_properties", of: 0, in: body), members(tree, traits) > Self.parametersMax {
            say("user_properties", "At most 25 user properties are taken.", .tooMany)
        }
        guard let events = tree.member("events", of: 0, in: body) else {
            return say("events", "Events are required.", .valueRequired)
        }
        guard tree.kind(events) == .array else {
            return checkEvent(tree, events, body, at: 0, received: request.facts.receivedAt)
        }
        var child = tree.first(in: events)
        var index = 0
        while let one = child, index < Self.eventsMax {
            checkEvent(tree, one, body, at: index, received: request.facts.receivedAt)
            child = tree.next(after: one, in: events)
            index += 1
        }
        if index == 0 { say("events", "Events are required.", .valueRequired) }
        if child != nil { say("events", "At most 25 events are taken in one request.", .tooMany) }
    }

    private mutating func checkSite(_ request: borrowing ForeignRequest) {
        let query = request.query
        var pairs = QueryPairs(query)
        while let pair = pairs.next() {
            let key = query.extracting(pair.key)
            guard key.equals("measurement_id") || key.equals("firebase_app_id") else { continue }
            guard request.catalog.alias(.ga4, value: query.extracting(pair.value)) == nil else { return }
            return say("measurement_id", "No site here has this measurement_id.", .valueInvalid)
        }
        say("measurement_id", "A measurement_id is required.", .valueRequired)
    }

    private mutating func checkTime(
        _ tree: borrowing JSONTree, _ node: Int, _ body: RawSpan, received: Timestamp, at index: Int? = nil
    ) {
        guard let member = tree.member("timestamp_micros", of: node, in: body) else { return }
        guard let micros = DecimalText.wholePart(body.extracting(tree.nodes[member].token.range)),
            TimeText.range.contains(micros / 1_000)
        else { return say("timestamp_micros", "The time must be whole microseconds.", .valueInvalid, at: index) }
        let age = received.milliseconds(since: Timestamp(milliseconds: micros / 1_000))
        if age > TimeStep.pastMilliseconds || age < -TimeStep.futureMilliseconds {
            say(
                "timestamp_micros", "Without a key of this server the time must lie in the last 48 hours.",
                .valueOutOfBounds, at: index)
        }
    }

    private mutating func checkConsent(_ tree: borrowing JSONTree, _ body: RawSpan) {
        guard let consent = tree.member("consent", of: 0, in: body) else { return }
        for name in ["ad_user_data", "ad_personalization"] as [StaticString] {
            guard let member = tree.member(name, of: consent, in: body) else { continue }
            let word = body.extracting(tree.nodes[member].token.range)
            if tree.kind(member) != .string || GA4Consent.state(word) == .unknown {
                say("consent", "Consent is GRANTED or DENIED.", .valueInvalid)
            }
        }
    }

    private mutating func checkEvent(
        _ tree: borrowing JSONTree, _ node: Int, _ body: RawSpan, at index: Int, received: Timestamp
    ) {
        guard tree.kind(node) == .object else {
            return say("events", "An event is an object.", .valueInvalid, at: index)
        }
        checkTime(tree, node, body, received: received, at: index)
        guard let name = tree.member("name", of: node, in: body), tree.kind(name) == .string else {
            return say("events", "An event has a name.", .valueRequired, at: index)
        }
        let word = body.extracting(tree.nodes[name].token.range)
        if Self.isReserved(word) {
            say("events", "The event's name is reserved.", .nameReserved, at: index)
        } else if !Self.isName(word) {
            say(
                "events", "A name begins with a letter and has at most 40 letters, digits and underscores.",
                .nameInvalid, at: index)
        }
        guard let parameters = tree.member("params", of: node, in: body) else { return }
        guard tree.kind(parameters) == .object else {
            return say("events.params", "The parameters are an object.", .valueInvalid, at: index)
        }
        checkParameters(tree, parameters, body, at: index)
        if tree.member("value", of: parameters, in: body) != nil,
            tree.member("currency", of: parameters, in: body) == nil
        {
            say("events.params.currency", "A value needs a currency.", .valueRequired, at: index)
        }
    }

    private mutating func checkParameters(_ tree: borrowing JSONTree, _ node: Int, _ body: RawSpan, at index: Int) {
        if members(tree, node) > Self.parametersMax {
            say("events.params", "At most 25 parameters are taken.", .tooMany, at: index)
        }
        var child = tree.first(in: node)
        var count = 0
        while let one = child, count < Self.parametersMax {
            child = tree.next(after: one, in: node)
            count += 1
            guard let key = tree.nodes[one].key else { continue }
            let word = body.extracting(key.range)
            let isOwn = word.equals("_dbg") || word.equals("ga_session_id") || word.equals("ga_session_number")
            if Self.reservedBeginnings.contains(where: { Self.begins(word, $0) }), !isOwn {
                say("events.params", "A parameter's name is reserved.", .nameReserved, at: index)
            } else if !isOwn, !Self.isName(word) {
                say("events.params", "A parameter's name is invalid.", .nameInvalid, at: index)
            }
        }
    }

    /// How many members there are, counted to just beyond the limit.
    private func members(_ tree: borrowing JSONTree, _ node: Int) -> Int {
        var count = 0
        var child = tree.first(in: node)
        while let one = child, count <= Self.parametersMax {
            child = tree.next(after: one, in: node)
            count += 1
        }
        return count
    }

    private static func isReserved(_ name: RawSpan) -> Bool {
        reservedEvents.contains { name.equals($0) } || reservedBeginnings.dropFirst().contains { begins(name, $0) }
    }

    private static func isName(_ name: RawSpan) -> Bool {
        guard name.byteCount > 0, name.byteCount <= nameBytesMax, ASCII.isLetter(name.byte(at: 0)) else { return false }
        for offset in 0..<name.byteCount {
            guard ASCII.isAlphanumeric(name.byte(at: offset)) || name.byte(at: offset) == UInt8(ascii: "_") else {
                return false
            }
        }
        return true
    }

    private static func begins(_ name: RawSpan, _ beginning: StaticString) -> Bool {
        let count = beginning.utf8CodeUnitCount
        return name.byteCount >= count && name.extracting(first: count).equals(beginning)
    }

    // MARK: answer

    func write(into bytes: inout [UInt8]) {
        bytes.append(contentsOf: "{\"validationMessages\":[".utf8)
        for (place, message) in messages.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(contentsOf: "{\"fieldPath\":\"\(message.path)\",\"description\":\"".utf8)
            if let index = message.index { bytes.append(contentsOf: "Event at index [\(index)]: ".utf8) }
            bytes.append(contentsOf: "\(message.text)\",\"validationCode\":\"\(message.code.rawValue)\"}".utf8)
        }
        bytes.append(contentsOf: "]}".utf8)
    }
}
