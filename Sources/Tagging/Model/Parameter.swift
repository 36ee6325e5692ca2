/// One value of a tag, trigger, variable or condition, with the type that Google Tag Manager's exports give it: the model
/// keeps what it reads, so that an export says the same again.
///
/// Scalars are texts in every type (`"true"`, `"2"`), as they may hold a reference instead. Only `template` is searched
/// for `{{Name}}`; `boolean` and `integer` may be one lone reference.
package indirect enum Parameter: Sendable, Hashable {
    case template(String)
    case boolean(String)
    case integer(String)
    case list([Parameter])
    case map([Member])
    /// The id of a trigger.
    case triggerReference(String)
    /// The name of a tag.
    case tagReference(String)

    /// A member of a map, or a parameter of an object. Names are unique in their list, and keep their order.
    package struct Member: Sendable, Hashable {
        package var key: String
        package var value: Parameter

        package init(_ key: String, _ value: Parameter) {
            self.key = key
            self.value = value
        }
    }

    /// The text of a scalar; nil for lists and maps.
    package var text: String? {
        switch self {
        case .template(let text), .boolean(let text), .integer(let text), .triggerReference(let text),
            .tagReference(let text):
            text
        case .list, .map: nil
        }
    }

    /// True for the boolean "true", and the template as people wrote it by hand.
    package var isTrue: Bool { text == "true" }

    /// The items of a list, else none.
    package var items: [Parameter] {
        if case .list(let items) = self { return items }
        return []
    }

    /// The members of a map, else none.
    package var members: [Member] {
        if case .map(let members) = self { return members }
        return []
    }
}

extension [Parameter.Member] {
    /// The value of a key. O(members): there are a handful.
    package subscript(_ key: String) -> Parameter? {
        get { first { $0.key == key }?.value }
        set {
            guard let newValue else { return removeAll { $0.key == key } }
            if let place = firstIndex(where: { $0.key == key }) {
                self[place].value = newValue
            } else {
                append(Parameter.Member(key, newValue))
            }
        }
    }
}
