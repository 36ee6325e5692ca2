import Catalog
import Collect
import Events
import Testing

/// PostHog's clients, as they send.
@Suite struct PostHogTests {
    private static let browser = ["Origin: https://shop.test", "Content-Type: application/json"]

    /// One event of posthog-js with some properties.
    private static func event(
        _ name: String = "$pageview", _ properties: String = "", around: String = ""
    ) -> String {
        let more = properties.isEmpty ? "" : "," + properties
        return """
            {"event":"\(name)","uuid":"018f-1"\(around),"properties":{"token":"phc_test","distinct_id":"anna",\
            "$device_id":"anna","$current_url":"https://shop.test/boots"\(more)}}
            """
    }

    private func seen(
        _ body: String, _ line: String = "POST /e/", _ headers: [String] = browser, consent: AliasConsent = .client
    ) throws -> [SeenEvent] {
        var bench = ForeignBench(consent: consent)
        let heard = try sent(bench.send(line, headers, body: body))
        #expect(heard.status == 200 && heard.reasons == [])
        return try bench.events
    }

    @Test func aPageViewOfTheBrowserIsAPageview() throws {
        let event = try #require(
            try seen(
                Self.event(
                    "$pageview",
                    """
                    "$referrer":"https://www.google.com/","title":"Boots","$screen_width":1920,"$screen_height":1080,\
                    "$browser_language":"de-CH","$lib":"web","$session_id":"s","colour":"brown","sizes":[1,2]
                    """)
            ).first)
        #expect(event.name == "pageview" && event.flags == .pageview)
        #expect(event.url == "https://shop.test/boots" && event.referrer == "https://www.google.com/")
        #expect(event.title == "Boots" && event.screen == "1920x1080" && event.language == "de-CH")
        #expect(event.anonymousID == "anna" && event.deviceID != nil && event.userHash == nil)
        #expect(event.clientEventID == "018f-1" && event.wireProtocol == WireProtocol.posthog.rawValue)
        #expect(event.properties == ["colour:string:brown", "sizes:string:[1,2]"])
    }

    @Test(arguments: ["/e", "/e/", "/i/v0/e/", "/capture", "/capture/", "/batch", "/batch/", "/i/v0/e"])
    func everyCapturePathTakesEveryShape(path: String) throws {
        let one = Self.event()
        for body in [one, "[\(one)]", #"{"api_key":"phc_test","batch":[\#(one)]}"#] {
            #expect(try seen(body, "POST \(path)").map(\.name) == ["pageview"])
        }
    }

    @Test func theTokenIsFoundInEveryPlace() throws {
        let bare = #""event":"a","distinct_id":"x""#
        for place in [
            #""token":"phc_test""#, #""api_key":"phc_test""#, #""$token":"phc_test""#,
            #""properties":{"token":"phc_test"}"#,
        ] {
            #expect(try seen("{\(bare),\(place)}").count == 1)
        }
        #expect(try seen("[{\(bare)}]", "POST /e/?token=phc_test").count == 1)
    }

    @Test func base64IsReadInFormsQueriesAndBodies() throws {
        // {"event":"a?b","token":"phc_test","distinct_id":"x~~"}
        let text = "eyJldmVudCI6ImE/YiIsInRva2VuIjoicGhjX3Rlc3QiLCJkaXN0aW5jdF9pZCI6Inh+fiJ9"
        let encoded = "eyJldmVudCI6ImE%2FYiIsInRva2VuIjoicGhjX3Rlc3QiLCJkaXN0aW5jdF9pZCI6Inh%2BfiJ9"
        let form = ["Origin: https://shop.test", "Content-Type: application/x-www-form-urlencoded"]
        #expect(try seen("data=\(encoded)", "POST /e/?compression=base64", form).map(\.name) == ["a?b"])
        #expect(try seen("data=\(text)&compression=base64", "POST /e/", form).map(\.name) == ["a?b"])
        #expect(try seen(text, "POST /e/?compression=base64").map(\.name) == ["a?b"])
        #expect(try seen("", "GET /e/?data=\(encoded)&ip=0").map(\.anonymousID) == ["x~~"])
        #expect(try seen(#"data={"event":"a+b","token":"phc_test"}"#, "POST /e/", form).map(\.name) == ["a b"])
    }

    @Test func leavingAPageTellsHowLongItWasReadAndBreaksNoBounce() throws {
        let leave = Self.event(
            "$pageleave", #""$prev_pageview_duration":12.3456,"$prev_pageview_max_scroll_percentage":0.75"#)
        let event = try #require(try seen(leave).first)
        #expect(event.name == "engagement" && event.flags == .nonInteractive && event.engagedMilliseconds == 12_345)
        #expect(event.properties == ["scroll_depth:number:75"])
    }

    @Test func whatTheLibraryCapturesByItselfBreaksNoBounce() throws {
        for name in ["$autocapture", "$rageclick", "$web_vitals", "$feature_flag_called"] {
            let event = try #require(try seen(Self.event(name, #""$event_type":"click""#)).first)
            #expect(event.name == name && event.flags == .nonInteractive)
            #expect(event.properties == ["event_type:string:click"])
        }
        #expect(try seen(Self.event("$screen", #""$screen_name":"Home""#)).first?.flags == [])
    }

    @Test(arguments: ["order", "purchase", "Order Completed"])
    func anOrderHasMoneyAndItems(name: String) throws {
        let order = Self.event(
            name,
            """
            "order_id":"o-1","revenue":"129.90","currency":"EUR","tax":20.1,"products":[\
            {"product_id":"B-42","name":"Boots","price":99.9,"quantity":1},{"sku":"S-7","name":"Socks","price":"15","quantity":2},7]
            """)
        let event = try #require(try seen(order).first)
        #expect(event.name == "order" && event.revenue?.micros == 129_900_000)
        #expect(event.items == ["B-42|Boots|1000000|99900000", "S-7|Socks|2000000|15000000"])
        #expect(event.clientEventID == "018f-1" && Set(event.properties) == ["order_id:string:o-1", "tax:number:20.1"])
    }

    @Test func revenueOfNoOrderIsAProperty() throws {
        let event = try #require(try seen(Self.event("add_to_cart", #""revenue":5,"currency":"EUR""#)).first)
        #expect(event.revenue == nil && event.properties == ["revenue:number:5", "currency:string:EUR"])
    }

    @Test func moneyInAnUnknownCurrencyIsAProperty() throws {
        let event = try #require(try seen(Self.event("order", #""revenue":5,"currency":"coins""#)).first)
        #expect(event.revenue == nil && event.properties == ["revenue:number:5", "currency:string:coins"])
    }

    @Test func anOrderWithoutAnEventIDIsCountedOnce() throws {
        var bench = ForeignBench()
        let body = #"{"event":"order","token":"phc_test","distinct_id":"a","properties":{"order_id":"o-1"}}"#
        for _ in 0..<2 {
            let heard = bench.send("POST /e/", Self.browser, body: body)
            #expect(heard?.status == 200)
        }
        let events = try bench.events
        #expect(events.count == 1)
    }
}

