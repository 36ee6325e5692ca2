package import RequestParsing

/// One measured number: exact, so that two engines that count the same print the same.
package enum ReportValue: Hashable, Sendable {
    /// The data cannot tell.
    case none
    case integer(UInt64)
    /// `units` divided by 10 to the power of `places`.
    case decimal(units: Int128, places: Int)

    /// `numerator / denominator`, rounded half away from zero to that many places; none where it divides by 0.
    package static func ratio(_ numerator: Int128, _ denominator: Int128, places: Int) -> ReportValue {
        guard denominator > 0 else { return .none }
        var scale: Int128 = 1
        for _ in 0..<places { scale *= 10 }
        let (scaled, overflow) = numerator.multipliedReportingOverflow(by: scale)
        guard !overflow else { return .none }
        let half = denominator / 2
        let rounded = scaled >= 0 ? (scaled + half) / denominator : (scaled - half) / denominator
        return .decimal(units: rounded, places: places)
    }

    /// Digits with a point and without trailing zeros; nil for none. A valid JSON number.
    package var text: String? {
        switch self {
        case .none: return nil
        case .integer(let value): return String(value)
        case .decimal(let units, let places):
            var digits = String(units.magnitude)
            digits = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
            let whole = digits.dropLast(places)
            var fraction = digits.suffix(places)
            while fraction.last == "0" { fraction.removeLast() }
            return (units < 0 ? "-" : "") + whole + (fraction.isEmpty ? "" : ".\(fraction)")
        }
    }

    /// As a JSON value.
    package var json: JSONValue { text.map { .number($0) } ?? .null }

    /// The value in millionths, for order and change; nil for none.
    var millionths: Int128? {
        switch self {
        case .none: return nil
        case .integer(let value): return Int128(value) * 1_000_000
        case .decimal(let units, let places):
            var scaled = units
            for _ in places..<max(places, 6) { scaled = scaled.multipliedReportingOverflow(by: 10).partialValue }
            return scaled
        }
    }

    /// The change from `earlier` to this one: in percent, in points for rates; nil where one is missing. From nothing
    /// to something is 100 percent.
    func change(since earlier: ReportValue, isRate: Bool) -> ReportValue {
        guard let new = millionths, let old = earlier.millionths else { return .none }
        if isRate { return .ratio(new - old, 1_000_000, places: 2) }
        if old == 0 { return new == 0 ? .integer(0) : .integer(100) }
        let (scaled, overflow) = (new - old).multipliedReportingOverflow(by: 100)
        if overflow { return .none }
        return old < 0 ? .ratio(-scaled, -old, places: 0) : .ratio(scaled, old, places: 0)
    }
}
