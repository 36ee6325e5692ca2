internal import Reports

/// Numbers for people. What the data cannot tell is a dash.
enum NumberText {
    static let unknown = "–"

    /// `12,345`, and from ten million on `12.3M`.
    static func count(_ value: ReportValue) -> String {
        guard let text = value.text else { return unknown }
        let whole = String(text.prefix { $0 != "." })
        let digits = whole.drop { $0 == "-" }
        if digits.count > 10 { return short(whole, drop: 9) + "B" }
        if digits.count > 7 { return short(whole, drop: 6) + "M" }
        return grouped(whole)
    }

    /// `12,345` of a whole number, whatever its length.
    static func grouped(_ whole: String) -> String {
        let digits = Array(whole.drop { $0 == "-" })
        var result = whole.hasPrefix("-") ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { result.append(",") }
            result.append(digit)
        }
        return result
    }

    private static func short(_ whole: String, drop: Int) -> String {
        let kept = whole.dropLast(drop)
        return "\(grouped(String(kept))).\(whole.dropLast(drop - 1).suffix(1))"
    }

    /// `1.25`.
    static func decimal(_ value: ReportValue, places: Int = 2) -> String {
        guard let text = value.text else { return unknown }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        var fraction = parts.count > 1 ? String(parts[1].prefix(places)) : ""
        fraction += String(repeating: "0", count: max(0, places - fraction.count))
        return grouped(String(parts[0])) + (places > 0 ? "." + fraction : "")
    }

    /// `812.50 CHF`, and from a thousand on `18,205 CHF`.
    static func money(_ value: ReportValue, _ currency: String) -> String {
        guard let amount = double(value) else { return unknown }
        let isLarge = amount.magnitude >= 1_000
        return (isLarge ? grouped(String(Int(clampingRounded: amount))) : decimal(value)) + " " + currency
    }

    /// `41%`.
    static func percent(_ value: ReportValue) -> String {
        guard let number = double(value) else { return unknown }
        return "\(Int(clampingRounded: number))%"
    }

    /// `2m 05s` of seconds.
    static func duration(_ value: ReportValue) -> String {
        guard let number = double(value) else { return unknown }
        let seconds = Int(clampingRounded: number)
        if seconds < 60 { return "\(seconds)s" }
        func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }
        if seconds < 3_600 { return "\(seconds / 60)m \(padded(seconds % 60))s" }
        return "\(seconds / 3_600)h \(padded(seconds / 60 % 60))m"
    }

    /// For bars and lines; nil for what the data cannot tell.
    static func double(_ value: ReportValue) -> Double? { value.text.flatMap(Double.init) }
}

extension Int {
    /// The nearest whole number, held within ±10^15.
    init(clampingRounded value: Double) {
        self = value.isFinite ? Int(Swift.min(Swift.max(value.rounded(), -1e15), 1e15)) : 0
    }
}
