package import RequestParsing

/// What `highland import gtm --check` says of an export, and what a page shows after an import.
package struct GTMReport: Sendable, Hashable {
    /// One tag.
    package struct Entry: Sendable, Hashable {
        package var name: String
        /// Google's type.
        package var type: String
        /// Why it does not run; for tags that run before consent, why they need none.
        package var reason: String

        package init(name: String, type: String, reason: String) {
            self.name = name
            self.type = type
            self.reason = reason
        }
    }

    /// `2`, `1.3`.
    package var format: String
    package var containerName: String
    package var triggers: Int
    package var variables: Int
    /// Tags that a browser executes: triggers fire them, or tags that run call them.
    package var runs: [Entry]
    /// Tags that could run and do not: paused, without a trigger that fires, of a service that has ended.
    package var dead: [Entry]
    /// Tags that nothing here runs.
    package var refused: [Entry]
    /// Tags that run, and may load or send something, before a visitor has granted anything.
    package var beforeConsent: [Entry]
    /// Names of tags that run once a visitor has granted what they need.
    package var waiting: [String]
    /// A tag that runs tells what visitors consent to, or may do so; else the page has to.
    package var tellsConsent: Bool
    /// Whom the tags that run load from or send to.
    package var vendors: [String]
    package var findings: [Finding]
    /// What a browser loads of the container here, in bytes of gzip; nil where it cannot be compiled as it is.
    package var scriptBytes: Int?

    package init(
        _ imported: GTMImport, runs: [Entry], dead: [Entry], refused: [Entry], beforeConsent: [Entry],
        waiting: [String], tellsConsent: Bool, vendors: [String], findings: [Finding] = [], scriptBytes: Int? = nil
    ) {
        format = imported.format
        containerName = imported.containerName
        triggers = imported.definition.triggers.count
        variables = imported.definition.variables.count
        self.runs = runs
        self.dead = dead
        self.refused = refused
        self.beforeConsent = beforeConsent
        self.waiting = waiting
        self.tellsConsent = tellsConsent
        self.vendors = vendors
        self.scriptBytes = scriptBytes
        self.findings = imported.findings + findings.filter { !imported.findings.contains($0) }
    }

    /// What Google Tag Manager's own runtime weighs before anything is in a container, in bytes of gzip: 30 to 40 kB by
    /// published measurements (2022), here the smaller number. A container's own data and code come on top in both, and
    /// are taken to weigh the same: an estimate.
    package static let googleRuntimeBytes = 30_000

    /// Estimated bytes that a browser loads less; nil where the container cannot be compiled, or nothing is saved.
    package var savedBytes: Int? {
        guard let scriptBytes, scriptBytes < GTMReport.googleRuntimeBytes else { return nil }
        return GTMReport.googleRuntimeBytes - scriptBytes
    }

    // MARK: JSON

    /// One object:
    ///
    ///     {"format": 2, "container": "…", "tags": {"total": n, "runs": n, "dead": n, "refused": n}, "triggers": n,
    ///      "variables": n, "beforeConsent": ["tag"], "waiting": ["tag"], "tellsConsent": true, "vendors": ["name"],
    ///      "warnings": ["place: sentence"], "errors": [], "needsConfirmation": [], "notices": [],
    ///      "details": {"runs": [{"name", "type"}], "dead": [{"name", "type", "reason"}], "refused": […],
    ///                  "beforeConsent": […]},
    ///      "bytes": {"script": n, "googleRuntime": 30000, "savedEstimate": n}}
    package var json: JSONValue {
        typealias Member = JSONValue.Member
        let number = Int64(format).map(JSONValue.integer) ?? .number(Double(format) == nil ? "2" : format)
        func count(_ entries: [Entry]) -> JSONValue { .integer(Int64(entries.count)) }
        func texts(_ severities: [Finding.Severity]) -> JSONValue {
            .array(findings.filter { severities.contains($0.severity) }.map { .string("\($0.place): \($0.message)") })
        }
        func details(_ entries: [Entry], hasReason: Bool = true) -> JSONValue {
            .array(
                entries.map { entry in
                    let names = [Member("name", .string(entry.name)), Member("type", .string(entry.type))]
                    return .object(hasReason ? names + [Member("reason", .string(entry.reason))] : names)
                })
        }
        func bytes(_ count: Int?) -> JSONValue { count.map { .integer(Int64($0)) } ?? .null }
        return .object([
            Member("format", number), Member("container", .string(containerName)),
            Member(
                "tags",
                .object([
                    Member("total", .integer(Int64(runs.count + dead.count + refused.count))),
                    Member("runs", count(runs)),
                    Member("dead", count(dead)), Member("refused", count(refused)),
                ])),
            Member("triggers", .integer(Int64(triggers))), Member("variables", .integer(Int64(variables))),
            Member("beforeConsent", .array(beforeConsent.map { .string($0.name) })),
            Member("waiting", .array(waiting.map(JSONValue.string))), Member("tellsConsent", .bool(tellsConsent)),
            Member("vendors", .array(vendors.map(JSONValue.string))),
            Member("warnings", texts([.warning, .confirmation, .error])), Member("errors", texts([.error])),
            Member("needsConfirmation", texts([.confirmation])), Member("notices", texts([.notice])),
            Member(
                "details",
                .object([
                    Member("runs", details(runs, hasReason: false)), Member("dead", details(dead)),
                    Member("refused", details(refused)), Member("beforeConsent", details(beforeConsent)),
                ])),
            Member(
                "bytes",
                .object([
                    Member("script", bytes(scriptBytes)),
                    Member("googleRuntime", .integer(Int64(GTMReport.googleRuntimeBytes))),
                    Member("savedEstimate", bytes(savedBytes)),
                ])),
        ])
    }

    // MARK: Text

    /// The same for a terminal, with a line feed at the end.
    package var text: String {
        let total = runs.count + dead.count + refused.count
        let name = containerName.isEmpty ? "Container" : "Container \(GTMReport.line(containerName))"
        let waits = waiting.isEmpty ? "" : " (\(waiting.count) once there is consent)"
        var lines = [
            "\(name) (Google Tag Manager, format \(format)): \(total) tags, \(triggers) triggers, \(variables) variables",
            "", "  \(runs.count) run\(waits)   \(dead.count) dead   \(refused.count) refused", "",
        ]
        section("Dead: could run and do not", dead, to: &lines)
        section("Refused: nothing here runs them", refused, to: &lines)
        section("Before consent: these load or send without a grant", beforeConsent, to: &lines)
        if !vendors.isEmpty { lines += ["Vendors: \(vendors.map(GTMReport.line).joined(separator: ", "))", ""] }
        for (title, severity) in [
            ("Errors: it cannot be published before they are mended", Finding.Severity.error),
            ("To be confirmed at publication", .confirmation),
            ("Warnings", .warning), ("Notices", .notice),
        ] {
            let found = findings.filter { $0.severity == severity }
            if found.isEmpty { continue }
            lines.append(title)
            lines += found.map { "  \(GTMReport.line($0.place)): \(GTMReport.line($0.message))" } + [""]
        }
        if let scriptBytes {
            let kilobytes = "\(scriptBytes / 1_000).\(scriptBytes % 1_000 / 100) kB"
            let saved = savedBytes.map { "; about \($0 / 1_000) kB less than with Google's runtime (estimate)" } ?? ""
            lines.append("A browser loads \(kilobytes) (gzip)\(saved).")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func section(_ title: String, _ entries: [Entry], to lines: inout [String]) {
        guard !entries.isEmpty else { return }
        lines.append(title)
        lines +=
            entries.map { "  \(GTMReport.line($0.name)) [\(GTMReport.line($0.type))]: \(GTMReport.line($0.reason))" }
            + [""]
    }

    /// Names come from the file: control characters must not reach a terminal.
    private static func line(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.prefix(500).map { $0.value < 32 || (127...159).contains($0.value) ? " " : $0 }))
    }
}
