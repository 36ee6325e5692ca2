import Catalog
import Collect
import Events
import Journal
import Testing

/// Whose events Snowplow's requests are, when they happened, and what their senders hear.
@Suite struct SnowplowRequestTests {
    static let nobody = #"{"e":"pv","aid":"my-app","url":"https://shop.test/"}"#

    // MARK: paths

    @Test(arguments: [
        ("GET /i?e=pv&aid=my-app", true), ("GET /ice.png?e=pv&aid=my-app", true), ("HEAD /i?e=pv&aid=my-app", true),
        ("GET /com.snowplowanalytics.snowplow/tp2?e=pv&aid=my-app", true), ("GET /i/?e=pv&aid=my-app", true),
        ("GET /own.name/tp2?e=pv&aid=my-app", true), ("POST /own.name/tp2/?e=pv&aid=my-app", true),
        ("GET /r/tp2?u=https://evil.test/", false), ("GET /tp2?e=pv", false), ("GET /a/b/tp2?e=pv", false),
        ("GET //tp2?e=pv", false), ("PUT /own.name/tp2", false), ("GET /a/xtp2", false),
    ])
    func pathsAreServed(_ line: String, _ isServed: Bool) throws {
        var bench = ForeignBench()
        let heard = bench.send(line)
        #expect((heard != nil) == isServed)
        guard isServed else { return }
        #expect(heard?.status == 200)
        #expect(heard?.content == (line.hasPrefix("POST") ? .text : .pixel))
        #expect(heard?.origins == .mirrored)
        #expect(try bench.events.map(\.name) == ["pageview"])
    }

    @Test func preflightAllowsTheAnonymousHeader() {
        let preflight = ForeignProtocols.all.first { $0.wire == .snowplow }?.preflight
        #expect(preflight?.status == 200)
        #expect(preflight?.origins == .mirrored)
        #expect(preflight?.headers == "Content-Type, SP-Anonymous")
    }

    @Test func queriesAreDecodedOnce() throws {
        var bench = ForeignBench()
        _ = bench.send(
            "GET /i?e=se&aid=my%2Dapp&se_ac=a+b&%73e_la=50%25%20off&se_va=x&url=https%3A%2F%2Fshop.test%2F&se_ca=%2541")
        let seen = try #require(try bench.events.first)
        #expect(seen.name == "a b")
        #expect(seen.url == "https://shop.test/")
        #expect(seen.properties == ["category:string:%41", "label:string:50% off", "value:string:x"])
    }

