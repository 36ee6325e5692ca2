import Catalog
import Collect
import Events
import Testing

/// What the tag and the Measurement Protocol send becomes the same events as native ones.
struct GA4Tests {
    static let origin = ["Origin: https://shop.test"]
    static let shared =
        "v=2&tid=G-TEST1234&cid=10.17&ul=en-us&sr=1920x1080&sid=1&sct=1"
        + "&dl=https%3A%2F%2Fshop.test%2Fboots&dr=https%3A%2F%2Fwww.google.com%2F&dt=Boots"
    static let measurement = "POST /mp/collect?measurement_id=G-TEST1234&api_secret=secret"

    private static func tag(_ query: String, body: String = "") throws -> [SeenEvent] {
        var bench = ForeignBench()
        let answer = bench.send("POST /g/collect?\(shared)&\(query)", origin, body: body)
        let heard = try #require(answer)
        #expect(heard.status == 204)
        #expect(heard.content == .none)
        #expect(heard.reasons == [])
        return try bench.events
    }

    private static func measure(_ body: String) throws -> [SeenEvent] {
        var bench = ForeignBench()
        let answer = bench.send(measurement, origin, body: body)
        let heard = try #require(answer)
        #expect(heard.status == 204)
        #expect(heard.reasons == [])
        return try bench.events
    }

    // MARK: tag

    @Test(arguments: ["POST", "GET"]) func aPageViewIsAllInTheQuery(method: String) throws {
        var bench = ForeignBench()
        let line = "\(method) /g/collect?\(Self.shared)&en=page_view&_ee=1&_et=12"
        let answer = bench.send(line, Self.origin)
        let heard = try #require(answer)
        #expect(heard.status == 204)
        #expect(heard.origins == .mirrored)
        let event = try #require(try bench.events.first)
        #expect(event.name == "pageview")
        #expect(event.flags == .pageview)
        #expect(event.url == "https://shop.test/boots")
        #expect(event.referrer == "https://www.google.com/")
        #expect(event.title == "Boots")
        #expect(event.screen == "1920x1080")
        #expect(event.language == "en-us")
        #expect(event.engagedMilliseconds == 12)
        #expect(event.deviceID != nil)
        #expect(event.dailyID == nil)
        #expect(event.properties == [])
        #expect(event.milliseconds == ForeignBench.received.milliseconds)
    }

    @Test(arguments: ["\r\n", "\n"]) func eachLineOfTheBodyIsAnEvent(end: String) throws {
        let lines = ["en=page_view", "en=add_to_cart&cu=EUR&epn.value=99.9&pr1=idB-42~nmBoots~pr99.9", "en=scroll"]
        let events = try Self.tag("gtm=1", body: lines.joined(separator: end) + end)
        #expect(events.map(\.name) == ["pageview", "add_to_cart", "scroll"])
        #expect(Set(events.map(\.deviceID)).count == 1)
        #expect(events.map(\.url) == Array(repeating: "https://shop.test/boots", count: 3))
        #expect(events[1].revenue == nil)
        #expect(events[1].properties == ["value:number:99.9", "currency:string:EUR"])
        #expect(events[1].items == ["B-42|Boots|1000000|99900000"])
        #expect(events[2].flags == .nonInteractive)
    }

    @Test func aLineKnowsBetterThanTheQuery() throws {
        let events = try Self.tag("en=page_view", body: "dt=Other\nen=sign_up&dt=&ep.method=mail")
        #expect(events.map(\.name) == ["pageview", "sign_up"])
        #expect(events.map(\.title) == ["Other", nil])
        #expect(events[1].properties == ["method:string:mail"])
    }