/// Who a PostHog event is about, and when it was.
@Suite struct PostHogIdentityTests {
    private static let browser = ["Origin: https://shop.test", "Content-Type: application/json"]

    private func seen(
        _ event: String, _ properties: String, outer: String = "", consent: AliasConsent = .client,
        headers: [String] = browser
    ) throws -> SeenEvent {
        var bench = ForeignBench(consent: consent)
        let body = #"{"token":"phc_test","event":"\#(event)"\#(outer),"properties":{\#(properties)}}"#
        let heard = try sent(bench.send("POST /e/", headers, body: body))
        #expect(heard.status == 200 && heard.reasons == [])
        let events = try bench.events
        return try #require(events.first)
    }

    @Test func aLoginIsKnownByFlagByUserIDOrByAnotherDevice() throws {
        let device = #""distinct_id":"customer-7","$device_id":"anna""#
        for properties in [device, #"\#(device),"$is_identified":true"#, #"\#(device),"$user_id":"customer-7""#] {
            let event = try seen("a", properties)
            #expect(event.anonymousID == "anna" && event.userHash != nil)
        }
        let afterReset = try seen("a", #"\#(device),"$is_identified":false"#)
        #expect(afterReset.anonymousID == "anna" && afterReset.userHash == nil)
        let noDevice = try seen("a", #""distinct_id":"customer-7","$is_identified":true"#)
        #expect(noDevice.anonymousID == nil && noDevice.userHash != nil)
    }

    @Test func identifyTiesALoginToABrowserAndCountsNothing() throws {
        let event = try seen(
            "$identify", #""distinct_id":"customer-7","$anon_distinct_id":"anna","colour":"red""#,
            outer: #","$set":{"plan":"gold","$os":"Linux"},"$set_once":{"first":"autumn"}"#)
        #expect(event.name == "identify" && event.flags == .identity)
        #expect(event.anonymousID == "anna" && event.userHash != nil)
        #expect(event.properties == ["first:string:autumn", "plan:string:gold"])
    }

    @Test func aliasAndMergeTieTwoIDs() throws {
        for name in ["$create_alias", "$merge_dangerously"] {
            let event = try seen(name, #""distinct_id":"old","alias":"new""#)
            #expect(event.name == "alias" && event.flags == .identity && event.properties == [])
            #expect(event.userHash != nil && event.claimedHash != nil && event.userHash != event.claimedHash)
        }
    }

    @Test func aGroupIsAnIdentity() throws {
        let event = try seen(
            "$groupidentify", #""$group_type":"company","$group_key":"club","$group_set":{"name":"Club"}"#)
        #expect(event.name == "group" && event.flags == .identity)
        #expect(event.properties == ["group_type:string:company", "group_id:string:club", "name:string:Club"])
    }

    @Test(arguments: ["anonymous", "undefined", "null", "0", "[object Object]", "NaN", "distinct_id", "None"])
    func wordsForNobodyAreNoVisitor(word: String) throws {
        let event = try seen("a", #""distinct_id":"\#(word)""#)
        #expect(event.anonymousID == nil && event.deviceID == nil && event.dailyID != nil)
    }

    @Test func cookielessVisitorsKeepNoIDAndGrantNothing() throws {
        for properties in [
            #""$cookieless_mode":true,"distinct_id":"x","$device_id":"y""#,
            #""distinct_id":"$posthog_cookieless","$device_id":null"#,
        ] {
            let event = try seen("$pageview", properties)
            #expect(event.consent[.measurement] == .unknown)
            #expect(event.anonymousID == nil && event.deviceID == nil && event.userHash == nil && event.dailyID != nil)
        }
    }

    @Test func idsAreDroppedWhereConsentIsRequired() throws {
        let event = try seen("a", #""distinct_id":"customer-7","$device_id":"anna""#, consent: .required)
        #expect(event.anonymousID == nil && event.deviceID == nil && event.userHash == nil)
    }

    @Test func aServersAgentIsNoVisitors() throws {
        let event = try seen(
            "$pageview", #""distinct_id":"anna","$raw_user_agent":"Mozilla/5.0 (X11; Linux)","$ip":"198.51.100.17""#,
            headers: ["User-Agent: posthog-python/7.91.1"])
        #expect(event.agent == "Mozilla/5.0 (X11; Linux)" && event.flags == .pageview && event.network == nil)
    }

    @Test func theClockIsCorrectedBySentAtAndOffset() throws {
        let received = ForeignBench.received.milliseconds
        let moved = try seen(
            "a", "", outer: #","timestamp":"2026-11-25T12:00:00+00:00","sent_at":"2026-11-25T12:00:10Z""#)
        #expect(moved.milliseconds == received - 10_000 && moved.clockOffset != nil)
        #expect(try seen("a", "", outer: #","offset":2500"#).milliseconds == received - 2_500)
        #expect(try seen("a", "", outer: #","timestamp":"2026-11-22T13:37:00""#).milliseconds == received - 9_000)
        #expect(try seen("a", "").milliseconds == received)
    }

    @Test func aCampaignBesideTheURLGoesIntoIt() throws {
        let url = #""$current_url":"https://shop.test/a?utm_source=own#top""#
        let event = try seen("$pageview", #"\#(url),"utm_source":"other","utm_campaign":"aut umn","gclid":"g""#)
        #expect(event.url?.hasPrefix("https://shop.test/a?utm_source=own&utm_campaign=aut%20umn") == true)
        #expect(event.properties == [])
        let bare = try seen("$pageview", #""$current_url":"https://shop.test/","utm_source":"news""#)
        #expect(bare.url == "https://shop.test/?utm_source=news")
        #expect(try seen("$pageview", #""$referrer":"$direct""#).referrer == nil)
    }
}

/// Outside of the macros, which copy what they are given.
private func sent(_ heard: ForeignBench.Heard?) throws -> ForeignBench.Heard { try #require(heard) }