    @Test func queryStatesWhatTheBodyLeavesOut() throws {
        var bench = ForeignBench()
        _ = bench.send(
            "\(SnowplowTests.path)?aid=my-app&nuid=\(SnowplowTests.network)&se_ca=x",
            body: #"{"data":[{"e":"pv","eid":"1"},{"e":"se","eid":"2","se_ac":"a","se_ca":"own"}]}"#)
        #expect(try bench.events.map(\.anonymousID) == [SnowplowTests.network, SnowplowTests.network])
        #expect(try bench.events.map(\.properties) == [[], ["category:string:own"]])
    }

    @Test func pageIsTheRefererWhereNothingElseSaysIt() throws {
        var bench = ForeignBench()
        _ = bench.send("GET /i?e=pv&aid=my-app", ["Referer: https://shop.test/news"])
        _ = bench.send("GET /i?e=pv&aid=my-app&url=https://shop.test/own", ["Referer: https://shop.test/news"])
        #expect(try bench.events.map(\.url) == ["https://shop.test/news", "https://shop.test/own"])
    }

    // MARK: identity

    @Test(arguments: [
        (#","duid":"d","nuid":"\#(SnowplowTests.network)""#, "d"),
        (#","nuid":"5C1D6C9E-0000-4000-8000-00000000000B""#, "5C1D6C9E-0000-4000-8000-00000000000B"),
        (#","tnuid":"t""#, SnowplowTests.network),
        (#","nuid":"00000000-0000-0000-0000-000000000000""#, SnowplowTests.network),
        (
            #","co":{"data":[{"schema":"iglu:com.snowplowanalytics.snowplow/client_session/j/1","data":{"userId":"#
                + #""0a0b0c0d-0000-4000-8000-000000000001","sessionId":"s"}}]}"#, "0a0b0c0d-0000-4000-8000-000000000001"
        ),
    ])
    func strongerIDsGoBefore(_ members: String, _ id: String) throws {
        var bench = ForeignBench()
        let cookie = "Cookie: a=b; sp=\(SnowplowTests.network)"
        _ = bench.post([#"{"e":"pv","aid":"my-app"\#(members)}"#], [SnowplowTests.origin, cookie])
        #expect(try bench.events.first?.anonymousID == id)
        #expect(try bench.events.first?.properties == [])
    }

    @Test func browserWithoutAnIDIsKnownByItsNewCookie() throws {
        var bench = ForeignBench()
        let heard = bench.post([Self.nobody])
        let cookie = try #require(heard?.headers["Set-Cookie"])
        let id = try #require(try bench.events.first?.anonymousID)
        #expect(cookie == "sp=\(id); Path=/; Max-Age=31536000; Secure; HttpOnly; SameSite=None")
        let digits = id.split(separator: "-")
        #expect(digits.map(\.count) == [8, 4, 4, 4, 12])
        #expect(digits[2].hasPrefix("4") && digits[3].hasPrefix("a"))
        let again = bench.post([Self.nobody], [SnowplowTests.origin, "Cookie: sp=\(id)"])
        #expect(again?.headers["Set-Cookie"] == cookie)
        #expect(Set(try bench.events.map(\.deviceID)).count == 1)
    }

    @Test func hostileCookieIsNotSetAgain() throws {
        for value in ["x", "5c1d6c9e-0000-4000-8000-00000000000g", "00000000-0000-0000-0000-000000000000", "\"", ""] {
            var bench = ForeignBench()
            let heard = bench.post([Self.nobody], [SnowplowTests.origin, "Cookie: sp=\(value)"])
            let id = try #require(try bench.events.first?.anonymousID)
            #expect(id != value && heard?.headers["Set-Cookie"]?.hasPrefix("sp=\(id);") == true)
        }
    }

    @Test func cookieWaitsForConsent() throws {
        var bench = ForeignBench(consent: .required)
        let heard = bench.post([tracked("pv", #""url":"https://shop.test/""#)])
        #expect(heard?.headers["Set-Cookie"] == nil)
        let seen = try #require(try bench.events.first)
        #expect(seen.anonymousID == nil && seen.deviceID == nil && seen.userHash == nil)
        #expect(seen.dailyID != nil)
    }

    @Test func nobodyElseGetsACookie() throws {
        for headers in [
            ["User-Agent: python-requests/2.34.2"], ["User-Agent: Googlebot/2.1", SnowplowTests.origin],
        ] {
            var bench = ForeignBench()
            let heard = bench.post([Self.nobody], headers)
            #expect(heard?.status == 200)
            #expect(heard?.headers["Set-Cookie"] == nil, "\(headers)")
        }
        var bench = ForeignBench()
        let heard = bench.post([#"{"e":"pv","aid":"unknown"}"#])
        #expect(heard?.headers["Set-Cookie"] == nil)
    }

    @Test func anonymousRequestKeepsNobody() throws {
        var bench = ForeignBench()
        let headers = [SnowplowTests.origin, "SP-Anonymous: *"]
        let view = tracked("pv", #""url":"https://shop.test/""#)
        let heard = bench.post([view], headers + ["Cookie: sp=\(SnowplowTests.network)"])
        #expect(heard?.headers["Set-Cookie"] == "sp=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=None")
        let seen = try #require(try bench.events.first)
        #expect(seen.consent[.measurement] == .denied)
        #expect(seen.anonymousID == nil && seen.deviceID == nil && seen.userHash == nil && seen.dailyID == nil)
        #expect(seen.network == nil)
        let without = bench.post([tracked("pv", "\"x\":1", id: "e-2")], headers)
        #expect(without?.headers["Set-Cookie"] == nil)
    }

    @Test(arguments: [
        ("deny_all", ConsentState.denied), ("withdrawn", .denied), ("allow_all", .granted),
        ("allow_selected", .unknown),
    ])
    func preferencesAreBelieved(_ type: String, _ state: ConsentState) throws {
        var bench = ForeignBench(consent: .required)
        _ = bench.post([
            selfDescribing("com.snowplowanalytics.snowplow/consent_preferences", #"{"eventType":"\#(type)"}"#)
        ])
        #expect(try bench.events.first?.consent[.measurement] == state)
    }

    @Test func libraryStatesItsVisitorsAgentAndNotItsAddress() throws {
        var bench = ForeignBench()
        let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"
        let heard = bench.post(
            [tracked("pv", #""ua":"\#(agent)","ip":"198.51.100.17""#)], ["User-Agent: python-requests/2.34.2"])
        #expect(heard?.headers.isEmpty == true)
        let seen = try #require(try bench.events.first)
        #expect(seen.agent == agent)
        #expect(!seen.flags.contains(.bot))
        #expect(seen.network == nil)
        #expect(seen.deviceID != nil)
    }

    // MARK: time

    @Test(arguments: [
        // A clock that is right, one that is a day slow, sent-at cut to seconds before the event, true time.
        (#""dtm":"1795354627000","stm":"1795354628900""#, 1_795_354_627_000 as Int64),
        (#""dtm":"1795268227000","stm":"1795268229000""#, 1_795_354_627_000),
        (#""dtm":"1795268227900","stm":"1795268227000""#, 1_795_354_629_000),
        (#""ttm":"1795354600000","dtm":"1795268227000","stm":"1795268229000""#, 1_795_354_600_000),
        (#""stm":"1795268229000""#, 1_795_354_629_000), (#""dtm":"1795354627000""#, 1_795_354_627_000),
        (#""dtm":"","stm":"""#, 1_795_354_629_000),
    ])
    func clocksAreCorrected(_ members: String, _ milliseconds: Int64) throws {
        var bench = ForeignBench()
        _ = bench.post([#"{"e":"pv","aid":"my-app",\#(members)}"#])
        #expect(try bench.events.first?.milliseconds == milliseconds)
    }

    // MARK: answers

    @Test func busyJournalAsksToComeAgain() {
        var bench = ForeignBench()
        bench.journal.refusal = .queueFull
        let heard = bench.post([Self.nobody])
        #expect(heard?.status == 503)
        #expect(heard?.headers["Retry-After"] == "1")
        #expect(heard?.headers["Set-Cookie"] == nil)
    }

    @Test func goodEventsOutliveBadOnes() throws {
        var bench = ForeignBench()
        let heard = bench.post(["7", #"{"e":"zz"}"#, Self.nobody])
        #expect(heard?.status == 200)
        #expect(heard?.reasons == ["not_an_object", "invalid_field"])
        #expect(try bench.events.count == 1)
    }

    @Test func siteWithoutAnAppIDIsThePagesHost() {
        var bench = ForeignBench()
        let heard = bench.post([#"{"e":"pv","url":"https://www.my-app/"}"#])
        // The alias is found, and the page is not one of the site's.
        #expect(heard?.outcome.accepted == 1)
    }
}
