/// The text exposition format 0.0.4 of Prometheus
/// (https://prometheus.io/docs/instrumenting/exposition_formats/):
///
///     # HELP highland_admin_requests_total Requests answered, by class of status.
///     # TYPE highland_admin_requests_total counter
///     highland_admin_requests_total{status="2xx"} 12
package enum MetricsText {
    /// All families in the order given; one given twice keeps its first heading. O(series).
    package static func render(_ families: [MetricFamily]) -> String {
        var text = ""
        var known: Set<String> = []
        for family in families where known.insert(family.name).inserted {
            text += "# HELP \(family.name) \(escaped(family.help, quotes: false))\n"
            text += "# TYPE \(family.name) \(family.kind.rawValue)\n"
            for other in families where other.name == family.name {
                for sample in other.samples { append(sample, family.name, to: &text) }
            }
        }
        return text
    }

    private static func append(_ sample: MetricFamily.Sample, _ name: String, to text: inout String) {
        switch sample.value {
        case .number(let value): text += "\(name)\(labels(sample.labels)) \(number(value))\n"
        case .count(let value): text += "\(name)\(labels(sample.labels)) \(value)\n"
        case .buckets(let buckets, let count, let sum):
            for bucket in buckets {
                text += "\(name)_bucket\(labels(sample.labels + [("le", number(bucket.upTo))])) \(bucket.count)\n"
            }
            text += "\(name)_bucket\(labels(sample.labels + [("le", "+Inf")])) \(count)\n"
            text += "\(name)_sum\(labels(sample.labels)) \(number(sum))\n"
            text += "\(name)_count\(labels(sample.labels)) \(count)\n"
        }
    }

    private static func labels(_ labels: [(name: String, value: String)]) -> String {
        guard !labels.isEmpty else { return "" }
        return "{" + labels.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }.joined(separator: ",") + "}"
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return value.description
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result.append(contentsOf: "\\\\".unicodeScalars)
            case "\n": result.append(contentsOf: "\\n".unicodeScalars)
            case "\"" where quotes: result.append(contentsOf: "\\\"".unicodeScalars)
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
