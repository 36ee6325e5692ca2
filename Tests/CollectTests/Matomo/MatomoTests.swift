import Catalog
import Collect
import Events
import Testing

/// What becomes of Matomo's requests; `MatomoRefusalTests` has those that become nothing.
struct MatomoTests {
    static let page = "url=https%3A%2F%2Fshop.test%2Fboots"
    static let base = "idsite=1&rec=1&_id=a11a000000000001&\(page)"
    static let shop = ["Origin: https://shop.test", "Referer: https://shop.test/boots"]

    static func key(_ role: Role = .server, scope: SiteScope = .all) -> (APIKey, String) {
        let (id, text) = APIKey.generate()
        let key = APIKey(
            id: id, name: "", role: role, scope: scope, digest: APIKey.digest(of: text),
            createdAt: Timestamp(milliseconds: 0))
        return (key, text)
    }

    // MARK: ways to send

    @Test(arguments: [
        ("GET /matomo.php?\(base)&action_name=Boots", ""), ("GET /piwik.php?\(base)&action_name=Boots", ""),
        ("GET /matomo.php/?\(base)&action_name=Boots", ""), ("POST /matomo.php", "\(base)&action_name=Boots"),
        ("POST /matomo.php?\(base)&action_name=Boots", ""), ("POST /matomo.php?\(base)", "action_name=Boots"),
        ("POST /matomo.php?action_name=Boots", "action_name=Form&\(base)"),
        ("GET /matomo.php?\(base)&%61ction_name=Boots", ""),
        ("POST /matomo.php", "{\"requests\":[\"?\(base)&action_name=Boots\"]}"),
        ("POST /matomo.php", " \n{\"requests\":[\"\(base)&action_name=Boots\"]}"),
        ("POST /matomo.php", "{\"requests\":[\"https:\\/\\/track.test\\/matomo.php?\(base)&action_name=Boots\"]}"),
        (
            "POST /matomo.php",
            "{\"requests\":[{\"idsite\":1,\"rec\":true,\"_id\":\"a11a000000000001\",\"url\":\"https://shop.test/boots\""
                + ",\"action_name\":\"Boots\"}]}"
        ),
    ])
    func everyWayToSendTellsTheSame(line: String, body: String) throws {
        var bench = ForeignBench()
        let form = "Content-Type: application/x-www-form-urlencoded; charset=UTF-8"
        let heard = try bench.hearMatomo(line, Self.shop + [form], body: body)
        #expect(heard.status == 200)
        let events = try bench.events
        let event = try #require(events.first)
        #expect(events.count == 1)
        #expect(event.name == "pageview")
        #expect(event.flags == .pageview)
        #expect(event.url == "https://shop.test/boots")
        #expect(event.title == "Boots")
        #expect(event.anonymousID == "a11a000000000001")
        #expect(event.deviceID != nil)
        #expect(event.wireProtocol == WireProtocol.matomo.rawValue)
    }