    @Test func aPurchaseIsAnOrder() throws {
        let query =
            "en=purchase&cu=EUR&epn.value=129.9&ep.transaction_id=order-1001&epn.tax=20.74&epn.shipping=10"
            + "&pr1=idB-42~nmBoots~caShoes~pr99.9~qt1&pr2=idS-7~nmSocks%7E%7Ewool~pr15~qt2~k0colour~v0brown"
        let event = try #require(try Self.tag(query).first)
        #expect(event.name == "order")
        #expect(event.revenue?.micros == 129_900_000)
        #expect(event.clientEventID == "order-1001")
        #expect(
            event.properties == ["order_id:string:order-1001", "tax:number:20.74", "shipping:number:10"])
        #expect(event.items == ["B-42|Boots|1000000|99900000", "S-7|Socks~wool|2000000|15000000"])
    }

    @Test func anOrderThatComesTwiceIsCountedOnce() throws {
        var bench = ForeignBench()
        for _ in 0..<2 {
            _ = bench.send("POST /g/collect?\(Self.shared)&en=purchase&ep.transaction_id=o1", Self.origin)
        }
        #expect(try bench.events.count == 1)
    }

    @Test func engagementBreaksNoBounce() throws {
        let event = try #require(try Self.tag("en=user_engagement&_et=5200").first)
        #expect(event.name == "engagement")
        #expect(event.flags == .nonInteractive)
        #expect(event.engagedMilliseconds == 5_200)
    }

    @Test(arguments: [
        ("en=view_search_results&ep.search_term=boots", "search", ["keyword:string:boots"]),
        ("en=search&ep.search_term=boots", "search", ["keyword:string:boots"]),
        (
            "en=file_download&ep.link_url=https%3A%2F%2Fshop.test%2Fa.pdf&ep.file_extension=pdf", "download",
            ["target:string:https://shop.test/a.pdf", "file_extension:string:pdf"]
        ),
        (
            "en=click&ep.link_url=https%3A%2F%2Fmaker.example%2F&ep.outbound=true", "outlink",
            ["target:string:https://maker.example/", "outbound:string:true"]
        ),
        ("en=click&ep.link_url=https%3A%2F%2Fshop.test%2F", "click", ["link_url:string:https://shop.test/"]),
        ("en=level_up&epn.level=3&epn.odd=three", "level_up", ["level:number:3", "odd:string:three"]),
        ("en=login&up.plan=gold&upn.orders=3", "login", ["user.plan:string:gold", "user.orders:number:3"]),
    ])
    func eventsKeepTheirMeaning(query: String, name: String, properties: [String]) throws {
        let event = try #require(try Self.tag(query).first)
        #expect(event.name == name)
        #expect(event.properties == properties)
    }

    @Test func campaignFieldsJoinTheURL() throws {
        let event = try #require(try Self.tag("en=page_view&cs=news%20letter&cm=email&cn=autumn").first)
        #expect(
            event.url == "https://shop.test/boots?utm_source=news%20letter&utm_medium=email&utm_campaign=autumn")
    }

    @Test func theURLsOwnCampaignStays() throws {
        let page = "dl=https%3A%2F%2Fshop.test%2F%3Futm_source%3Down%23part"
        let event = try #require(try Self.tag("en=page_view&\(page)&cs=other&cm=email").first)
        #expect(event.url == "https://shop.test/?utm_source=own&utm_medium=email")
    }

    @Test func theMeasurementProtocolNamesCampaignsInParameters() throws {
        let events = try Self.measure(
            """
            {"client_id":"1","events":[{"name":"page_view","params":{"page_location":"https://shop.test/?#a",
            "source":"newsletter","campaign":"autumn"}},{"name":"level_up","params":{"source":"menu"}},
            {"name":"campaign_details","params":{"source":"newsletter"}}]}
            """)
        #expect(events.map(\.url) == ["https://shop.test/?utm_source=newsletter&utm_campaign=autumn", nil, nil])
        #expect(events.map(\.properties) == [[], ["source:string:menu"], []])
        #expect(events.map(\.flags) == [.pageview, [], .nonInteractive])
    }

    @Test func debuggingIsPreview() throws {
        #expect(try Self.tag("en=page_view&_dbg=1").first?.flags == [.pageview, .preview])
        #expect(try Self.tag("en=page_view&_dbg=0").first?.flags == .pageview)
    }

    @Test(arguments: [
        ("gcs=G111", ConsentState.granted, ConsentState.granted), ("gcs=G101", .granted, .denied),
        ("gcs=G110", .denied, .granted), ("gcs=G100&gcd=13t3t3t3t5", .denied, .denied),
        ("gcd=11p1t1p1p5", .granted, .denied), ("gcd=11r1u1l1l5", .denied, .granted),
        ("gcd=13l3l3l3l1l1", .granted, .unknown), ("gcs=G1--", .granted, .unknown), ("gcs=garbage", .granted, .unknown),
    ])
    func consentIsWhatTheTagSays(query: String, measurement: ConsentState, advertising: ConsentState) throws {
        let event = try #require(try Self.tag("en=page_view&uid=customer-7&\(query)").first)
        #expect(event.consent[.measurement] == measurement)
        #expect(event.consent[.advertising] == advertising)
        #expect((event.deviceID != nil) == (measurement == .granted))
        #expect((event.anonymousID != nil) == (measurement == .granted))
        #expect((event.userHash != nil) == (measurement == .granted))
    }

    @Test func withoutTheSitesWordIdsAreNotKept() throws {
        var bench = ForeignBench(consent: .required)
        _ = bench.send("POST /g/collect?\(Self.shared)&en=page_view&uid=customer-7", Self.origin)
        let event = try #require(try bench.events.first)
        #expect(event.deviceID == nil)
        #expect(event.userHash == nil)
        #expect(event.anonymousID == nil)
        #expect(event.dailyID != nil)
    }

    // MARK: Measurement Protocol

    @Test func theMeasurementProtocolSaysTheSame() throws {
        let body = """
            {"client_id":"10.17","user_id":"customer-7","user_properties":{"plan":{"value":"gold"}},
            "consent":{"ad_user_data":"DENIED","ad_personalization":"GRANTED"},
            "events":[{"name":"page_view","params":{"page_location":"https://shop.test/boots","page_title":"Boots",
            "page_referrer":"https://www.google.com/","session_id":1,"engagement_time_msec":100}},
            {"name":"purchase","params":{"transaction_id":"order-1001","value":129.9,"currency":"EUR","tax":20.74,
            "gift":true,"coupon":"","items":[{"item_id":"B-42","item_name":"Boots","price":99.9,"quantity":1},
            {"item_id":"S-7","item_name":"Socks","price":"15","quantity":2},7]}}]}
            """
        let events = try Self.measure(body)
        #expect(events.map(\.name) == ["pageview", "order"])
        #expect(events[0].url == "https://shop.test/boots")
        #expect(events[0].referrer == "https://www.google.com/")
        #expect(events[0].title == "Boots")
        #expect(events[0].engagedMilliseconds == 100)
        #expect(events[0].properties == ["user.plan:string:gold"])
        #expect(events[0].consent[.sharing] == .denied)
        #expect(events[0].consent[.personalisation] == .granted)
        #expect(events[1].revenue?.micros == 129_900_000)
        #expect(
            events[1].properties == [
                "order_id:string:order-1001", "tax:number:20.74", "gift:boolean:1", "user.plan:string:gold",
            ])
        #expect(events[1].items == ["B-42|Boots|1000000|99900000", "S-7|Socks|2000000|15000000"])
        #expect(Set(events.map(\.userHash)).count == 1)
        #expect(events[0].userHash != nil)
    }

    @Test func oneEventMayStandInPlaceOfTheList() throws {
        let micros = (ForeignBench.received.milliseconds - 60_000) * 1_000
        let events = try Self.measure(
            #"{"client_id":"10.17","events":{"name":"login"},"timestamp_micros":\#(micros)}"#)
        #expect(events.map(\.name) == ["login"])
        #expect(events.map(\.milliseconds) == [ForeignBench.received.milliseconds - 60_000])
    }

    @Test func anEventsOwnTimeGoesBefore() throws {
        let now = ForeignBench.received.milliseconds
        let events = try Self.measure(
            """
            {"client_id":"1","timestamp_micros":"\((now - 60_000) * 1_000)","events":[{"name":"a"},
            {"name":"b","timestamp_micros":\((now - 5_000) * 1_000)}]}
            """)
        #expect(events.map(\.milliseconds) == [now - 60_000, now - 5_000])
    }

    @Test func aServersOwnAgentIsNoVisitors() throws {
        var bench = ForeignBench()
        let body = #"{"client_id":"10.17","events":[{"name":"login"}]}"#
        _ = bench.send(Self.measurement, ["User-Agent: Python-urllib/3.11"], body: body)
        let event = try #require(try bench.events.first)
        #expect(event.flags == [])
        #expect(event.agent == nil)
        #expect(event.network == nil)
        #expect(event.deviceID != nil)
    }

    @Test func aKeyOfTheInstallationWritesHistory() throws {
        let (id, text) = APIKey.generate()
        let key = APIKey(
            id: id, name: "", role: .server, scope: .all, digest: APIKey.digest(of: text),
            createdAt: Timestamp(milliseconds: 0))
        var bench = ForeignBench(keys: [key])
        let body = """
            {"client_id":"10.17","timestamp_micros":1600000000000000,"ip_override":"198.51.100.17",
            "user_agent":"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "events":[{"name":"login"}]}
            """
        let line = "POST /mp/collect?measurement_id=G-TEST1234&api_secret="
        let strange = bench.send(line + "secret", body: body)
        #expect(strange?.reasons == ["time_out_of_range"])
        let known = bench.send(line + text, body: body)
        #expect(known?.reasons == [])
        let event = try #require(try bench.events.first)
        #expect(event.milliseconds == 1_600_000_000_000)
        #expect(event.flags.contains(.serverKey))
    }
}
