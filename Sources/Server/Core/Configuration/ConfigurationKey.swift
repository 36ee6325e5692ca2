internal import Catalog
internal import Events

/// One thing that can be set: its names, its meaning, how its text is read. The table of all of them is what the
/// loader, `highland config`, the examples and the README are held against.
package struct ConfigurationKey: Sendable {
    /// In YAML: sections and key, joined by a dot.
    package let name: String
    /// In the environment.
    package let variable: String
    /// What it is for, one sentence.
    package let meaning: String
    /// What a value looks like, for error lines.
    package let expected: String
    /// Takes the text, or says no.
    let take: @Sendable (String, inout Configuration) -> Bool
    /// The value as text.
    let show: @Sendable (Configuration) -> String

    /// The default as text; empty where there is none.
    package var defaultText: String { show(Configuration()) }

    /// The value in `configuration` as text.
    package func text(in configuration: Configuration) -> String { show(configuration) }

    init(
        _ name: String, _ variable: String, _ meaning: String, _ expected: String,
        take: @escaping @Sendable (String, inout Configuration) -> Bool,
        show: @escaping @Sendable (Configuration) -> String
    ) {
        self.name = name
        self.variable = "HIGHLAND_" + variable
        self.meaning = meaning
        self.expected = expected
        self.take = take
        self.show = show
    }
}

/// The kinds of value, each made once.
extension ConfigurationKey {
    typealias Path<Value> = any (WritableKeyPath<Configuration, Value> & Sendable)

    static func bytes(
        _ name: String, _ variable: String, _ path: Path<Int>, _ range: ClosedRange<Int>, _ meaning: String
    ) -> ConfigurationKey {
        let bounds = "\(ValueForms.shown(bytes: range.lowerBound)) to \(ValueForms.shown(bytes: range.upperBound))"
        return ConfigurationKey(name, variable, meaning, "a size from \(bounds), such as 64MiB") {
            text, configuration in
            guard let value = ValueForms.bytes(text), range.contains(value) else { return false }
            configuration[keyPath: path] = value
            return true
        } show: {
            ValueForms.shown(bytes: $0[keyPath: path])
        }
    }

    static func count(
        _ name: String, _ variable: String, _ path: Path<Int>, _ range: ClosedRange<Int>, _ meaning: String
    ) -> ConfigurationKey {
        let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        return ConfigurationKey(name, variable, meaning, expected) { text, configuration in
            guard let value = ValueForms.count(text), range.contains(value) else { return false }
            configuration[keyPath: path] = value
            return true
        } show: {
            "\($0[keyPath: path])"
        }
    }

    static func flag(
        _ name: String, _ variable: String, _ path: Path<Bool>, _ meaning: String
    ) -> ConfigurationKey {
        ConfigurationKey(name, variable, meaning, "true or false") { text, configuration in
            guard let value = Bool(text) else { return false }
            configuration[keyPath: path] = value
            return true
        } show: {
            "\($0[keyPath: path])"
        }
    }

    static func duration(
        _ name: String, _ variable: String, _ path: Path<Duration>, _ range: ClosedRange<Duration>, _ meaning: String
    ) -> ConfigurationKey {
        let bounds =
            "\(ValueForms.shown(duration: range.lowerBound)) to \(ValueForms.shown(duration: range.upperBound))"
        return ConfigurationKey(name, variable, meaning, "a time from \(bounds), such as 250ms or 10s") {
            text, configuration in
            guard let value = ValueForms.duration(text), range.contains(value) else { return false }
            configuration[keyPath: path] = value
            return true
        } show: {
            ValueForms.shown(duration: $0[keyPath: path])
        }
    }

    static func listen(_ name: String, _ variable: String, _ path: Path<ListenAddress>, _ meaning: String)
        -> ConfigurationKey
    {
        ConfigurationKey(name, variable, meaning, "an address and a port such as 0.0.0.0:8080 or [::]:8080") {
            text, configuration in
            guard let address = ListenAddress(text) else { return false }
            configuration[keyPath: path] = address
            return true
        } show: {
            $0[keyPath: path].description
        }
    }

    /// Text that may be absent; the empty text is absence.
    static func optional(
        _ name: String, _ variable: String, _ path: Path<String?>, _ meaning: String, _ expected: String,
        where isGood: @escaping @Sendable (String) -> Bool
    ) -> ConfigurationKey {
        ConfigurationKey(name, variable, meaning, expected) { text, configuration in
            guard text.isEmpty || isGood(text) else { return false }
            configuration[keyPath: path] = text.isEmpty ? nil : text
            return true
        } show: {
            $0[keyPath: path] ?? ""
        }
    }

    /// A path without NUL and control characters.
    static func isPath(_ text: String) -> Bool {
        (1...4_000).contains(text.utf8.count) && text.utf8.allSatisfy { $0 >= 32 && $0 != 127 }
    }

    /// `http` or `https`, a host, perhaps a port, no path.
    static func isOrigin(_ text: String) -> Bool {
        for scheme in ["https://", "http://"] where text.hasPrefix(scheme) {
            let authority = text.dropFirst(scheme.utf8.count)
            var host = authority
            if !authority.hasSuffix("]"), let colon = authority.lastIndex(of: ":") {
                guard isPort(authority[authority.index(after: colon)...]) else { return false }
                host = authority[..<colon]
            }
            return ListenAddress("\(host):0") != nil || (try? SiteRules.domain(String(host))) == String(host)
        }
        return false
    }

    /// 1 to 65535 as browsers write it: digits alone, no zero in front.
    private static func isPort(_ digits: Substring) -> Bool {
        digits.first != "0" && (1...5).contains(digits.utf8.count) && digits.utf8.allSatisfy { (48...57).contains($0) }
            && UInt16(digits) != nil
    }
}
