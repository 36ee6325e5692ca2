import Catalog
import Events
import Foundation
import LoadSupport
import ServerCore
import Testing

/// From a request on the wire to a record on disk.
@Suite(.serialized)
struct CollectFlowTests {
    @Test func thePixelsEventIsOnDiskWhenItsAnswerComes() async throws {
        let server = try await RunningServer.start()
        let answer = try server.pixel(
            "name=signup&id=e1&url=https://shop.test/join&p.plan=pro&revenue=12.30&currency=CHF&consent=m")
        #expect(answer.status == 200)
        #expect(answer.header("content-type") == "image/gif")
        #expect(answer.body.count == 43)
        #expect(answer.header("cache-control") == "no-store")
        let events = try server.storedEvents()
        #expect(events.count == 1)
        let event = try #require(events.first)
        #expect(event.name == "signup")
        #expect(event.clientEventID == "e1")
        #expect(event.url == "https://shop.test/join")
        #expect(event.properties == ["plan": "pro"])
        #expect(event.revenue == Money(micros: 12_300_000, currency: try #require(CurrencyCode("CHF"))))
        await server.stop()
    }

    @Test(arguments: [
        (#"{"site":"KEY","name":"a","url":"https://shop.test/"}"#, 1),
        (#"[{"site":"KEY","name":"a"},{"site":"KEY","name":"b"},{"site":"KEY","name":"c"}]"#, 3),
        ("{\"site\":\"KEY\",\"name\":\"a\"}\n{\"site\":\"KEY\",\"name\":\"b\"}\n", 2),
    ])
    func bodiesInEachShapeAreTaken(body: String, count: Int) async throws {
        let server = try await RunningServer.start()
        let text = body.replacingOccurrences(of: "KEY", with: server.site.key)
        let answer = try server.request(
            "POST", "/collect", headers: [("Content-Type", "text/plain"), ("User-Agent", "Firefox")], body: text)
        #expect(answer.status == 202)
        #expect(answer.text == "{\"accepted\":\(count),\"rejected\":[]}")
        #expect(try server.storedEvents().count == count)
        await server.stop()
    }

    @Test func aBatchKeepsItsGoodEventsAndNamesTheBadOnes() async throws {
        let server = try await RunningServer.start()
        let key = server.site.key
        let answer = try server.post(
            #"[{"site":"\#(key)","name":"a"},{"site":"nobody","name":"b"},7,{"site":"\#(key)"},{"site":"\#(key)","name":"c","time":"1999-01-01T00:00:00Z"}]"#
        )
        #expect(answer.status == 202)
        let expected =
            #"{"accepted":1,"rejected":[{"index":1,"reason":"unknown_site"},{"index":2,"reason":"not_an_object"},"#
            + #"{"index":3,"reason":"missing_name"},{"index":4,"reason":"time_out_of_range"}]}"#
        #expect(answer.text == expected)
        #expect(try server.storedEvents().map(\.name) == ["a"])
        await server.stop()
    }

    @Test(arguments: [
        ("not json", "invalid_json"), ("", "empty_body"), ("[[[[", "invalid_json"),
        (#"{"site":"nobody","name":"a"}"#, "unknown_site"),
        (#"{"name":"a"}"#, "missing_site"), ("{\"site\":\"KEY\",\"name\":\"\u{0}\"", "invalid_json"),
    ])
    func whatCanNeverSucceedIsA400WithItsReason(body: String, reason: String) async throws {
        let server = try await RunningServer.start()
        let answer = try server.post(body.replacingOccurrences(of: "KEY", with: server.site.key))
        #expect(answer.status == 400)
        #expect(answer.text.contains("\"reason\":\"\(reason)\""), "answered \(answer.text)")
        #expect(try server.storedEvents().isEmpty)
        await server.stop()
    }

    @Test func anEventSentTwiceIsStoredOnce() async throws {
        let server = try await RunningServer.start()
        for _ in 0..<3 {
            let answer = try server.post(#"{"site":"\#(server.site.key)","name":"order","id":"order-1"}"#)
            #expect(answer.status == 202)
        }
        #expect(try server.storedEvents().count == 1)
        await server.stop()
    }

    @Test func aForeignHostIsStoredInQuarantineAndAForeignOriginGetsNoCORS() async throws {
        let server = try await RunningServer.start()
        _ = try server.pixel("url=https://shop.test.evil.example/&consent=m")
        _ = try server.pixel("url=https://www.shop.test/&consent=m")
        let events = try server.storedEvents()
        #expect(events.map { $0.flags.contains(.quarantined) } == [true, false])
        let body = #"{"site":"\#(server.site.key)","name":"a"}"#
        for (origin, allowed) in [
            ("https://shop.test", true), ("https://www.shop.test", true), ("https://evilshop.test", false),
            ("null", false),
            ("https://shop.test.evil.example", false),
        ] {
            let answer = try server.post(body, headers: [("Origin", origin)])
            #expect(answer.header("access-control-allow-origin") == (allowed ? origin : nil), "\(origin)")
            #expect(answer.header("vary") == "Origin")
        }
        await server.stop()
    }

    @Test func preflightNamesWhatIsAllowed() async throws {
        let server = try await RunningServer.start()
        let answer = try server.request(
            "OPTIONS", "/collect",
            headers: [("Origin", "https://shop.test"), ("Access-Control-Request-Method", "POST")])
        #expect(answer.status == 204)
        #expect(answer.header("access-control-allow-origin") == "https://shop.test")
        #expect(answer.header("access-control-allow-methods")?.contains("POST") == true)
        await server.stop()
    }

    @Test(
        arguments: [
            ("https://data.shop.test:8443", nil, "mailto:security@data.shop.test"),
            ("http://127.0.0.1:8080", nil, "mailto:security@shop.test"),
            ("https://data.shop.test", "https://shop.test/security", "https://shop.test/security"),
        ] as [(String, String?, String)])
    func aWeaknessIsToldToWhomTheOperatorNames(url: String, contact: String?, named: String) async throws {
        let server = try await RunningServer.start(prepare: { configuration in
            configuration.publicPlane.url = url
            configuration.publicPlane.securityContact = contact
        })
        #expect(try server.request("GET", "/.well-known/security.txt").text.hasPrefix("Contact: \(named)\n"))
        await server.stop()
    }

    @Test func theSmallPagesAreThere() async throws {
        let server = try await RunningServer.start()
        #expect(try server.request("GET", "/healthz").status == 200)
        let ready = try server.request("GET", "/readyz")
        #expect(ready.status == 200)
        #expect(ready.text.contains("\"journal\""))
        #expect(try server.request("GET", "/robots.txt").text.contains("Disallow: /"))
        let security = try server.request("GET", "/.well-known/security.txt").text
        #expect(security.hasPrefix("Contact: mailto:security@shop.test\n") && security.contains("\nExpires: "))
        let lost = try server.request("GET", "/wp-login.php")
        #expect(lost.status == 404)
        #expect(try server.request("DELETE", "/collect").status == 405)
        await server.stop()
    }
}
