/// The labels of time buckets, `2024-03-31 14:00:00` or `2024-03-31`, in the words of a reader.
struct BucketLabels {
    private enum Unit { case hour, day, month }
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    private let unit: Unit

    /// Tells the unit by the labels: hours have a time, months are firsts only and more than one.
    init(_ labels: [String]) {
        if labels.contains(where: { $0.utf8.count > 10 }) {
            unit = .hour
        } else {
            unit = labels.count > 1 && labels.allSatisfy { $0.hasSuffix("-01") } ? .month : .day
        }
    }

    /// `14:00`, `31 Mar`, `Mar 2024`.
    func short(_ label: String) -> String {
        let parts = label.prefix(10).split(separator: "-")
        guard parts.count == 3, let month = Int(parts[1]), (1...12).contains(month) else { return label }
        switch unit {
        case .hour: return String(label.dropFirst(11).prefix(5))
        case .day: return "\(parts[2].drop { $0 == "0" }) \(BucketLabels.months[month - 1])"
        case .month: return "\(BucketLabels.months[month - 1]) \(parts[0])"
        }
    }

    var heading: String {
        switch unit {
        case .hour: "Hour"
        case .day: "Day"
        case .month: "Month"
        }
    }
}
