import Catalog
import Collect
import Events
import Testing

/// What a visitor's standing wishes mean is the same in every protocol.
struct ForeignConsentTests {
    /// A page view as each product's client in a browser sends it, with ids of its own.
    static let requests: [(name: String, line: String, body: String)] = [
        (
            "matomo",
            "GET /matomo.php?idsite=1&rec=1&url=https%3A%2F%2Fshop.test%2F&_id=a0b1c2d3e4f50617&uid=anna", ""
        ),
        (
            "snowplow", "POST /com.snowplowanalytics.snowplow/tp2",
            #"{"schema":"iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4","data":["#
                + #"{"e":"pv","aid":"my-app","p":"web","tv":"js-3","url":"https://shop.test/","#
                + #""duid":"6f1c1f0e-0000-4000-8000-000000000001","uid":"anna"}]}"#
        ),
        ("plausible", "POST /api/event", #"{"n":"pageview","u":"https://shop.test/","d":"shop.test"}"#),
        (
            "umami", "POST /api/send",
            #"{"type":"event","payload":{"website":"94db1cb1-74f4-4a40-ad6c-962362670409","#
                + #""hostname":"shop.test","url":"https://shop.test/","id":"anna"}}"#
        ),
        ("ga4", "POST /g/collect?v=2&tid=G-TEST1234&cid=1.2&uid=anna&en=page_view&dl=https%3A%2F%2Fshop.test%2F", ""),
        (
            "segment", "POST /v1/p",
            #"{"type":"page","writeKey":"wk_test","anonymousId":"a1","userId":"anna","messageId":"m1","#
                + #""context":{"page":{"url":"https://shop.test/"}}}"#
        ),
        (
            "posthog", "POST /e/",
            #"{"api_key":"phc_test","event":"$pageview","uuid":"0b5c7d1e-1111-4111-8111-000000000001","#
                + #""properties":{"distinct_id":"a1","$current_url":"https://shop.test/"}}"#
        ),
    ]

    private static func event(
        _ name: String, consent: AliasConsent = .client, _ headers: [String]
    ) throws -> SeenEvent {
        let request = try #require(requests.first { $0.name == name })
        var bench = ForeignBench(consent: consent)
        let answer = bench.send(request.line, ["Origin: https://shop.test"] + headers, body: request.body)
        let heard = try #require(answer, "\(name) has no route")
        #expect((200..<300).contains(heard.status), "\(name) hears \(heard.status): \(heard.reasons)")
        let events = try bench.events
        #expect(events.count == 1, "\(name)")
        return try #require(events.first)
    }

    @Test(arguments: requests.map(\.name)) func theOptOutCookieLeavesNoIdentifier(_ name: String) throws {
        let event = try Self.event(name, ["Cookie: highland_optout=1"])
        #expect(event.name == "pageview")
        #expect(event.deviceID == nil && event.userHash == nil && event.dailyID == nil && event.anonymousID == nil)
        #expect(Purpose.allCases.allSatisfy { event.consent[$0] == .objected })
    }

    @Test(arguments: requests.map(\.name)) func globalPrivacyControlIsAnObjectionToAdvertisingAndSharing(
        _ name: String
    ) throws {
        let event = try Self.event(name, ["Sec-GPC: 1"])
        #expect(event.consent[.advertising] == .objected && event.consent[.sharing] == .objected)
        #expect(event.consent[.measurement] == .granted, "the alias says that the visitors were asked")
    }

    @Test(arguments: requests.map(\.name)) func withoutAGrantOnlyTheDaysHashIsLeft(_ name: String) throws {
        let event = try Self.event(name, consent: .required, [])
        #expect(event.deviceID == nil && event.userHash == nil && event.anonymousID == nil)
        #expect(event.dailyID != nil)
        #expect(event.consent[.measurement] == .unknown)
    }

    @Test(arguments: requests.map(\.name)) func anUnknownSiteIsToldNothingThatItsClientWouldRepeat(_ name: String)
        throws
    {
        let request = try #require(Self.requests.first { $0.name == name })
        let others = [
            "idsite=1&": "idsite=99&", "my-app": "other", "\"d\":\"shop.test\"": "\"d\":\"other.test\"",
            "94db1cb1": "00000000", "G-TEST1234": "G-OTHER123", "wk_test": "wk_other", "phc_test": "phc_other",
        ]
        var line = request.line
        var body = request.body
        for (word, other) in others {
            line = line.replacing(word, with: other)
            body = body.replacing(word, with: other)
        }
        if name == "plausible" { body = body.replacing("https://shop.test/", with: "https://other.test/") }
        if name == "snowplow" { body = body.replacing("https://shop.test/", with: "https://other.test/") }
        var bench = ForeignBench()
        let answer = bench.send(line, [], body: body)
        let heard = try #require(answer)
        #expect([200, 202, 204, 400, 401, 403].contains(heard.status))
        #expect(heard.reasons == ["unknown_site"])
        #expect(try bench.events.isEmpty)
    }
}
