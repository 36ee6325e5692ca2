/// What a Highland event is made of.
struct EventParts {
    var name: Parameter
    private var properties: [Parameter] = []
    private var named: [Parameter.Member] = []
    var commerce: [CommerceField] = []

    init(name: Parameter) {
        self.name = name
    }

    var parameters: [Parameter.Member] {
        var all = named
        if name.text?.isEmpty == false { all.insert(.init("name", name), at: 0) }
        if !properties.isEmpty { all.append(.init("properties", .list(properties))) }
        return all
    }

    /// One parameter of GA4's; those that say whom or where Google is to count are left out.
    mutating func take(_ row: Parameter.Member) {
        switch row.key {
        case "value": named["revenue"] = row.value
        case "currency", "items": named[row.key] = row.value
        case "transaction_id": named["id"] = row.value
        case "user_id": named["userID"] = row.value
        case "send_to", "transport_url", "first_party_collection", "server_container_url", "debug_mode": return
        default: addProperty(row.key, row.value)
        }
    }

    mutating func addProperty(_ key: String, _ value: Parameter) {
        properties.append(.map([.init("key", .template(key)), .init("value", value)]))
    }

    /// Revenue, currency, items and id from an e-commerce object, where the tag does not name them itself.
    mutating func addCommerce(_ source: CommerceField.Source) {
        for (key, member) in [("revenue", CommerceField.Member.revenue), ("currency", .currency), ("items", .items),
            ("id", .transaction)] where named[key] == nil {
            commerce.append(CommerceField(key: key, source: source, member: member))
        }
    }
}

/// A parameter that the runtime takes out of an e-commerce object: GA4's (`items`, `value`) or Universal Analytics'
/// enhanced one (`purchase.actionField.revenue`, `products`).
struct CommerceField: Sendable, Hashable {
    /// The parameter of the Highland event.
    let key: String
    let source: Source
    let member: Member

    enum Source: Sendable, Hashable {
        /// A key of the data layer; the empty one is the layer itself (`transactionId` and the like).
        case dataLayer(String)
        case value(Parameter)
    }

    enum Member: String, Sendable, Hashable {
        case revenue, currency, items, transaction, action
    }

    /// The runtime's type of variable, and the module that has it.
    static let variableType = "ecommerce"
    static let module = "ecommerce"
}
