/// One measured thing with its series, in the terms of Prometheus. Names are `highland_<stage>_<noun>_<unit>[_total]`,
/// base units, labels from closed sets; dots and other signs never occur.
package struct MetricFamily: Sendable {
    package enum Kind: String, Sendable { case counter, gauge, histogram }

    /// One series: a value, or for a histogram its cumulated buckets.
    package struct Sample: Sendable {
        package var labels: [(name: String, value: String)]
        package var value: Value

        package enum Value: Sendable {
            case number(Double)
            /// Whole numbers keep all their digits.
            case count(UInt64)
            /// Upper bounds, rising, with the cumulated counts; then all and their sum.
            case buckets([(upTo: Double, count: UInt64)], count: UInt64, sum: Double)
        }

        package init(_ value: Value, labels: [(name: String, value: String)] = []) {
            self.value = value
            self.labels = labels
        }
    }

    package var name: String
    package var help: String
    package var kind: Kind
    package var samples: [Sample]

    package init(_ name: String, _ kind: Kind, help: String, samples: [Sample]) {
        self.name = name
        self.kind = kind
        self.help = help
        self.samples = samples
    }

    /// A family of one number.
    package init(_ name: String, _ kind: Kind, help: String, _ value: UInt64) {
        self.init(name, kind, help: help, samples: [Sample(.count(value))])
    }
}
