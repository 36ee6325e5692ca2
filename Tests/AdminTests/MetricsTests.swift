import Admin
import Catalog
import Events
import Foundation
import HTTPTypes
import RequestParsing
import Testing

/// The text that Prometheus reads.
@Suite struct MetricsTests {
    private static let promtool = ["/usr/bin/promtool", "/usr/local/bin/promtool"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    private static let families = [
        MetricFamily("highland_collect_events_total", .counter, help: "Events taken.\nTwo \\ lines.", 12),
        MetricFamily(
            "highland_journal_commit_seconds", .histogram, help: "Time of a commit.",
            samples: [.init(.buckets([(0.001, 3), (0.01, 5)], count: 6, sum: 0.125), labels: [("disk", "a\"b\\c\nd")])]),
        MetricFamily("highland_projection_lag_seconds", .gauge, help: "Lag.", samples: [.init(.number(0.5))]),
    ]

    @Test func familiesAreWrittenInTheTextFormat() {
        #expect(
            MetricsText.render(MetricsTests.families) == """
                # HELP highland_collect_events_total Events taken.\\nTwo \\\\ lines.
                # TYPE highland_collect_events_total counter
                highland_collect_events_total 12
                # HELP highland_journal_commit_seconds Time of a commit.
                # TYPE highland_journal_commit_seconds histogram
                highland_journal_commit_seconds_bucket{disk="a\\"b\\\\c\\nd",le="0.001"} 3
                highland_journal_commit_seconds_bucket{disk="a\\"b\\\\c\\nd",le="0.01"} 5
                highland_journal_commit_seconds_bucket{disk="a\\"b\\\\c\\nd",le="+Inf"} 6
                highland_journal_commit_seconds_sum{disk="a\\"b\\\\c\\nd"} 0.125
                highland_journal_commit_seconds_count{disk="a\\"b\\\\c\\nd"} 6
                # HELP highland_projection_lag_seconds Lag.
                # TYPE highland_projection_lag_seconds gauge
                highland_projection_lag_seconds 0.5

                """)
    }

    @Test(.enabled(if: promtool != nil, "promtool of Debian's prometheus package is not installed"))
    func promtoolFindsNothingToComplainAbout() async throws {
        let plane = try TestPlane()
        let text = try await plane.test { client in
            _ = try await client.execute(uri: "/absent", method: .get)
            return try await client.execute(uri: "/metrics", method: .get, headers: .key(plane.key(.viewer))).text
        }
        #expect(text.contains("highland_admin_requests_total{status=\"4xx\"} 1\n"))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(MetricsTests.promtool))
        process.arguments = ["check", "metrics"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        #expect(process.terminationStatus == 0, "\(said)")
        #expect(said.isEmpty)
    }

    @Test func metricsNeedAKeyUnlessTheyAreAskedForOnThisMachine() async throws {
        let plane = try TestPlane()
        try await plane.test { client in
            // The router's test client has no connection, so no peer.
            let without = try await client.execute(uri: "/metrics", method: .get)
            #expect(without.status == .unauthorized)
            let scoped = try await client.execute(
                uri: "/metrics", method: .get, headers: .key(plane.key(.viewer, .first)))
            #expect(scoped.status == .forbidden)
        }
    }
}