    @Test(arguments: [
        ("GET", "", 200), ("HEAD", "", 200), ("POST", "", 200), ("GET", "&send_image=0", 204),
        ("POST", "&send_image=0", 204), ("POST", "&send_image=1", 200),
    ])
    func thePixelComesUnlessItIsDeclined(method: String, words: String, status: UInt16) throws {
        var bench = ForeignBench()
        let heard = try bench.hearMatomo("\(method) /matomo.php?\(Self.base)\(words)", Self.shop)
        #expect(heard.status == status)
        if case .pixel = heard.content { #expect(status == 200) } else { #expect(status == 204) }
        if case .mirrored = heard.origins { #expect(method == "POST") } else { #expect(method != "POST") }
    }

    @Test func manyEventsHearHowManyWereTaken() throws {
        var bench = ForeignBench()
        let list = "\"?\(Self.base)\",\"?idsite=9&rec=1\",7,{\"idsite\":\"1\",\"rec\":\"1\",\"ping\":1}"
        let heard = try bench.hearMatomo("POST /matomo.php", Self.shop, body: "{\"requests\":[\(list)]}")
        #expect(heard.status == 200)
        #expect(heard.body == "{\"status\":\"success\",\"tracked\":2,\"invalid\":2}")
        #expect(heard.reasons == ["unknown_site", "invalid_field"])
        let quiet = try bench.hearMatomo(
            "POST /matomo.php", Self.shop, body: "{\"requests\":[\(list)],\"send_image\":0}")
        #expect(quiet.status == 204)
        #expect(quiet.body.isEmpty)
    }

    @Test func aKeyHearsWhichEventsWereNone() throws {
        let (key, text) = Self.key()
        var bench = ForeignBench(keys: [key])
        let list = "\"?\(Self.base)\",\"?idsite=9&rec=1\",\"?idsite=1\""
        let heard = try bench.hearMatomo(
            "POST /matomo.php", body: "{\"requests\":[\(list)],\"token_auth\":\"\(text)\"}")
        #expect(heard.body == "{\"status\":\"success\",\"tracked\":1,\"invalid\":2,\"invalid_indices\":[1,2]}")
    }

    // MARK: meaning

    @Test(arguments: [
        ("ping=1&ca=1", "ping", true, []),
        ("e_c=shop&e_a=add&e_n=Boots&e_v=99.9&ca=1", "add", false, ["category:shop", "label:Boots", "value:99.9"]),
        ("e_c=shop&e_a=add&e_v=much", "add", false, ["category:shop"]),
        (
            "search=brown+boots&search_cat=Shoes&search_count=14", "search", false,
            ["keyword:brown boots", "category:Shoes", "results:14"]
        ),
        ("download=https%3A%2F%2Fshop.test%2Fa.pdf", "download", false, ["target:https://shop.test/a.pdf"]),
        ("link=https%3A%2F%2Fmaker.example%2F", "outlink", false, ["target:https://maker.example/"]),
        (
            "c_n=Autumn&c_p=b.png&c_t=%2Fautumn&ca=1", "content_impression", true,
            ["content_name:Autumn", "content_piece:b.png", "content_target:/autumn"]
        ),
        (
            "c_n=Autumn&c_i=click&ca=1", "content_interaction", false,
            ["content_interaction:click", "content_name:Autumn"]
        ),
        ("idgoal=3", "goal", false, ["goal:3"]),
        (
            "idgoal=3&_rcn=autumn&_rck=boots", "goal", false,
            ["goal:3", "attributed_campaign:autumn", "attributed_keyword:boots"]
        ),
        ("_rcn=autumn", "pageview", false, []),
        ("idgoal=0&revenue=99.9", "cart", false, ["value:99.9"]),
        ("cra=oops&cra_tp=Error&cra_rl=12&ca=1", "crash", true, ["message:oops", "type:Error", "line:12"]),
        ("ma_id=v1&ma_mt=video&ma_st=30&ca=1", "media", true, ["media_id:v1", "media_type:video", "media_seconds:30"]),
        ("pf_net=12&pf_onl=80", "pageview", false, ["time_network:12", "time_on_load:80"]),
        (
            "_pks=B-42&_pkn=Boots&_pkc=Shoes&_pkp=99.9", "pageview", false,
            ["product_id:B-42", "product_name:Boots", "product_category:Shoes", "product_price:99.9"]
        ),
        (
            "dimension1=member&dimension999=x&dimension=y&dimension1a=z", "pageview", false,
            ["dimension1:member", "dimension999:x"]
        ),
        ("cvar=%7B%221%22%3A%5B%22size%22%2C%2242%22%5D%7D&_cvar=[]", "pageview", false, ["size:42"]),
    ])
    func actionsBecomeEvents(words: String, name: String, isQuiet: Bool, properties: [String]) throws {
        var bench = ForeignBench()
        let heard = try bench.hearMatomo("GET /matomo.php?\(Self.base)&\(words)", Self.shop)
        #expect(heard.status == 200)
        let events = try bench.events
        let event = try #require(events.first)
        #expect(event.name == name)
        #expect(event.flags.contains(.nonInteractive) == isQuiet)
        #expect(event.flags.contains(.pageview) == (name == "pageview"))
        let plain = event.properties.map { property in
            property.replacing(":string:", with: ":").replacing(":number:", with: ":")
        }
        #expect(plain == properties)
        #expect(event.url == "https://shop.test/boots")
        #expect(event.revenue == nil)
    }

    @Test func anOrderHasItsMoneyAndItems() throws {
        var bench = ForeignBench()
        let items =
            "%5B%5B%22B-42%22%2C%22Boots%22%2C%5B%22Shoes%22%2C%22Autumn%22%5D%2C99.9%2C1%5D"
            + "%2C%5B%22S-7%22%2C%22Socks%22%2C%22Clothes%22%2C15%2C2%5D%5D"
        let words =
            "idgoal=0&ec_id=order-1001&revenue=129.90&ec_st=119.9&ec_tx=20.74&ec_sh=10&ec_dt=0&ec_items=\(items)"
        _ = try bench.hearMatomo("POST /matomo.php", Self.shop, body: "\(Self.base)&\(words)")
        let again = try bench.hearMatomo("POST /matomo.php", Self.shop, body: "\(Self.base)&\(words)")
        #expect(again.outcome.duplicates == 1)
        let events = try bench.events
        let event = try #require(events.first)
        #expect(event.name == "order")
        #expect(event.clientEventID == "order-1001")
        #expect(event.revenue?.micros == 129_900_000)
        #expect(event.items == ["B-42|Boots|1000000|99900000", "S-7|Socks|2000000|15000000"])
        #expect(event.properties.first == "order_id:string:order-1001")
        #expect(event.properties.count == 5)
    }

    @Test func aGoalMayBeWorthSomethingAndACartIsNot() throws {
        var bench = ForeignBench()
        _ = bench.send("GET /matomo.php?\(Self.base)&idgoal=3&revenue=12.5", Self.shop)
        _ = bench.send("GET /matomo.php?\(Self.base)&idgoal=0&revenue=12.5", Self.shop)
        #expect(try bench.events.map(\.revenue?.micros) == [12_500_000, nil])
    }

    @Test func anActionLongerThanANameIsCutAndKeptWhole() throws {
        var bench = ForeignBench()
        let action = String(repeating: "Boots and socks, ", count: 12)
        _ = bench.send("POST /matomo.php", Self.shop, body: "\(Self.base)&e_c=shop&e_a=\(action)")
        let events = try bench.events
        #expect(events.first?.name?.utf8.count == 120)
        #expect(events.first?.properties.first == "action:string:\(action)")
    }

    // MARK: the visitor

    @Test func theForcedVisitorGoesBeforeTheBrowsersAndCapitalsAreTheSame() throws {
        var bench = ForeignBench()
        _ = bench.send(
            "GET /matomo.php?idsite=1&rec=1&_id=b22b000000000002&cid=A11A000000000001&\(Self.page)", Self.shop)
        _ = bench.send("GET /matomo.php?\(Self.base)&uid=customer-7", Self.shop)
        let events = try bench.events
        #expect(events.count == 2)
        #expect(events.first?.deviceID == events.last?.deviceID)
        #expect(events.first?.deviceID != nil)
        #expect(events.first?.userHash == nil)
        #expect(events.last?.userHash != nil)
    }

    @Test(arguments: ["cookie=0", "_id="])
    func aBrowserWithoutCookiesHasTheDaysHashOnly(words: String) throws {
        var bench = ForeignBench()
        _ = bench.send("GET /matomo.php?idsite=1&rec=1&_id=a11a000000000001&\(Self.page)&cookie=0&\(words)", Self.shop)
        let events = try bench.events
        #expect(events.first?.deviceID == nil)
        #expect(events.first?.dailyID != nil)
        #expect(events.first?.anonymousID == nil)
    }

    @Test func consentIsWhatTheRequestSays() throws {
        var bench = ForeignBench(consent: .required)
        _ = bench.send("GET /matomo.php?\(Self.base)&consent=1", Self.shop)
        _ = bench.send("GET /matomo.php?\(Self.base)", Self.shop)
        _ = bench.send("GET /matomo.php?\(Self.base)&consent=0", Self.shop)
        _ = bench.send("GET /matomo.php?\(Self.base)&consent=1", Self.shop + ["Cookie: a=b; matomo_ignore=ignore%3D"])
        let events = try bench.events
        #expect(events.map { $0.deviceID != nil } == [true, false, false, false])
        #expect(events.map { $0.consent[.measurement] } == [.granted, .unknown, .denied, .objected])
    }

    @Test func anImageWithoutAURLIsThePageItStandsOn() throws {
        var bench = ForeignBench()
        _ = bench.send("GET /matomo.php?idsite=1&rec=1", ["Referer: https://shop.test/terms"])
        _ = bench.send(
            "GET /matomo.php?idsite=1&rec=1&urlref=https%3A%2F%2Fa.example%2F", ["Referer: https://shop.test/terms"])
        let events = try bench.events
        #expect(events.map(\.url) == ["https://shop.test/terms", nil])
    }

    @Test func screenAndTheFirstLanguageAreKept() throws {
        var bench = ForeignBench()
        _ = bench.send("GET /matomo.php?\(Self.base)&res=1920x1080&lang=de-CH,de;q=0.9", Self.shop)
        let events = try bench.events
        #expect(events.first?.screen == "1920x1080")
        #expect(events.first?.language == "de-CH")
    }

    // MARK: keys

    @Test func aKeyOpensAddressPlaceAndThePast() throws {
        let (key, text) = Self.key()
        var bench = ForeignBench(keys: [key])
        let words = "cip=198.51.100.17&cdt=1500000000&country=ch&region=ZH&ua=Mozilla%2F5.0+(X11)+Firefox%2F140.0"
        let heard = try bench.hearMatomo(
            "POST /matomo.php", ["User-Agent: curl/8"], body: "\(words)&\(Self.base)&token_auth=\(text)")
        #expect(heard.status == 200)
        let events = try bench.events
        let event = try #require(events.first)
        #expect(event.flags == [.pageview, .serverKey])
        #expect(event.milliseconds == 1_500_000_000_000)
        #expect(event.network == [198, 51, 100, 0])
        #expect(event.country == "CH")
        #expect(event.agent == "Mozilla/5.0 (X11) Firefox/140.0")
    }

    @Test func withoutAKeyNothingOpens() throws {
        let (key, text) = Self.key(.viewer)
        var bench = ForeignBench(keys: [key])
        for token in ["", "&token_auth=0123456789abcdef0123456789abcdef", "&token_auth=\(text)"] {
            let heard = try bench.hearMatomo("GET /matomo.php?\(Self.base)&cip=198.51.100.17&country=ch\(token)")
            #expect(heard.status == 200)
            let old = try bench.hearMatomo("GET /matomo.php?\(Self.base)&cdt=1500000000\(token)")
            #expect(old.status == 400)
            #expect(old.reasons == ["time_out_of_range"])
        }
        let events = try bench.events
        #expect(events.count == 3)
        for event in events {
            // The address that the request came from is a server's.
            #expect(event.network == nil)
            #expect(event.country == nil)
            #expect(!event.flags.contains(.serverKey))
        }
    }

    @Test func theKeyOfOneEventIsNotTheNextOnes() throws {
        let (key, text) = Self.key()
        var bench = ForeignBench(keys: [key])
        let old = "\(Self.base)&cdt=1500000000"
        let body = "{\"requests\":[\"?\(old)&token_auth=\(text)\",\"?\(old)\"]}"
        let heard = try bench.hearMatomo("POST /matomo.php", body: body)
        #expect(heard.outcome.accepted == 1)
        #expect(heard.reasons == ["time_out_of_range"])
        let all = try bench.hearMatomo(
            "POST /matomo.php", body: "{\"requests\":[\"?\(old)\",\"?\(old)\"],\"token_auth\":\"\(text)\"}")
        #expect(all.outcome.accepted == 2)
        let next = try bench.hearMatomo("GET /matomo.php?\(old)")
        #expect(next.reasons == ["time_out_of_range"])
    }

    @Test func aKeyOfAnotherSiteIsRefused() throws {
        let (key, text) = Self.key(scope: .only([SiteID(8)]))
        var bench = ForeignBench(keys: [key])
        let heard = try bench.hearMatomo("GET /matomo.php?\(Self.base)&token_auth=\(text)")
        #expect(heard.status == 400)
        #expect(heard.reasons == ["wrong_key"])
    }

    // MARK: time

    /// Received 2026-11-22T13:37:09Z.
    @Test(arguments: [
        ("cdt=1795350000", 1_795_350_000_000), ("cdt=2026-11-22+12:20:00", 1_795_350_000_000),
        ("cdt=2026-11-22%2012%3A20%3A00", 1_795_350_000_000), ("cdt=2026-11-22T12:20", 1_795_350_000_000),
        ("cdt=2026-11-22T13:20:00%2B01:00", 1_795_350_000_000), ("cdt=2026-11-22T13:20:00+01:00", 1_795_350_000_000),
        ("cdt=2026-11-22", 1_795_305_600_000), ("cdo=60", 1_795_354_569_000), ("cdo=-60", 1_795_354_569_000),
        ("cdt=1795350060&cdo=60", 1_795_350_000_000),
        // What lies ahead, or is none, is passed over.
        ("cdt=1795608000", 1_795_354_629_000), ("cdt=yesterday", 1_795_354_629_000),
        ("cdt=99999999999999999999", 1_795_354_629_000), ("cdt=", 1_795_354_629_000), ("cdo=soon", 1_795_354_629_000),
        ("cdt=2026-13-41+25:61:61", 1_795_354_629_000),
    ])
    func timesAreTakenAsMatomoTakesThem(words: String, milliseconds: Int64) throws {
        var bench = ForeignBench()
        let heard = try bench.hearMatomo("GET /matomo.php?\(Self.base)&\(words)", Self.shop)
        #expect(heard.status == 200)
        #expect(try bench.events.map(\.milliseconds) == [milliseconds])
    }
}

extension ForeignBench {
    private struct NoRoute: Error {}

    /// What a client hears of a request that has a protocol.
    mutating func hearMatomo(_ line: String, _ headers: [String] = [], body: String = "") throws -> Heard {
        guard let heard = send(line, headers, body: body) else { throw NoRoute() }
        return heard
    }
}
