import Catalog
import Collect
import Events
import Testing

/// Snowplow's requests as its trackers send them, and what the journal gets of them.
@Suite struct SnowplowTests {
    static let path = "POST /com.snowplowanalytics.snowplow/tp2"
    static let origin = "Origin: https://shop.test"
    static let visitor = "a11a0000-0000-4000-8000-a11a00000000"
    static let network = "5c1d6c9e-0000-4000-8000-00000000000a"

    // MARK: kinds

    @Test func pageViewKeepsItsWords() throws {
        var bench = ForeignBench()
        let heard = bench.post([
            tracked("pv", #""url":"https://shop.test/boots?utm_source=x","refr":"https://bing.com/","page":"Boots""#)
        ])
        #expect(heard?.status == 200)
        #expect(heard?.body == "ok")
        #expect(heard?.content == .text)
        let seen = try #require(try bench.events.first)
        #expect(seen.name == "pageview")
        #expect(seen.flags == .pageview)
        #expect(seen.url == "https://shop.test/boots?utm_source=x")
        #expect(seen.referrer == "https://bing.com/")
        #expect(seen.title == "Boots")
        #expect(seen.clientEventID == "e-1")
        #expect(seen.anonymousID == Self.visitor)
        #expect(seen.userHash != nil)
        #expect(seen.screen == "1920x1080")
        #expect(seen.language == "en-US")
        #expect(seen.properties.isEmpty)
    }

    @Test func structuredEventIsNamedByItsAction() throws {
        var bench = ForeignBench()
        _ = bench.post([
            tracked("se", #""se_ca":"shop","se_ac":"add_to_cart","se_la":"Boots","se_pr":"size","se_va":"42.0""#)
        ])
        let seen = try #require(try bench.events.first)
        #expect(seen.name == "add_to_cart")
        #expect(
            seen.properties == [
                "category:string:shop", "label:string:Boots", "property:string:size", "value:number:42.0",
            ])
    }

    @Test func pingBreaksNoBounceAndSaysHowFar() throws {
        var bench = ForeignBench()
        _ = bench.post([
            tracked("pp", #""pp_mix":"0","pp_max":"5","pp_miy":"0","pp_may":"900","vp":"1200x800","ds":"1185x4000""#)
        ])
        let seen = try #require(try bench.events.first)
        #expect(seen.name == "page_ping")
        #expect(seen.flags == .nonInteractive)
        #expect(seen.engagedMilliseconds == nil)
        #expect(seen.properties == ["scroll_x_max:number:5", "scroll_y_max:number:900", "scroll_depth:number:42"])
    }

    @Test func hostileSizesOfPingsGiveNoDepth() throws {
        for sizes in [
            #""vp":"x","ds":"x""#, #""vp":"1x4294967296","ds":"1x1""#, #""vp":"1x1","ds":"1x0""#, #""vp":"1x1""#,
            #""vp":"1x-1","ds":"1x-1""#,
        ] {
            var bench = ForeignBench()
            _ = bench.post([tracked("pp", #""pp_may":"4294967295","# + sizes)])
            #expect(try bench.events.first?.properties == ["scroll_y_max:number:4294967295"], "\(sizes)")
        }
    }

    @Test func orderTakesItsItemsOfTheSameRequest() throws {
        var bench = ForeignBench()
        let heard = bench.post([
            tracked("ti", #""ti_id":"o-1","ti_sk":"B-42","ti_nm":"Boots","ti_pr":"99.9","ti_qu":"1""#, id: "e-1"),
            tracked("tr", #""tr_id":"o-1","tr_tt":"129.9","tr_tx":"20.74","tr_sh":"10","tr_cu":"EUR""#, id: "e-2"),
            tracked("ti", #""ti_id":"o-1","ti_sk":"S-7","ti_nm":"Socks","ti_pr":"15","ti_qu":"2""#, id: "e-3"),
            tracked("ti", #""ti_id":"o-2","ti_sk":"H-1","ti_nm":"Hat","ti_pr":"5","ti_qu":"1""#, id: "e-4"),
        ])
        #expect(heard?.outcome.accepted == 2)
        let seen = try bench.events
        #expect(seen.map(\.name) == ["order", "order_item"])
        #expect(seen.first?.revenue == Money(micros: 129_900_000, currency: try #require(CurrencyCode("EUR"))))
        #expect(seen.first?.items == ["B-42|Boots|1000000|99900000", "S-7|Socks|2000000|15000000"])
        #expect(seen.first?.properties == ["order_id:string:o-1", "tax:number:20.74", "shipping:number:10"])
        #expect(seen.first?.clientEventID == "e-2")
        #expect(seen.last?.flags == .nonInteractive)
        #expect(seen.last?.revenue == nil)
        #expect(seen.last?.properties.contains("id:string:H-1") == true)
    }

    @Test func orderWithoutAnEventIDIsKnownByItsOwn() throws {
        var bench = ForeignBench()
        let order = #"{"e":"tr","aid":"my-app","tr_id":"o-1","tr_tt":"1"}"#
        _ = bench.post([order, order])
        #expect(try bench.events.map(\.clientEventID) == ["o-1"])
    }

    @Test func selfDescribingEventsAreNamedBySchema() throws {
        let plain =
            #"{\"schema\":\"iglu:a/unstruct_event/b/1\",\"data\":{\"schema\":\"iglu:test.shop/sized/j/1\","#
            + #"\"data\":{\"size\":42,\"deep\":{\"er\":true}}}}"#
        // The innermost part of it alone as base64, with too much padding and without.
        let encoded =
            "eyJzY2hlbWEiOiJpZ2x1OnRlc3Quc2hvcC9zaXplZC9qLzEiLCJkYXRhIjp7InNpemUiOjQyLCJkZWVwIjp7ImVyIjp0cnVlfX19"
        for members in [
            #""ue_pr":"\#(plain)""#, #""ue_px":"\#(encoded)""#, #""ue_px":"\#(encoded)==""#,
            #""ue_pr":{"schema":"iglu:test.shop/sized/j/1","data":{"size":42,"deep":{"er":true}}}"#,
        ] {
            var bench = ForeignBench()
            _ = bench.post([tracked("ue", members)])
            let seen = try #require(try bench.events.first, "\(members)")
            #expect(seen.name == "sized")
            #expect(seen.properties == ["size:number:42", "deep.er:boolean:1"])
        }
    }

    @Test func linkClickHasATarget() throws {
        var bench = ForeignBench()
        let data = #"{"targetUrl":"https://a.test/"}"#
        _ = bench.post([selfDescribing("com.snowplowanalytics.snowplow/link_click", data)])
        #expect(try bench.events.first?.name == "link_click")
        #expect(try bench.events.first?.properties == ["target:string:https://a.test/"])
    }

    @Test(arguments: [("10.2", 10_200 as UInt32?), ("\"3\"", 3_000), ("-1", nil), ("1e15", nil), ("{}", nil)])
    func screensEndSaysHowLong(_ seconds: String, _ milliseconds: UInt32?) throws {
        var bench = ForeignBench()
        let schema = "iglu:com.snowplowanalytics.mobile/screen_summary/j/1"
        let summary = #"{"schema":"\#(schema)","data":{"foreground_sec":\#(seconds)}}"#
        _ = bench.post([
            selfDescribing("com.snowplowanalytics.mobile/screen_end", "{}", #","co":{"data":[\#(summary)]}"#)
        ])
        let seen = try #require(try bench.events.first)
        #expect(seen.name == "screen_end")
        #expect(seen.flags == .nonInteractive)
        #expect(seen.engagedMilliseconds == milliseconds)
    }

    @Test func whatPeopleTypeIsNotKept() throws {
        var bench = ForeignBench()
        let data = #"{"formId":"f","value":"secret","elements":[{"name":"n","value":"secret"}]}"#
        _ = bench.post([selfDescribing("com.snowplowanalytics.snowplow/submit_form", data)])
        #expect(try bench.events.first?.properties == ["formId:string:f"])
    }

    @Test func searchHasAKeyword() throws {
        var bench = ForeignBench()
        _ = bench.post([
            selfDescribing(
                "com.snowplowanalytics.snowplow/site_search", #"{"terms":["red","boots"],"totalResults":3}"#)
        ])
        #expect(try bench.events.first?.properties == ["keyword:string:red boots", "results:number:3"])
    }

    @Test func transactionOfTheCommerceSchemasIsAnOrder() throws {
        var bench = ForeignBench()
        let shop = "iglu:com.snowplowanalytics.snowplow.ecommerce"
        let entities =
            #"{"schema":"iglu:x/contexts/j/1","data":[{"schema":"\#(shop)/product/j/1","data":"#
            + #"{"id":"B-42","name":"Boots","price":99.9,"quantity":1}},{"schema":"\#(shop)/transaction/j/1","data":"#
            + #"{"transaction_id":"o-1","revenue":129.9,"currency":"EUR","tax":20.74,"discount_amount":5,"#
            + #""payment_method":"card"}},{"schema":"\#(shop)/user/j/1","data":{"id":"7","email":"a@b.test"}}]}"#
        _ = bench.post([
            selfDescribing(
                "com.snowplowanalytics.snowplow.ecommerce/snowplow_ecommerce_action", #"{"type":"transaction"}"#,
                #","co":\#(entities)"#),
            selfDescribing(
                "com.snowplowanalytics.snowplow.ecommerce/snowplow_ecommerce_action", #"{"type":"product_view"}"#,
                #","co":\#(entities)"#, id: "e-2"),
        ])
        let seen = try bench.events
        #expect(seen.map(\.name) == ["order", "product_view"])
        #expect(seen.map { $0.revenue?.micros } == [129_900_000, nil])
        #expect(seen.map(\.items) == [["B-42|Boots|1000000|99900000"], ["B-42|Boots|1000000|99900000"]])
        #expect(
            seen.first?.properties == [
                "order_id:string:o-1", "tax:number:20.74", "discount:number:5",
                "transaction.payment_method:string:card",
            ])
        #expect(seen.last?.properties.contains { $0.contains("email") || $0.hasPrefix("user") } == false)
    }

    @Test func entitiesAreProperties() throws {
        var bench = ForeignBench()
        let entities =
            #"{"data":[{"schema":"iglu:test.shop/customer/j/1","data":{"tier":"gold"}},"#
            + #"{"schema":"iglu:com.snowplowanalytics.snowplow/web_page/j/1","data":{"id":"x"}},"#
            + #"{"schema":"iglu:com.snowplowanalytics.snowplow/mobile_context/j/1","#
            + #""data":{"osType":"android","androidIdfa":"secret"}},7,{"schema":7},{"schema":"iglu:x"}]}"#
        _ = bench.post([tracked("pv", #""co":\#(entities)"#)])
        #expect(
            try bench.events.first?.properties == ["customer.tier:string:gold", "mobile_context.osType:string:android"])
    }

    @Test func eventsOutliveEntitiesThatCannotBeRead() throws {
        for entities in [
            #""cx":"!""#, #""cx":"eyJ""#, #""co":"{""#, #""co":"[]""#, #""co":"{\"data\":7}""#, #""co":7"#,
        ] {
            var bench = ForeignBench()
            let heard = bench.post([tracked("pv", entities)])
            #expect(heard?.status == 200)
            #expect(try bench.events.count == 1, "\(entities)")
        }
    }
}

/// Helpers of this file's tests and of those of requests.
extension ForeignBench {
    mutating func post(_ events: [String], _ headers: [String] = [SnowplowTests.origin]) -> Heard? {
        send(
            SnowplowTests.path, headers + ["Content-Type: application/json; charset=UTF-8"],
            body: #"{"schema":"iglu:x/payload_data/j/1","data":[\#(events.joined(separator: ","))]}"#)
    }
}

/// An event as sp.js sends it, at the time at which the bench receives it.
func tracked(_ kind: String, _ members: String, id: String = "e-1") -> String {
    #"{"e":"\#(kind)","eid":"\#(id)","aid":"my-app","p":"web","tv":"js-4.6.0","duid":"\#(SnowplowTests.visitor)","#
        + #""uid":"customer-7","lang":"en-US","res":"1920x1080","dtm":"1795354628000","stm":"1795354628900","#
        + "\(members)}"
}

func selfDescribing(_ schema: String, _ data: String, _ more: String = "", id: String = "e-1") -> String {
    let inner = #"{"schema":"iglu:\#(schema)/j/1","data":\#(data)}"#
    return tracked("ue", #""ue_pr":{"schema":"iglu:x/unstruct_event/j/1","data":\#(inner)}"# + more, id: id)
}
