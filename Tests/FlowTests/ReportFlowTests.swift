import Catalog
import Events
import Foundation
import LoadSupport
import ServerCore
import Testing

/// From requests on the wire to numbers in a report.
@Suite(.serialized)
struct ReportFlowTests {
    private static let firefox = [
        ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0")
    ]

    @Test func aVisitIsInTheReportWhenItsAnswersHaveCome() async throws {
        let server = try await RunningServer.start()
        for page in ["", "pricing", "join"] {
            _ = try server.pixel(
                "url=https://shop.test/\(page)&referrer=https://www.google.com/", headers: Self.firefox)
        }
        _ = try server.pixel("url=https://shop.test/&referrer=https://duckduckgo.com/")
        #expect(try server.metrics(["visitors", "visits", "pageviews", "bounce_rate"]) == [2, 2, 4, 50])
        let sources = try server.rows(["visits", "pageviews"], dimensions: ["visit:source"])
        #expect(
            Dictionary(uniqueKeysWithValues: sources.map { ($0.dimensions[0] ?? "", $0.metrics) }) == [
                "Google": [1, 3], "DuckDuckGo": [1, 1],
            ])
        let pages = try server.rows(["pageviews"], dimensions: ["event:page"])
        #expect(Set(pages.map { $0.dimensions[0] ?? "" }) == ["/", "/pricing", "/join"])
        await server.stop()
    }

    @Test func aGrantInMidVisitContinuesIt() async throws {
        let server = try await RunningServer.start()
        // Each at a time of its own: events of one millisecond have no first.
        let start = Int(Date().timeIntervalSince1970 * 1000) - 3_000
        _ = try server.pixel("url=https://shop.test/a&time=\(start)&referrer=https://www.google.com/")
        let granted = try server.pixel("url=https://shop.test/b&time=\(start + 1_000)&consent=m")
        let cookie = String(try #require(granted.header("set-cookie")).prefix { $0 != ";" })
        _ = try server.pixel("url=https://shop.test/c&time=\(start + 2_000)&consent=m", headers: [("Cookie", cookie)])
        #expect(try server.metrics(["visitors", "visits", "pageviews"]) == [1, 1, 3])
        let sources = try server.rows(["visits"], dimensions: ["visit:source"])
        #expect(sources.map { $0.dimensions[0] } == ["Google"], "the original source")
        await server.stop()
    }

    @Test func botsAreReportedOnlyWhenAskedFor() async throws {
        let server = try await RunningServer.start()
        _ = try server.pixel(
            "url=https://shop.test/",
            headers: [("User-Agent", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")])
        _ = try server.pixel("url=https://shop.test/")
        #expect(try server.metrics(["visits", "pageviews"]) == [1, 1])
        #expect(try server.metrics(["visits", "pageviews"], extra: #","include":{"bots":true}"#) == [2, 2])
        await server.stop()
    }

    @Test func quarantinedEventsCountNowhere() async throws {
        let server = try await RunningServer.start()
        _ = try server.pixel("url=https://evil.example/")
        _ = try server.pixel("url=https://shop.test/")
        #expect(try server.metrics(["pageviews"]) == [1])
        #expect(try server.storedEvents().count == 2)
        await server.stop()
    }

    @Test func whatNobodyMayIdentifyHasPageViewsAndNoVisitors() async throws {
        let server = try await RunningServer.start(site: { $0.unknownConsent = .none })
        for _ in 0..<3 { #expect(try server.pixel("url=https://shop.test/").status == 200) }
        let metrics = try server.metrics(["visitors", "visits", "pageviews"])
        let stored = try server.storedEvents().count
        #expect(metrics == [nil, nil, 3], "null, never 0; \(stored) of 3 are on disk")
        await server.stop()
    }

    @Test func aRestartGivesTheSameNumbersAndGoesOn() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "highland-reports-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for round in 1...3 {
            let server = try await RunningServer.start(folder: folder)
            for page in 0..<5 {
                #expect(try server.pixel("url=https://shop.test/\(page)", headers: Self.firefox).status == 200)
            }
            let metrics = try server.metrics(["visitors", "visits", "pageviews"])
            let stored = try server.storedEvents().count
            #expect(metrics == [1, 1, Double(round * 5)], "\(stored) of \(round * 5) are on disk")
            _ = await server.server.stop()
        }
        // Without its checkpoint everything is built again from the journal, to the same numbers.
        try FileManager.default.removeItem(at: folder.appendingPathComponent("data/checkpoints"))
        let rebuilt = try await RunningServer.start(folder: folder)
        let metrics = try rebuilt.metrics(["visitors", "visits", "pageviews"])
        #expect(metrics == [1, 1, 15])
        _ = await rebuilt.server.stop()
    }

    @Test func revenueAndPropertiesAreThere() async throws {
        let server = try await RunningServer.start(site: { $0.currency = "CHF" })
        let key = server.site.key
        _ = try server.post(
            #"[{"site":"\#(key)","name":"order","revenue":{"amount":"12.30","currency":"CHF"},"properties":{"plan":"pro"}},"#
                + #"{"site":"\#(key)","name":"order","revenue":{"amount":"0.70","currency":"CHF"},"properties":{"plan":"free"}}]"#
        )
        #expect(try server.metrics(["total_revenue", "events"]) == [13, 2])
        let plans = try server.rows(["events"], dimensions: ["event:props:plan"])
        #expect(Set(plans.map { $0.dimensions[0] ?? "" }) == ["pro", "free"])
        await server.stop()
    }
}
