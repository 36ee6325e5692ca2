internal import Yams

/// Reads the YAML file: sections of keys, each value a scalar or a list of scalars (joined by commas).
///
///     public:
///       listen: 0.0.0.0:8080
///       trustedProxies: [10.0.0.0/8, 192.168.0.0/16]
enum ConfigurationFile {
    static let bytesMax = 1 << 20

    /// One value with the place it stands at.
    struct Entry: Equatable {
        let key: String
        let value: String
        /// `FILE:LINE`.
        let source: String
    }

    static func read(_ path: String) throws(ConfigurationError) -> [Entry] {
        let text: String
        do {
            text = try BoundedFile.text(path, bytesMax: bytesMax)
        } catch {
            throw .unreadable(
                source: path, problem: error.problem, expected: "a readable YAML file in UTF-8 of at most 1 MiB")
        }
        return try parse(text, path: path)
    }

    static func parse(_ text: String, path: String) throws(ConfigurationError) -> [Entry] {
        let root: Node?
        do {
            root = try compose(yaml: text)
        } catch let error as YamlError {
            throw unreadable(error, path: path)
        } catch {
            throw .unreadable(source: path, problem: "is not YAML", expected: "sections of keys and values")
        }
        guard let root, !isEmpty(root) else { return [] }
        guard case .mapping(let sections) = root else {
            throw .unreadable(
                source: source(path, root), problem: "is not a mapping",
                expected: "sections such as 'public:' with keys")
        }
        var entries: [Entry] = []
        for (nameNode, node) in sections {
            let name = nameNode.scalar?.string ?? "?"
            guard ConfigurationKey.all.contains(where: { $0.name.hasPrefix(name + ".") }) else {
                throw .unknownKey(
                    key: name, source: source(path, nameNode), expected: "one of the sections " + sectionNames)
            }
            if isEmpty(node) { continue }
            guard case .mapping(let keys) = node else {
                throw .wrongValue(
                    key: name, value: node.scalar?.string.shownInError ?? "a list", source: source(path, node),
                    expected: "a section: keys and values, indented below it")
            }
            for (keyNode, value) in keys {
                let key = name + "." + (keyNode.scalar?.string ?? "?")
                let place = source(path, keyNode)
                guard let known = ConfigurationKey.named(key) else {
                    throw .unknownKey(key: key.shownInError, source: place, expected: Spelling.expectation(for: key))
                }
                entries.append(Entry(key: key, value: try self.text(of: value, for: known, at: place), source: place))
            }
        }
        return entries
    }

    private static var sectionNames: String {
        var names: [String] = []
        for key in ConfigurationKey.all {
            let section = String(key.name.prefix { $0 != "." })
            if !names.contains(section) { names.append(section) }
        }
        return names.joined(separator: ", ")
    }

    /// A scalar as it is written, nothing for an empty one, a list joined by commas.
    private static func text(of node: Node, for key: ConfigurationKey, at place: String) throws(ConfigurationError)
        -> String
    {
        switch node {
        case .scalar(let scalar):
            return isEmpty(node) ? "" : scalar.string
        case .sequence(let items) where items.allSatisfy({ $0.scalar != nil }):
            return items.compactMap { $0.scalar?.string }.joined(separator: ",")
        default:
            throw .wrongValue(key: key.name, value: "a nested value", source: place, expected: key.expected)
        }
    }

    /// YAML's null in its plain spellings.
    private static func isEmpty(_ node: Node) -> Bool {
        guard let scalar = node.scalar, scalar.style == .plain || scalar.style == .any else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    private static func source(_ path: String, _ node: Node) -> String {
        node.mark.map { "\(path):\($0.line)" } ?? path
    }

    private static func unreadable(_ error: YamlError, path: String) -> ConfigurationError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return .unreadable(
                source: "\(path):\(mark.line)", problem: "is not YAML: \(problem)",
                expected: "sections of keys and values")
        case .duplicatedKeysInMapping(let names, let context):
            return .unreadable(
                source: "\(path):\(context.mark.line)",
                problem: "has a key twice: \(names.joined(separator: ", ").shownInError)", expected: "each key once")
        default:
            return .unreadable(source: path, problem: "is not YAML", expected: "sections of keys and values in UTF-8")
        }
    }
}
