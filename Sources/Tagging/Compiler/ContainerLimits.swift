/// How large a container may be. Google Tag Manager stops at 200 kB; a page that loads half of these is slow already.
package enum ContainerLimits {
    /// Of tags, of triggers and of variables each.
    package static let objectsMax = 2_000
    /// Characters of one custom HTML, custom script or JavaScript variable. Google Tag Manager's own bound for HTML.
    package static let codeCharactersMax = 102_400
    /// The main script, before compression.
    package static let scriptBytesMax = 512 << 10
    /// The custom script, before compression.
    package static let customScriptBytesMax = 1 << 20
    /// Lists and maps within each other in one parameter.
    package static let parameterDepthMax = 32
    /// Set-up and clean-up tags that follow one another. The runtime goes no further (`run.js`).
    package static let sequenceMax = 9
    /// Findings of one check; a last one says how many more there are.
    package static let findingsMax = 1_000
}

/// Findings in the order they were made, each once, at most `ContainerLimits.findingsMax`. Errors are never left out
/// for others: they have a list of their own, as long.
struct FindingList {
    private var errors: [Finding] = []
    private var others: [Finding] = []
    private var seen: Set<Finding> = []
    private var leftOut = 0

    mutating func add(_ severity: Finding.Severity, _ place: String, _ message: String) {
        let finding = Finding(severity, place, message)
        guard !seen.contains(finding) else { return }
        guard (severity == .error ? errors.count : others.count) < ContainerLimits.findingsMax else {
            leftOut += 1
            return
        }
        seen.insert(finding)
        if severity == .error { errors.append(finding) } else { others.append(finding) }
    }

    var hasErrors: Bool { !errors.isEmpty }

    /// Errors first, then the rest.
    var all: [Finding] {
        guard leftOut > 0 else { return errors + others }
        return errors + others + [Finding(.notice, "container", "\(leftOut) more findings are not listed")]
    }
}

/// The words by which findings name a thing of a container.
enum FindingPlace {
    static func tag(_ name: String) -> String { "tag \(quoted(name))" }
    static func trigger(_ name: String) -> String { "trigger \(quoted(name))" }
    static func variable(_ name: String) -> String { "variable \(quoted(name))" }

    /// The name in quotes, cut where it is longer than a line.
    static func quoted(_ name: String) -> String {
        name.count > 80 ? "\"\(name.prefix(79))…\"" : "\"\(name)\""
    }
}
