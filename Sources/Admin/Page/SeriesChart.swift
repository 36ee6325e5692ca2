/// A line over time as SVG, drawn here. It stretches to any width, so it holds no text: the axes stand beside it.
///
/// One unit of width is one bucket, the height is 100; strokes keep their width whatever the scale. Each bucket has an
/// invisible column whose title is the tooltip. Nil values are gaps.
struct SeriesChart {
    struct Point {
        var label: String
        var value: Double?
        var earlier: Double?
        /// What the tooltip says.
        var summary: String
    }

    let points: [Point]

    /// The upper end of the scale: 1, 2, 2.5 or 5 times a power of ten, at least 4.
    var scaleMax: Double {
        let most = points.reduce(0.0) { max($0, $1.value ?? 0, $1.earlier ?? 0) }
        guard most > 4 else { return 4 }
        var unit = 1.0
        while unit * 10 < most { unit *= 10 }
        return [1, 2, 2.5, 5, 10].map { $0 * unit }.first { $0 >= most } ?? most
    }

    /// The element, with `title` and `description` for those who do not see it.
    func svg(title: String, description: String) -> String {
        let most = scaleMax
        var svg = "<svg class=\"chart\" viewBox=\"0 0 \(max(points.count, 1)) 100\" preserveAspectRatio=\"none\" "
        svg += "role=\"img\" aria-labelledby=\"chart-title chart-text\">"
        svg += "<title id=\"chart-title\">\(HTMLEscaping.escape(title))</title>"
        svg += "<desc id=\"chart-text\">\(HTMLEscaping.escape(description))</desc>"
        for line in [0, 25, 50, 75, 100] {
            svg += "<line class=\"grid\" x1=\"0\" x2=\"\(max(points.count, 1))\" y1=\"\(line)\" y2=\"\(line)\"/>"
        }
        if points.count <= 2 {
            svg += bars(most)
        } else {
            svg += area(most)
            svg += path("earlier", runs(points.map(\.earlier), most))
            svg += path("line", runs(points.map(\.value), most))
        }
        for (index, point) in points.enumerated() {
            svg += "<rect class=\"hit\" x=\"\(index)\" y=\"0\" width=\"1\" height=\"100\">"
            svg += "<title>\(HTMLEscaping.escape(point.summary))</title></rect>"
        }
        return svg + "</svg>"
    }

    /// Runs of neighbouring points as `x,y` pairs.
    private func runs(_ values: [Double?], _ most: Double) -> [[String]] {
        var runs: [[String]] = [[]]
        for (index, value) in values.enumerated() {
            guard let value else {
                if runs.last?.isEmpty == false { runs.append([]) }
                continue
            }
            runs[runs.count - 1].append("\(index).5,\(SeriesChart.y(value, most))")
        }
        return runs.filter { !$0.isEmpty }
    }

    private func path(_ name: String, _ runs: [[String]]) -> String {
        guard !runs.isEmpty else { return "" }
        let data = runs.map { "M" + $0.joined(separator: "L") + ($0.count == 1 ? "h0.01" : "") }.joined()
        return "<path class=\"\(name)\" d=\"\(data)\"/>"
    }

    private func area(_ most: Double) -> String {
        runs(points.map(\.value), most).filter { $0.count > 1 }.map { run in
            let first = run[0].prefix { $0 != "," }
            let last = run[run.count - 1].prefix { $0 != "," }
            return "<path class=\"area\" d=\"M\(first),100L\(run.joined(separator: "L"))L\(last),100Z\"/>"
        }.joined()
    }

    private func bars(_ most: Double) -> String {
        points.enumerated().map { index, point in
            let top = SeriesChart.y(point.value ?? 0, most)
            return "<rect class=\"column\" x=\"\(index).3\" y=\"\(top)\" width=\"0.4\" height=\"\(100 - top)\"/>"
        }.joined()
    }

    /// Two decimals suffice for any screen.
    private static func y(_ value: Double, _ most: Double) -> Double {
        let share = min(max(value / max(most, 1), 0), 1)
        return (10_000 - share * 10_000).rounded() / 100
    }
}
