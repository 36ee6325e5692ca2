/// How numbers with units are read and written in the configuration.
package enum ValueForms {
    private static let byteUnits: [(String, Int)] = [
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40),
    ]
    private static let durationUnits: [(String, Int)] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)]

    /// `64MiB`, `1GiB`, `4096`. Nil when it is something else or overflows.
    package static func bytes(_ text: String) -> Int? {
        for (unit, factor) in byteUnits where text.hasSuffix(unit) {
            return number(text.dropLast(unit.utf8.count), times: factor)
        }
        return number(text[...], times: 1)
    }

    /// `250ms`, `10s`, `5m`, `24h`, whole numbers only.
    package static func duration(_ text: String) -> Duration? {
        for (unit, factor) in durationUnits where text.hasSuffix(unit) {
            guard let milliseconds = number(text.dropLast(unit.utf8.count), times: factor) else { continue }
            return .milliseconds(milliseconds)
        }
        return nil
    }

    /// Digits alone, underscores allowed between them as in `50_000_000`.
    package static func count(_ text: String) -> Int? {
        guard text.first != "_", text.last != "_" else { return nil }
        return number(text.filter { $0 != "_" }[...], times: 1)
    }

    /// The largest unit that gives a whole number.
    package static func shown(bytes: Int) -> String {
        for (unit, factor) in byteUnits.reversed() where bytes >= factor && bytes % factor == 0 {
            return "\(bytes / factor)\(unit)"
        }
        return "\(bytes)"
    }

    /// The largest unit that gives a whole number.
    package static func shown(duration: Duration) -> String {
        let milliseconds = duration.components.seconds * 1_000 + duration.components.attoseconds / 1_000_000_000_000_000
        for (unit, factor) in durationUnits.reversed() where milliseconds >= factor && Int(milliseconds) % factor == 0 {
            return "\(Int(milliseconds) / factor)\(unit)"
        }
        return "\(milliseconds)ms"
    }

    private static func number(_ digits: Substring, times factor: Int) -> Int? {
        guard (1...18).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }),
            let count = Int(digits)
        else { return nil }
        let (product, overflow) = count.multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }
}
