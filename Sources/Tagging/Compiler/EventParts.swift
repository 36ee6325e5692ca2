/// What a Highland event is made of, while it is gathered from one of Google's tags.
struct EventParts {
    var name: Parameter
    private var properties: [Parameter] = []
    private var named: [Parameter.Member] = []
    var layer: [LayerField] = []

    init(name: Parameter) {
        self.name = name
    }

    /// Under the keys of the type `highlandEvent`.
    var parameters: [Parameter.Member] {
        var all = named
        if name.text?.isEmpty == false { all.insert(.init("name", name), at: 0) }
        if !properties.isEmpty { all.append(.init("properties", .list(properties))) }
        return all
    }

    /// One parameter of GA4's; those that say whom or where Google is to count are left out. An event of a transaction
    /// gets an id of it, so that a page that is loaded again does not count it again.
    mutating func take(_ row: Parameter.Member) {
        switch row.key {
        case "value": named["revenue"] = row.value
        case "currency", "items": named[row.key] = row.value
        case "user_id": named["userID"] = row.value
        case "page_title": named["title"] = row.value
        case "page_location": named["url"] = row.value
        case "send_to", "transport_url", "first_party_collection", "server_container_url", "debug_mode",
            "page_referrer", "send_page_view", "transport_type":
            return
        default:
            if row.key == "transaction_id", let event = name.text, let transaction = row.value.text, transaction != "" {
                named["id"] = .template(event + " " + transaction)
            }
            addProperty(row.key, row.value)
        }
    }

    mutating func addProperty(_ key: String, _ value: Parameter) {
        properties.append(.map([.init("key", .template(key)), .init("value", value)]))
    }

    /// Revenue, currency, items and id from an e-commerce object, where the tag does not name them itself: the data
    /// layer's, or the one that a variable gives.
    mutating func addCommerce(_ object: Parameter?) {
        named["ecommerce"] = object ?? .boolean("true")
    }
}

/// A parameter that is read from the data layer, without a variable of the container's.
struct LayerField: Sendable, Hashable {
    /// The parameter of the Highland event.
    let key: String
    let source: Source

    enum Source: Sendable, Hashable {
        /// By dots.
        case path(String)
        /// What Universal Analytics' enhanced e-commerce object is about, in the words of GA4: `purchase`.
        case action
    }

    /// Members of `ecommerce` and the events that they mean; the first that is there counts.
    static let actions = [
        ("purchase", "purchase"), ("refund", "refund"), ("checkout", "begin_checkout"), ("add", "add_to_cart"),
        ("remove", "remove_from_cart"), ("detail", "view_item"), ("click", "select_item"),
    ]
}
