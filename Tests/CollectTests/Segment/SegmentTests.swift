import Catalog
import Collect
import Events
import Journal
import Testing

/// Segment's and RudderStack's calls as their clients send them, and what the journal gets of them.
@Suite struct SegmentTests {
    static let basic = "Authorization: Basic d2tfdGVzdDo="
    static let origin = "Origin: https://shop.test"
    static let page =
        #""context":{"page":{"url":"https://shop.test/boots","referrer":"https://bing.com/","title":"Boots"}}"#
    static let order =
        #""event":"Order Completed","properties":{"order_id":"o-1","revenue":129.9,"total":140,"currency":"EUR","#
        + #""tax":10.1,"products":[{"product_id":"B-42","name":"Boots","price":99.9,"quantity":1},"#
        + #"{"sku":"S-7","name":"Socks","price":"15.00","quantity":2}]}"#

    // MARK: kinds

    @Test func pageCallIsAPageView() throws {
        var bench = ForeignBench()
        let body =
            #"{"anonymousId":"a-1","userId":"u-1","messageId":"m-1","name":"Home","category":"Shop",\#(Self.page),"#
            + #""properties":{"url":"https://shop.test/own","title":"Own","colour":"brown","tab_url":"t"}}"#
        let answer = bench.send("POST /v1/page", [Self.basic, Self.origin], body: body)
        let heard = try #require(answer)
        #expect(heard.status == 200)
        #expect(heard.body == #"{"success":true}"#)
        #expect(heard.content == .json)
        #expect(heard.origins == .mirrored)
        let seen = try #require(try bench.events.first)
        #expect(seen.name == "pageview")
        #expect(seen.flags == .pageview)
        #expect(seen.url == "https://shop.test/own")
        #expect(seen.referrer == "https://bing.com/")
        #expect(seen.title == "Own")
        #expect(seen.anonymousID == "a-1")
        #expect(seen.clientEventID == "m-1")
        #expect(seen.deviceID != nil)
        #expect(seen.userHash != nil)
        #expect(seen.properties == ["colour:string:brown", "name:string:Home", "category:string:Shop"])
    }

    @Test func orderHasItsMoneyAndItems() throws {
        var bench = ForeignBench()
        _ = bench.send("POST /v1/track", [Self.basic, Self.origin], body: "{\(Self.order)}")
        let seen = try #require(try bench.events.first)
        #expect(seen.name == "order")
        #expect(seen.revenue?.micros == 129_900_000)
        #expect(seen.clientEventID == "o-1")
        #expect(seen.items == ["B-42|Boots|1000000|99900000", "S-7|Socks|2000000|15000000"])
        #expect(seen.properties == ["order_id:string:o-1", "total:number:140", "tax:number:10.1"])
    }

