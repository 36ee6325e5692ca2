/// A value given on the command line.
package struct ConfigurationFlag: Sendable, Equatable {
    /// As it was written: `--listen`.
    package let flag: String
    /// The key that it sets: `public.listen`.
    package let key: String
    package let value: String

    package init(flag: String, key: String, value: String) {
        self.flag = flag
        self.key = key
        self.value = value
    }
}

/// The values of one start, with where each came from.
package struct LoadedConfiguration: Sendable {
    package var configuration = Configuration()
    /// Key to `FILE:LINE`, the variable's name or the flag; a key that is absent has its default.
    package var origins: [String: String] = [:]
    /// One line each, to be logged at start.
    package var warnings: [String] = []

    package init() {}
}

/// Makes the configuration: defaults < YAML file < environment < flags.
///
/// An unknown key in the file stops the start. An unknown `HIGHLAND_…` variable only warns: container platforms
/// inject variables named after a service (`HIGHLAND_PORT=tcp://…` beside a service called highland), which is no mistake of
/// the operator.
package enum ConfigurationLoader {
    /// Names the file when no `--config` does.
    package static let fileVariable = "HIGHLAND_CONFIG"
    private static let prefix = "HIGHLAND_"

    /// Reads the file, if one is named, and everything else; checks each value and then all of them together.
    package static func load(
        file: String?, environment: [String: String], flags: [ConfigurationFlag]
    ) throws(ConfigurationError) -> LoadedConfiguration {
        var loaded = LoadedConfiguration()
        let named = environment[fileVariable].flatMap { $0.isEmpty ? nil : $0 }
        if let path = file ?? named {
            for entry in try ConfigurationFile.read(path) {
                try set(entry.key, to: entry.value, from: entry.source, in: &loaded)
            }
        }
        try takeEnvironment(environment, into: &loaded)
        for flag in flags { try set(flag.key, to: flag.value, from: flag.flag, in: &loaded) }
        try check(loaded.configuration)
        return loaded
    }

    private static func takeEnvironment(
        _ environment: [String: String], into loaded: inout LoadedConfiguration
    ) throws(ConfigurationError) {
        let variables = Set(ConfigurationKey.all.map(\.variable))
        for key in ConfigurationKey.all {
            guard let value = environment[key.variable] else { continue }
            try set(key.name, to: value, from: key.variable, in: &loaded)
        }
        for name in environment.keys.sorted() where name.hasPrefix(prefix) && name != fileVariable {
            guard !variables.contains(name) else { continue }
            let near = Spelling.nearest(to: name, among: variables.sorted()).map { "; did you mean \($0)?" } ?? ""
            loaded.warnings.append("\(name) is not a variable of this version and was ignored\(near)")
        }
    }

    private static func set(
        _ name: String, to value: String, from source: String, in loaded: inout LoadedConfiguration
    ) throws(ConfigurationError) {
        guard let key = ConfigurationKey.named(name) else {
            throw .unknownKey(key: name, source: source, expected: Spelling.expectation(for: name))
        }
        guard key.take(value, &loaded.configuration) else {
            throw .wrongValue(key: name, value: value.shownInError, source: source, expected: key.expected)
        }
        loaded.origins[name] = source
    }

    /// What no single value shows.
    private static func check(_ configuration: Configuration) throws(ConfigurationError) {
        let (open, admin) = (configuration.publicPlane.listen, configuration.adminPlane.listen)
        if open.port == admin.port, open.port != 0 {
            let anyHosts = ["0.0.0.0", "::"]
            if open.host == admin.host || anyHosts.contains(open.host) || anyHosts.contains(admin.host) {
                throw .contradiction(
                    key: "admin.listen", problem: "\(admin) and public.listen \(open) share a port",
                    expected: "two ports")
            }
        }
        if configuration.collect.eventBytesMax > configuration.publicPlane.bodyBytesMax {
            throw .contradiction(
                key: "collect.eventBytesMax", problem: "an event may be larger than a whole request",
                expected: "at most public.bodyBytesMax")
        }
        if configuration.journal.queueBytesMax < configuration.publicPlane.bodyBytesMax {
            throw .contradiction(
                key: "journal.queueBytesMax", problem: "the queue cannot hold one request",
                expected: "at least public.bodyBytesMax")
        }
        let directories = Directories(configuration.storage)
        if directories.runtime == directories.data || directories.runtime.hasPrefix(directories.data + "/") {
            throw .contradiction(
                key: "storage.runtime", problem: "lies in the data directory, which backups copy",
                expected: "a directory that no backup copies, best on a tmpfs")
        }
    }
}

/// Finds what somebody may have meant.
enum Spelling {
    static func expectation(for name: String) -> String {
        let near = nearest(to: name, among: ConfigurationKey.all.map(\.name)).map { "perhaps '\($0)'; " } ?? ""
        return near + "'highland config' lists all keys"
    }

    /// The candidate with the fewest edits, when they are fewer than a third of the letters.
    static func nearest(to word: String, among candidates: [String]) -> String? {
        guard word.utf8.count <= 100 else { return nil }
        let distances = candidates.map { (distance(Array(word.utf8), Array($0.utf8)), $0) }
        guard let best = distances.min(by: { $0.0 < $1.0 }), best.0 * 3 <= word.utf8.count else { return nil }
        return best.1
    }

    /// Levenshtein's distance, one row at a time.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (line, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for column in right.indices {
                let changed = diagonal + (right[column] == byte ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(changed, diagonal + 1, row[column] + 1)
            }
        }
        return row[right.count]
    }
}

extension String {
    /// Cut and without control characters, so that an error stays one line.
    var shownInError: String {
        let cut = unicodeScalars.prefix(80).map { scalar -> Character in
            scalar.properties.generalCategory == .control ? "\u{FFFD}" : Character(scalar)
        }
        return String(cut) + (unicodeScalars.count > 80 ? "…" : "")
    }
}
