package import ArgumentParser

/// `highland doctor`: looks at everything the server needs, one line a check, and says what to do.
package struct DoctorCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check what the server needs; exit code 1 when something fails.")
    @OptionGroup package var global: GlobalOptions
    @OptionGroup package var output: OutputOptions
    package init() {}

    package func run() throws {
        let findings = Doctor.examine(load: { try global.load() }, environment: CommandContext.current.environment)
        let hasFailed = findings.contains { $0.status == .fail }
        try output.show(Report(ok: !hasFailed, checks: findings)) {
            findings.map { finding in
                let advice = finding.advice.isEmpty ? "" : "; " + finding.advice
                return "\(finding.status.rawValue.padded(4))  \(finding.check): \(finding.message)\(advice)"
                    .withoutControls + "\n"
            }.joined()
        }
        if hasFailed { throw CommandExit(code: 1) }
    }

    private struct Report: Encodable {
        let ok: Bool
        let checks: [Doctor.Finding]
    }
}

extension String {
    /// With spaces behind it up to `width` characters.
    func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
