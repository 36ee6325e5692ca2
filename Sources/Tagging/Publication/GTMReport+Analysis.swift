internal import Catalog

extension GTMReport {
    /// The report on an import: what its tags do comes from `ContainerAnalysis`, what is wrong with its code and how much
    /// a browser loads from compiling it. `findings` of the compiler that the import has not said already are added. Cost:
    /// one compilation.
    /// `now`, in milliseconds since 1970, is for schedules that are over.
    package init(_ imported: GTMImport, now: Int64? = nil) {
        let analysis = ContainerAnalysis.of(imported.definition, now: now)
        func entries(_ entries: [ContainerAnalysis.Entry]) -> [Entry] {
            entries.map { Entry(name: $0.name, type: $0.type, reason: $0.reason) }
        }
        let idle = Dictionary(
            (analysis.dead + analysis.refused).map { (FindingPlace.tag($0.name), $0.reason) },
            uniquingKeysWith: { first, _ in first })
        let context = CompileContext(publicID: "HL-00000000", version: 1)
        let (compiled, findings) = ContainerCompiler.attempt(imported.definition, context)
        self.init(
            imported, runs: entries(analysis.runs), dead: entries(analysis.dead), refused: entries(analysis.refused),
            beforeConsent: entries(analysis.beforeConsent), waiting: analysis.waiting,
            tellsConsent: analysis.tellsConsent, vendors: analysis.vendors.map(\.name),
            findings: findings.filter {
                !GTMReport.isSaid($0, by: imported.findings) && !GTMReport.isSaid($0, by: idle)
            }
                + GTMReport.waiting(analysis),
            scriptBytes: compiled.map { $0.script.gzip.count + ($0.custom?.gzip.count ?? 0) })
    }

    /// Tags that wait for consent in a container in which nothing grants any: on many sites the page itself does.
    private static func waiting(_ analysis: ContainerAnalysis) -> [Finding] {
        var findings: [Finding] = []
        if !analysis.stricter.isEmpty {
            findings.append(
                Finding(
                    .notice, "the container",
                    "The export lets these run without consent; here tags of their types wait for it, unless they are set to "
                        + "need none: \(listed(analysis.stricter))."))
        }
        guard !analysis.tellsConsent, !analysis.awaitedConsent.isEmpty else { return findings }
        let tags = analysis.waiting.count == 1 ? "1 tag waits" : "\(analysis.waiting.count) tags wait"
        findings.append(
            Finding(
                .warning, "the container",
                "\(tags) for consent to \(analysis.awaitedConsent.joined(separator: ", ")), and nothing in the container "
                    + "tells what visitors consent to. The page has to, with gtag('consent', …); until then these do not run: "
                    + "\(listed(analysis.waiting))."))
        return findings
    }

    private static func listed(_ names: [String]) -> String {
        names.prefix(10).map { "'\($0)'" }.joined(separator: ", ") + (names.count > 10 ? ", …" : "")
    }

    /// The reading and the compiler each speak of what is wrong with an object, in their own words: once is enough,
    /// where it keeps nobody from publishing, or both keep people from it.
    private static func isSaid(_ finding: Finding, by others: [Finding]) -> Bool {
        if finding.severity == .confirmation {
            return others.contains { $0.severity == .confirmation && $0.place == finding.place }
        }
        guard finding.severity == .warning || finding.severity == .notice else { return false }
        let subject = subject(finding)
        return others.contains { self.subject($0) == subject }
    }

    /// Why a tag does not run stands among those that do not, here by their places.
    private static func isSaid(_ finding: Finding, by idle: [String: String]) -> Bool {
        guard finding.severity == .warning || finding.severity == .notice else { return false }
        return idle[finding.place].map(finding.message.hasSuffix) ?? false
    }

    /// The reference that a finding is about, with its place; the place alone where there is none.
    private static func subject(_ finding: Finding) -> String {
        let text = "\(finding.place): \(finding.message)"
        guard let end = text.firstRange(of: "}}") else { return finding.place }
        return String(text[..<end.upperBound])
    }
}
