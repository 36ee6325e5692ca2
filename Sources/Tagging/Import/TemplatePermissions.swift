package import RequestParsing

/// What a custom template may do, as the runtime takes it: an object by the permission's name.
///
/// | permission | value |
/// | --- | --- |
/// | `access_globals`, `access_local_storage` | bits by the key: 1 read, 2 write, 4 execute |
/// | `access_consent` | bits by the consent type |
/// | `inject_script`, `inject_hidden_iframe`, `send_pixel` | patterns of URLs, or true for any |
/// | `get_cookies`, `read_data_layer`, `write_data_layer` | names or patterns, or true for any |
/// | `set_cookies` | lists of name, domain, path, secure, session |
/// | `get_url`, `get_referrer` | `[parts, keys of queries]`, each a list or true for any |
/// | `logging` | true everywhere, false in previews |
/// | others | true |
package struct TemplatePermissions: Sendable {
    package private(set) var values: [JSONValue.Member] = []

    package subscript(_ name: String) -> JSONValue? { values.first { $0.name == name }?.value }

    /// Reads the list of a template's section; what is no permission in it is left out. A name counts once.
    package init(_ list: [JSONValue]) {
        for item in list.prefix(100) {
            guard let instance = item["instance"], let name = instance["key"]?["publicId"]?.scalarText, !name.isEmpty,
                self[name] == nil
            else { continue }
            var parameters: [JSONValue.Member] = []
            for parameter in instance["param"]?.items.prefix(100) ?? [] {
                guard let key = parameter["key"]?.scalarText, let value = parameter["value"] else { continue }
                parameters.append(JSONValue.Member(key, TemplatePermissions.plain(value, 8)))
            }
            values.append(JSONValue.Member(name, TemplatePermissions.value(name, .object(parameters))))
        }
    }

    /// Google's typed values as plain ones: `{"type": 1, "string": "a"}` is `"a"`. Recursion ends at `depth` 0.
    private static func plain(_ value: JSONValue, _ depth: Int) -> JSONValue {
        guard depth > 0 else { return .null }
        if let text = value["string"] { return text }
        if let flag = value["boolean"] { return flag }
        if let items = value["listItem"] { return .array(items.items.map { plain($0, depth - 1) }) }
        if let keys = value["mapKey"] {
            let values = value["mapValue"]?.items ?? []
            return .object(
                zip(keys.items, values).map { key, value in
                    JSONValue.Member(plain(key, 1).scalarText ?? "", plain(value, depth - 1))
                })
        }
        return value["integer"] ?? .null
    }

    private static func value(_ name: String, _ parameters: JSONValue) -> JSONValue {
        func isAny(_ key: String) -> Bool { parameters[key]?.scalarText == "any" }
        func list(_ key: String) -> JSONValue { .array(texts(parameters[key])) }
        switch name {
        case "access_globals", "access_local_storage": return bits(parameters["keys"], "key")
        case "access_consent": return bits(parameters["consentTypes"], "consentType")
        case "inject_script", "inject_hidden_iframe", "send_pixel":
            return isAny("allowedUrls") ? .bool(true) : list("urls")
        case "get_cookies": return isAny("cookieAccess") ? .bool(true) : list("cookieNames")
        case "read_data_layer": return isAny("allowedKeys") ? .bool(true) : list("keyPatterns")
        case "write_data_layer": return list("keyPatterns")
        case "set_cookies":
            return .array(
                (parameters["allowedCookies"]?.items ?? []).map { row in
                    .array(
                        [("name", ""), ("domain", "*"), ("path", "*"), ("secure", "any"), ("session", "any")].map {
                            .string(row[$0.0]?.scalarText ?? $0.1)
                        })
                })
        case "get_url", "get_referrer": return .array([urlParts(parameters), queryKeys(parameters)])
        case "logging": return .bool(parameters["environments"]?.scalarText == "all")
        default: return .bool(true)
        }
    }

    /// Texts of a list, or the one text.
    private static func texts(_ value: JSONValue?) -> [JSONValue] {
        guard let value else { return [] }
        if case .string = value { return [value] }
        return value.items.filter { if case .string = $0 { true } else { false } }
    }

    private static func bits(_ rows: JSONValue?, _ name: String) -> JSONValue {
        var members: [JSONValue.Member] = []
        for row in rows?.items ?? [] {
            guard let key = row[name]?.scalarText, !members.contains(where: { $0.name == key }) else { continue }
            let flags = [("read", 1), ("write", 2), ("execute", 4)].filter { row[$0.0]?.scalarText == "true" }
            members.append(JSONValue.Member(key, .integer(Int64(flags.reduce(0) { $0 | $1.1 }))))
        }
        return .object(members)
    }

    /// Parts are flags of the permission, or of a map in it.
    private static func urlParts(_ parameters: JSONValue) -> JSONValue {
        guard parameters["urlParts"]?.scalarText == "specific" else { return .bool(true) }
        let names = ["protocol", "host", "port", "path", "query", "extension", "fragment"]
        let flags = parameters["allowedUrlParts"] ?? .null
        return .array(
            names.filter { parameters[$0]?.scalarText == "true" || flags[$0]?.scalarText == "true" }
                .map(JSONValue.string))
    }

    private static func queryKeys(_ parameters: JSONValue) -> JSONValue {
        guard let allowed = parameters["queriesAllowed"] else { return .bool(true) }
        let isAny = texts(allowed).contains(.string("any"))
        return isAny ? .bool(true) : .array(texts(parameters["queryKeys"]))
    }

    // MARK: What they mean

    /// Hosts of a permission's patterns, in order, `*.shop.test` for what is below; `isAny` where a pattern names none.
    package func hosts(_ name: String) -> (names: [String], isAny: Bool) {
        guard let value = self[name] else { return ([], false) }
        guard case .array(let patterns) = value else { return ([], value == .bool(true)) }
        var names: [String] = []
        var isAny = false
        for pattern in patterns.compactMap(\.scalarText) {
            let scheme = pattern.utf8.firstIndex(of: UInt8(ascii: ":")).map { pattern[$0...].hasPrefix("://") } ?? false
            let rest = scheme ? pattern.drop { $0 != ":" }.dropFirst(3) : Substring(pattern)
            let host = rest.prefix { $0 != "/" && $0 != ":" }.lowercased()
            let plain = host.hasPrefix("*.") ? host.dropFirst(2) : Substring(host)
            let isName = plain.contains(".") && plain.utf8.allSatisfy(TemplatePermissions.isHostByte)
            if !isName { isAny = true } else if !names.contains(host) { names.append(host) }
        }
        return (names, isAny)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
            UInt8(ascii: "."):
            true
        default: false
        }
    }

    /// Whether it may load, send or keep something: also by what is in the page, where it may call that or fill its
    /// queues.
    package var maySendOrStore: Bool {
        let words = ["inject_script", "inject_hidden_iframe", "send_pixel", "set_cookies"]
        if words.contains(where: { self[$0] != nil && self[$0] != .array([]) }) { return true }
        let writesStorage = (self["access_local_storage"]?.members ?? []).contains { isOn($0.value, 2) }
        return writesStorage
            || (self["access_globals"]?.members ?? []).contains {
                isOn($0.value, 4) || isOn($0.value, 2) && $0.name != "dataLayer"
            }
    }

    /// It tells what visitors have consented to.
    package var writesConsent: Bool { (self["access_consent"]?.members ?? []).contains { isOn($0.value, 2) } }

    private func isOn(_ value: JSONValue, _ bit: Int64) -> Bool {
        if case .integer(let bits) = value { return bits & bit != 0 }
        return false
    }
}