    @Test func orderWithAMessageIdKeepsIt() throws {
        var bench = ForeignBench()
        _ = bench.send("POST /v1/track", [Self.basic, Self.origin], body: #"{"messageId":"m-9",\#(Self.order)}"#)
        #expect(try bench.events.first?.clientEventID == "m-9")
    }

    @Test(arguments: [
        (#"{"total":"$10.50"}"#, Int64?.some(10_500_000)), (#"{"revenue":"12","total":99}"#, 12_000_000),
        (#"{"revenue":"many"}"#, nil), (#"{"revenue":1e30}"#, nil), (#"{}"#, nil),
        (#"{"revenue":3,"currency":"euro"}"#, 3_000_000),
    ])
    func orderSurvivesOddMoney(properties: String, micros: Int64?) throws {
        var bench = ForeignBench()
        let body = #"{"event":"order completed","properties":\#(properties)}"#
        _ = bench.send("POST /v1/track", [Self.basic], body: body)
        let seen = try #require(try bench.events.first)
        #expect(seen.name == "order")
        #expect(seen.revenue?.micros == micros)
    }

    @Test func moneyOfWhatIsNotPaidIsAProperty() throws {
        var bench = ForeignBench()
        let body = #"{"event":"Checkout Started","properties":{"revenue":5,"currency":"EUR"}}"#
        _ = bench.send("POST /v1/track", [Self.basic], body: body)
        let seen = try #require(try bench.events.first)
        #expect(seen.name == "Checkout Started")
        #expect(seen.revenue == nil)
        #expect(seen.properties == ["revenue:number:5", "currency:string:EUR"])
    }

    @Test func otherEventsKeepTheirNamesAndRevenue() throws {
        var bench = ForeignBench()
        let body = #"{"event":"Trial Ended","properties":{"revenue":5,"nonInteraction":1,"plan":{"name":"gold"}}}"#
        _ = bench.send("POST /v1/track", [Self.basic], body: body)
        let seen = try #require(try bench.events.first)
        #expect(seen.name == "Trial Ended")
        #expect(seen.revenue?.micros == 5_000_000)
        #expect(seen.flags == .nonInteractive)
        #expect(seen.properties == ["plan.name:string:gold"])
    }

    @Test func screenIsAnInteractionWithItsName() throws {
        var bench = ForeignBench()
        _ = bench.send("POST /v1/screen", [Self.basic], body: #"{"name":"Basket","properties":{"items":2}}"#)
        let seen = try #require(try bench.events.first)
        #expect(seen.name == "screen")
        #expect(seen.flags == [])
        #expect(seen.properties == ["items:number:2", "name:string:Basket"])
    }

    @Test(arguments: [
        ("/v1/identify", #"{"userId":"u","traits":{"plan":"gold"}}"#, "identify", ["plan:string:gold"]),
        ("/v1/identify", #"{"userId":"u","context":{"traits":{"plan":"gold"}}}"#, "identify", ["plan:string:gold"]),
        ("/v1/group", #"{"groupId":"club","traits":{"size":3}}"#, "group", ["size:number:3", "group_id:string:club"]),
        ("/v1/alias", #"{"userId":"u","previousId":"v"}"#, "alias", []),
        ("/v1/merge", #"{"userId":"u","mergeProperties":[{"type":"email","value":"x"}]}"#, "merge", []),
    ])
    func identityCallsAreNoEventsOfAVisitor(path: String, body: String, name: String, properties: [String]) throws {
        var bench = ForeignBench()
        _ = bench.send("POST \(path)", [Self.basic, Self.origin], body: body)
        let seen = try #require(try bench.events.first)
        #expect(seen.name == name)
        #expect(seen.flags == .identity)
        #expect(seen.properties == properties)
        #expect((seen.claimedHash != nil) == (name == "alias"))
    }

    // MARK: ways to send

    @Test(arguments: [
        "/v1/track", "/v1/t", "/t", "/v1/page", "/v1/p", "/p", "/v1/screen", "/v1/s", "/s", "/v1/identify", "/v1/i",
        "/i", "/v1/group", "/v1/g", "/g", "/v1/alias", "/v1/a", "/a", "/v1/track/",
    ])
    func singleCallsAreTaken(path: String) throws {
        var bench = ForeignBench()
        let body = #"{"writeKey":"wk_test","event":"e","userId":"u"}"#
        let heard = bench.send("POST \(path)", [Self.origin, "Content-Type: text/plain"], body: body)
        #expect(heard?.status == 200)
        #expect(try bench.events.count == 1)
    }

    @Test(arguments: ["/v1/batch", "/v1/b", "/b", "/v1/import", "/beacon/v1/batch?writeKey=wk_test"])
    func batchesAreTakenAndSayForAllWhatTheirCallsLeaveOut(path: String) throws {
        var bench = ForeignBench()
        let body =
            #"{"writeKey":"wk_test","context":{"locale":"de_CH"},"anonymousId":"a-1","batch":["#
            + #"{"type":"track","event":"one"},{"type":"page","context":{"locale":"fr"}}]}"#
        let heard = bench.send("POST \(path)", [Self.origin], body: body)
        #expect(heard?.status == 200)
        let seen = try bench.events
        #expect(seen.map(\.name) == ["one", "pageview"])
        #expect(seen.map(\.language) == ["de-CH", "fr"])
        #expect(seen.map(\.anonymousID) == ["a-1", "a-1"])
    }

    @Test func aSecondTellingAddsNothing() throws {
        var bench = ForeignBench()
        let body = #"{"batch":[{"type":"track","event":"a","messageId":"m-1"}]}"#
        _ = bench.send("POST /v1/batch", [Self.basic], body: body)
        let again = bench.send("POST /v1/batch", [Self.basic], body: body)
        #expect(again?.status == 200)
        #expect(again?.outcome.duplicates == 1)
        #expect(try bench.events.count == 1)
    }

    @Test(arguments: [
        "/pixel/v1/track?writeKey=wk_test&event=a&anonymousId=x&properties=%7B%22k%22:%22v%22%7D",
        "/pixel/v1/track?writeKey=wk_test&event=a&anonymousId=%22x%22&properties.k=v",
        "/v1/pixel/track?data=eyJ3cml0ZUtleSI6IndrX3Rlc3QiLCJldmVudCI6ImEiLCJhbm9ueW1vdXNJZCI6IngiLCJwcm9wZXJ0aWVz"
            + "Ijp7ImsiOiJ2In19",
    ])
    func imagesCarryACall(target: String) throws {
        var bench = ForeignBench()
        let heard = bench.send("GET \(target)", ["Referer: https://shop.test/boots"])
        #expect(heard?.status == 200)
        #expect(heard?.content == .pixel)
        let seen = try #require(try bench.events.first)
        #expect(seen.name == "a")
        #expect(seen.anonymousID == "x")
        #expect(seen.url == "https://shop.test/boots")
        #expect(seen.properties == ["k:string:v"])
    }

    // MARK: who, when, where

    @Test func campaignBesideTheURLGoesIntoIt() throws {
        var bench = ForeignBench()
        let body =
            #"{"event":"a","context":{"page":{"url":"https://shop.test/x?utm_source=own#top"},"#
            + #""campaign":{"name":"a b","source":"other","medium":7}}}"#
        _ = bench.send("POST /v1/track", [Self.basic, Self.origin], body: body)
        let url = try #require(try bench.events.first?.url)
        #expect(url.hasPrefix("https://shop.test/x?utm_source=own&utm_medium=7&utm_campaign=a%20b"))
    }

    @Test func clientsClockIsSetRightBySentAt() throws {
        var bench = ForeignBench()
        let body =
            #"{"batch":[{"type":"track","event":"a","originalTimestamp":"2026-11-25T12:00:00Z"}],"#
            + #""sentAt":"2026-11-25T12:00:10Z"}"#
        _ = bench.send("POST /v1/batch", [Self.basic], body: body)
        let seen = try #require(try bench.events.first)
        #expect(seen.milliseconds == ForeignBench.received.milliseconds - 10_000)
    }

    @Test func anonymousIdOfTheHeaderStandsIn() throws {
        var bench = ForeignBench()
        let headers = [Self.basic, Self.origin, "AnonymousId: YTExYTAwMDA="]
        _ = bench.send("POST /v1/track", headers, body: #"{"event":"a"}"#)
        #expect(try bench.events.first?.anonymousID == "a11a0000")
    }

    @Test func serversAgentIsNoVisitors() throws {
        var bench = ForeignBench()
        let body =
            #"{"event":"a","anonymousId":"x","context":{"userAgent":"Mozilla/5.0 (X11; Linux) Firefox/143.0","#
            + #""ip":"198.51.100.17"}}"#
        _ = bench.send("POST /v1/track", [Self.basic, "User-Agent: analytics-python/2.4.0"], body: body)
        let seen = try #require(try bench.events.first)
        #expect(seen.agent == "Mozilla/5.0 (X11; Linux) Firefox/143.0")
        #expect(seen.flags == [])
        #expect(seen.network == nil)
        #expect(seen.deviceID != nil)
    }

    @Test func aKeyBehindTheAliasMakesHistoryAndAddressesBelieved() throws {
        let (id, text) = APIKey.generate()
        let key = APIKey(
            id: id, name: "", role: .server, scope: .all, digest: APIKey.digest(of: text),
            createdAt: Timestamp(milliseconds: 0))
        var bench = ForeignBench(keys: [key])
        let body =
            #"{"writeKey":"wk_test:\#(text)","event":"a","timestamp":"2020-01-01T00:00:00Z","#
            + #""context":{"userAgent":"Mozilla/5.0 (X11; Linux) Firefox/143.0","ip":"198.51.100.17"}}"#
        let heard = bench.send("POST /v1/track", ["User-Agent: analytics-go"], body: body)
        #expect(heard?.status == 200)
        let seen = try #require(try bench.events.first)
        #expect(seen.milliseconds == 1_577_836_800_000)
        #expect(seen.network == [198, 51, 100, 0])
        #expect(seen.flags.contains(.serverKey))
    }

    // MARK: consent

    @Test func deniedMeasurementDropsTheIds() throws {
        var bench = ForeignBench()
        let body =
            #"{"event":"a","anonymousId":"x","userId":"u","context":{"consent":{"categoryPreferences":"#
            + #"{"Analytics":false,"Advertising":true,"C0004":true}}}}"#
        _ = bench.send("POST /v1/track", [Self.basic, Self.origin], body: body)
        let seen = try #require(try bench.events.first)
        #expect(seen.consent[.measurement] == .denied)
        #expect(seen.consent[.advertising] == .granted)
        #expect(seen.consent[.sharing] == .unknown)
        #expect(seen.deviceID == nil && seen.userHash == nil && seen.dailyID == nil && seen.anonymousID == nil)
    }

    @Test func statedGrantKeepsIdsWhereTheSiteAsksForOne() throws {
        var bench = ForeignBench(consent: .required)
        let granted =
            #"{"event":"a","anonymousId":"x","context":{"consentManagement":"#
            + #"{"allowedConsentIds":["Analytics"],"deniedConsentIds":["Marketing","7"]}}}"#
        _ = bench.send("POST /v1/track", [Self.basic, Self.origin], body: granted)
        _ = bench.send("POST /v1/track", [Self.basic, Self.origin], body: #"{"event":"b","anonymousId":"x"}"#)
        let seen = try bench.events
        #expect(seen.map { $0.consent[.measurement] } == [.granted, .unknown])
        #expect(seen.first?.consent[.advertising] == .denied)
        #expect(seen.map { $0.deviceID != nil } == [true, false])
    }

    // MARK: what scripts ask

    @Test func settingsNameTheRequestsOwnHost() throws {
        var bench = ForeignBench()
        let answer = bench.send("GET /v1/projects/wk_test/settings")
        let heard = try #require(answer)
        #expect(heard.status == 200)
        #expect(heard.content == .json)
        #expect(heard.body.hasPrefix(#"{"integrations":{"Segment.io":{"apiKey":"wk_test","apiHost":"track.test/v1"}}"#))
        #expect(heard.body.contains(#""plan":{"track":{"__default":{"enabled":true,"integrations":{}}}"#))
    }

    @Test func settingsOfAHostileKeyAreStillJSON() throws {
        var bench = ForeignBench()
        let answer = bench.send("GET /v1/projects/a%22b%5C/settings/", ["Referer: http://shop.test/"])
        let heard = try #require(answer)
        #expect(heard.body.hasPrefix(#"{"integrations":{"Segment.io":{"apiKey":"a\"b\\","#))
        #expect(heard.body.contains(#""protocol":"http""#))
        let without = bench.send("GET /v1/projects//settings")
        let deeper = bench.send("GET /v1/projects/a/b/settings")
        #expect(without?.status == nil && deeper?.status == nil)
    }

    @Test(arguments: ["/sourceConfig", "/sourceConfig/?p=npm&v=3.0.0&writeKey=wk_test"])
    func sourceIsSwitchedOnAndHasNoDestinations(target: String) throws {
        var bench = ForeignBench()
        let answer = bench.send("GET \(target)", [Self.basic])
        let heard = try #require(answer)
        #expect(heard.status == 200)
        #expect(heard.body.hasPrefix(#"{"source":{"id":"wk_test","name":"wk_test","writeKey":"wk_test","enabled":"#))
        #expect(heard.body.contains(#""destinations":[]"#))
    }

    @Test func whatTheScriptSaysOfItselfIsHeard() throws {
        var bench = ForeignBench()
        let heard = bench.send("POST /v1/m", body: #"{"series":[]}"#)
        #expect(heard?.status == 200)
        #expect(try bench.events.isEmpty)
    }

    @Test func aBusyJournalAsksForAnotherTry() throws {
        var bench = ForeignBench()
        bench.journal.refusal = .queueFull
        let heard = bench.send("POST /v1/track", [Self.basic], body: #"{"event":"a"}"#)
        #expect(heard?.status == 503)
        #expect(heard?.headers["Retry-After"] == "1")
        #expect(heard?.body == #"{"code":503,"message":"busy","success":false}"#)
    }
}
