internal import RequestParsing

/// Findings as a version keeps them: `[{"severity":"warning","place":"tag \"Meta\"","message":"…"}]`.
package enum FindingsText {
    /// At most the first 1,000, the severest first, so that a version stays small.
    package static func encode(_ findings: [Finding]) -> [UInt8] {
        let order = Finding.Severity.allCases
        let sorted = order.flatMap { severity in findings.only(severity) }
        return JSONValue.array(sorted.prefix(1_000).map(json)).encoded
    }

    /// The findings of a stored text; what does not read is none.
    package static func decode(_ bytes: [UInt8]) -> [Finding] {
        guard case .array(let items)? = try? JSONReader.read(bytes) else { return [] }
        return items.compactMap { item in
            guard case .string(let word)? = item["severity"], let severity = Finding.Severity(rawValue: word),
                case .string(let place)? = item["place"], case .string(let message)? = item["message"]
            else { return nil }
            return Finding(severity, place, message)
        }
    }

    private static func json(_ finding: Finding) -> JSONValue {
        .object([
            .init("severity", .string(finding.severity.rawValue)), .init("place", .string(finding.place)),
            .init("message", .string(finding.message)),
        ])
    }
}
