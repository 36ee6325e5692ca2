internal import Catalog

extension GTMReport {
    /// The report on an import: what its tags do comes from `ContainerAnalysis`, what is wrong with its code and how much
    /// a browser loads from compiling it. `findings` of the compiler that the import has not said already are added. Cost:
    /// one compilation.
    package init(_ imported: GTMImport) {
        let analysis = ContainerAnalysis.of(imported.definition)
        func entries(_ entries: [ContainerAnalysis.Entry]) -> [Entry] {
            entries.map { Entry(name: $0.name, type: $0.type, reason: $0.reason) }
        }
        var findings: [Finding] = []
        var bytes: Int?
        do throws(TaggingError) {
            let context = CompileContext(publicID: "HL-CHECK", version: 1)
            let compiled = try ContainerCompiler.compile(imported.definition, context)
            findings = compiled.findings
            bytes = compiled.script.gzip.count + (compiled.custom?.gzip.count ?? 0)
        } catch .refused(let refused) {
            findings = refused
        } catch {
            findings = [Finding(.error, "the container", error.description)]
        }
        self.init(
            imported, runs: entries(analysis.runs), dead: entries(analysis.dead), refused: entries(analysis.refused),
            beforeConsent: entries(analysis.beforeConsent), vendors: analysis.vendors.map(\.name),
            findings: findings.filter { !GTMReport.says(imported.findings, $0) }, scriptBytes: bytes)
    }

    /// Whether the import has said of a place what the compiler says of it in other words. What keeps a container from
    /// being published is said in any case.
    private static func says(_ findings: [Finding], _ finding: Finding) -> Bool {
        guard finding.severity == .warning || finding.severity == .notice else { return false }
        let topics = [
            ("does not run", "does not run"), ("undefined", "undefined"), ("left out: it is paused", "is paused"),
        ]
        return findings.contains { said in
            said.place == finding.place
                && topics.contains { finding.message.contains($0.0) && said.message.contains($0.1) }
        }
    }
}
