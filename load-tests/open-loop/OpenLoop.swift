import ArgumentParser
import Foundation
import Glibc
import Histogram

/// Sends requests at a constant rate, whatever the server does, and measures each answer from the moment its
/// request was *due*: a stall shows in every request that was due during it, not in one (a closed loop such as
/// wrk's would hide it).
///
/// One thread, poll(2), `connections` keep-alive connections with at most one request in flight on each. A request
/// that is due while all are busy waits in line, and its waiting counts.
@main
struct OpenLoop: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "highland-openloop", abstract: "Constant-rate load with latency from the scheduled time.")

    @Option(help: "Port on 127.0.0.1.") var port: Int
    @Option(help: "File with the raw bytes of one request.") var request: String
    @Option(help: "Requests a second.") var rate: Double
    @Option(help: "Seconds to run.") var seconds: Double = 5
    @Option(help: "Connections.") var connections: Int = 64
    @Option(help: "Seconds at the start that are not measured.") var warmUp: Double = 1

    func run() throws {
        guard let bytes = FileManager.default.contents(atPath: request), !bytes.isEmpty else {
            throw ValidationError("\(request): no such file, or empty; expected the bytes of one HTTP request")
        }
        guard rate > 0, rate < 1_000_000, seconds > 0, seconds <= 600, (1...8000).contains(connections) else {
            throw ValidationError("--rate takes 1 to 1000000, --seconds at most 600, --connections 1 to 8000")
        }
        var generator = try Generator(port: port, request: [UInt8](bytes), connections: connections)
        let result = generator.run(rate: rate, seconds: seconds, warmUpSeconds: warmUp)
        let histogram = result.histogram
        func milliseconds(_ percentile: Double) -> Double {
            Double(histogram.valueAtPercentile(percentile)) / 1_000_000
        }
        let line: [String: Any] = [
            "due": result.due, "answered": result.answered, "refused": result.refused,
            "unanswered": result.due - result.answered - result.refused,
            "p50_ms": milliseconds(50), "p90_ms": milliseconds(90), "p99_ms": milliseconds(99),
            "p999_ms": milliseconds(99.9),
            "max_ms": Double(histogram.maxRecorded) / 1_000_000,
        ]
        let data = try JSONSerialization.data(withJSONObject: line, options: [.sortedKeys])
        print(String(decoding: data, as: UTF8.self))
    }
}
