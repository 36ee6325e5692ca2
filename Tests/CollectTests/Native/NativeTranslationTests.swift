import Collect
import Events
import Foundation
import Journal
import Testing

struct NativeTranslationTests {
    private let site = "site=\(Bench.key)"

    @Test func everyPixelKeyReachesTheRecord() throws {
        var bench = Bench()
        let outcome = bench.pixel(
            site
                + "&name=order&id=e-1&time=2026-11-22T13:37:00Z&url=https%3A%2F%2Fshop.test%2Fp%3Fa%3D1"
                + "&referrer=https%3A%2F%2Fx.test%2F"
                + "&title=Gr%C3%BC%C3%9Fe+%26+mehr&anonymousID=anon&userID=u1&screen=1920x1080&language=de-CH"
                + "&revenue=12.30&currency=eur"
                + "&consent=max&p.color=red&p.size+x=4%2B&unknown=1", referer: "https://shop.test/referer")
        #expect(
            outcome.status == .accepted && outcome.accepted == 1 && outcome.receipt == .pending(batch: 1, duplicates: 0)
        )
        let read = try ReadEvent(bench.journal.records[0])
        #expect(read.texts[.name] == "order" && read.texts[.clientEventID] == "e-1")
        #expect(read.texts[.url] == "https://shop.test/p?a=1" && read.texts[.referrer] == "https://x.test/")
        #expect(read.texts[.title] == "Grüße & mehr" && read.texts[.anonymousID] == "anon")
        #expect(read.texts[.screen] == "1920x1080" && read.texts[.language] == "de-CH")
        #expect(read.revenue == Money(micros: 12_300_000, currency: try #require(CurrencyCode("EUR"))))
        #expect(read.properties == ["color": "red", "size x": "4+"])
        #expect(read.occurredAt == Timestamp(milliseconds: 1_795_354_620_000))
        #expect(read.consent[.measurement] == .granted && read.consent[.advertising] == .granted)
        #expect(read.consent[.stitching] == .granted && read.consent[.sharing] == .denied)
        #expect(read.consent[.personalisation] == .denied && read.wireProtocol == WireProtocol.pixel.rawValue)
        #expect(!read.flags.contains(.pageview))
    }

    @Test func aBarePixelIsAPageviewOfItsReferer() throws {
        var bench = Bench()
        _ = bench.pixel(site + "&title=&name=", referer: "https://shop.test/a%20b")
        let read = try ReadEvent(bench.journal.records[0])
        #expect(read.texts[.name] == "pageview" && read.flags.contains(.pageview))
        #expect(read.texts[.url] == "https://shop.test/a%20b" && read.texts[.title] == nil)
        #expect(read.consent == .unknown && read.occurredAt == Bench.received)
    }

    @Test(
        "a wrong pixel is refused with its reason",
        arguments: [
            ("", .missingSite), ("site=", .missingSite), ("site=nobody", .unknownSite),
            ("site=@&consent=q", .invalidField), ("site=@&preview=yes", .invalidField),
            ("site=@&engagement=long", .invalidField),
            ("site=@&consent=m0", .invalidField), ("site=@&revenue=1,50", .invalidField),
            ("site=@&currency=EURO", .invalidField),
            ("site=@&p.=x", .invalidField), ("site=@&time=soon", .invalidTime), ("site=@&time=0", .timeOutOfRange),
            ("site=@&name=" + String(repeating: "n", count: 121), .fieldTooLong),
            ("site=@&p.a=" + String(repeating: "v", count: 2001), .fieldTooLong),
            ("site=@&p." + String(repeating: "k", count: 301) + "=v", .fieldTooLong),
            ("site=@&name=%00%01", .missingName),
            ("site=@&id=" + String(repeating: "i", count: 201), .fieldTooLong),
            ("site=@&x=" + String(repeating: "x", count: 40_000), .eventTooLarge),
            ("site=@" + (0..<10_000).map { "&p.k\($0)=" }.joined(), .eventTooLarge),
            ("site=@" + (0..<65).map { "&p.k\($0)=1" }.joined(), .tooManyProperties),
        ] as [(String, Rejection)])
    func refusesPixels(query: String, reason: Rejection) {
        var bench = Bench()
        let outcome = bench.pixel(query.replacing("@", with: Bench.key))
        #expect(bench.collector.rejections.map(\.reason) == [reason])
        #expect(
            outcome.status == .refused && outcome.refused == 1 && outcome.cookie == .none
                && bench.journal.records.isEmpty)
    }

    @Test func theLastOfARepeatedKeyWins() throws {
        var bench = Bench()
        _ = bench.pixel(site + "&name=a&p.x=1&p.y=2&p.x=3&name=b&%6eame=c")
        let read = try ReadEvent(bench.journal.records[0])
        #expect(read.texts[.name] == "c" && read.properties == ["x": "3", "y": "2"])
    }

    @Test func everyNativeFieldReachesTheRecord() throws {
        var bench = Bench()
        let members = #"""
            "id":"e-\u0031","time":1795354620000,"url":"https:\/\/shop.test\/","referrer":"https://x.test/",
            "title":"Gr\u00fc\u00dfe \ud83d\ude00",
            "sentAt":"2026-11-22T13:37:08Z","anonymousID":"anon","userID":"u1","screen":"10x20","language":"fr",
            "properties":{"s":"a","n":1.50,"t":true,"f":false,"z":null,
            "o":{"a":1,"b":{"c":"deep","d":{"e":[1]}}},"l":["x", 2]},
            "revenue":{"amount":"12.30","currency":"EUR"},
            "items":[{"id":"sku1","name":"Hat","quantity":2,"price":"9.95"},{"name":"Bag","unknown":{}},{}],
            "consent":{"measurement":true,"personalisation":false,"advertising":null,"more":1},
            "unknown":{"deep":[{}]},"na\u006de":"order"
            """#
        #expect(bench.body(event(members)).accepted == 1)
        let read = try ReadEvent(bench.journal.records[0])
        #expect(read.texts[.name] == "order" && read.texts[.clientEventID] == "e-1" && read.texts[.title] == "Grüße 😀")
        #expect(read.texts[.url] == "https://shop.test/" && read.texts[.referrer] == "https://x.test/")
        #expect(
            read.properties == [
                "s": "a", "n": "1.50", "t": "1", "f": "0", "o.a": "1", "o.b.c": "deep", "o.b.d": "{\"e\":[1]}",
                "l": "[\"x\", 2]",
            ])
        #expect(read.types["n"] == .number && read.types["t"] == .boolean && read.types["l"] == .string)
        #expect(read.items == ["sku1|Hat|2000000|9950000", "|Bag|1000000|-", "||1000000|-"])
        #expect(read.revenue == Money(micros: 12_300_000, currency: try #require(CurrencyCode("EUR"))))
        #expect(read.consent[.measurement] == .granted && read.consent[.personalisation] == .denied)
        #expect(read.consent[.advertising] == .unknown && read.occurredAt == Timestamp(milliseconds: 1_795_354_620_000))
        #expect(read.clockOffset == nil && read.wireProtocol == WireProtocol.native.rawValue)
    }

    @Test func aPixelCarriesANativeEvent() throws {
        var bench = Bench()
        func encoded(_ json: String) throws -> String {
            "event=" + (try #require(json.addingPercentEncoding(withAllowedCharacters: .alphanumerics)))
        }
        let query = try encoded(event(#""title":"a+b & ü","items":[{"id":"sku1"}],"properties":{"n":1}"#))
        #expect(bench.pixel(query).accepted == 1)
        let read = try ReadEvent(bench.journal.records[0])
        #expect(read.texts[.name] == "buy" && read.texts[.title] == "a+b & ü" && read.items.count == 1)
        #expect(read.types["n"] == .number && read.wireProtocol == WireProtocol.native.rawValue)
        for (query, reason) in [
            ("event=", Rejection.missingSite), (try encoded("{"), .invalidJSON), (try encoded(" "), .emptyBody),
            (try encoded(#"{"site":"x","name":"y"}"#), .unknownSite), ("event=%7B%GG", .invalidJSON),
        ] {
            #expect(bench.pixel(query).refused == 1, "\(query)")
            #expect(bench.collector.rejections.map(\.reason) == [reason], "\(query)")
        }
        #expect(bench.journal.records.count == 1)
    }

    @Test func previewAndEngagementReachTheRecord() throws {
        var bench = Bench()
        #expect(bench.body(event(#""preview":true,"engagement":5300"#, name: "engagement")).accepted == 1)
        #expect(bench.body(event(#""preview":true,"preview":false,"engagement":"1.9""#)).accepted == 1)
        #expect(bench.body(event(#""preview":null,"engagement":null"#)).accepted == 1)
        #expect(bench.pixel(site + "&preview=1&engagement=7000000000").accepted == 1)
        #expect(bench.pixel(site + "&preview=1&preview=0&engagement=-1").accepted == 1)
        let read = try bench.journal.records.map { try ReadEvent($0) }
        #expect(
            read.map(\.flags) == [
                [.preview, .nonInteractive], .nonInteractive, [], [.preview, .nonInteractive, .pageview],
                [.nonInteractive, .pageview],
            ])
        #expect(read.map(\.engagedMilliseconds) == [5_300, 1, nil, 4_294_967_295, 0])
    }

    @Test(
        "a wrong native field is refused with its reason",
        arguments: [
            (#""id":1"#, .invalidField), (#""url":{}"#, .invalidField), (#""title":["a"]"#, .invalidField),
            (#""name":""# + "\"", .missingName),
            (#""name":null"#, nil), (#""name":7"#, .invalidField), (#""properties":[]"#, .invalidField),
            (#""properties":{"":1}"#, .invalidField),
            (#""properties":null"#, nil), (#""revenue":12"#, .invalidField),
            (#""revenue":{"amount":"x"}"#, .invalidField),
            (#""revenue":{"amount":1e99}"#, .invalidField), (#""revenue":{"amount":1,"currency":"€"}"#, .invalidField),
            (#""revenue":{}"#, nil),
            (#""items":{}"#, .invalidField), (#""items":[1]"#, .invalidField),
            (#""items":[{"quantity":"many"}]"#, .invalidField),
            (#""consent":true"#, .invalidField), (#""consent":{"measurement":1}"#, .invalidField),
            (#""time":true"#, .invalidField),
            (#""time":"yesterday""#, .invalidTime), (#""sentAt":"never""#, .invalidTime),
            (#""time":"1970-01-01T00:00:00Z""#, .timeOutOfRange),
            (#""time":253402300799999"#, .timeOutOfRange), (#""time":1e400"#, .invalidTime),
            (#""preview":1"#, .invalidField), (#""preview":"true""#, .invalidField),
            (#""engagement":"long""#, .invalidField), (#""engagement":[5]"#, .invalidField),
            (#""site":"x""#, .unknownSite), (#""screen":"huge","language":"*""#, nil),
        ] as [(String, Rejection?)])
    func refusesNativeFields(members: String, reason: Rejection?) {
        var bench = Bench()
        #expect(bench.refusal(members) == reason)
    }

    @Test func sizesBeyondTheLimitsAreRefused() {
        func text(_ count: Int) -> String { String(repeating: "x", count: count) }
        let many = (0..<10_000).map { "\"k\($0)\":1" }.joined(separator: ",")
        let cases: [(String, Rejection?)] = [
            ("\"name\":\"\(text(120))\"", nil), ("\"name\":\"\(text(121))\"", .fieldTooLong),
            ("\"id\":\"\(text(201))\"", .fieldTooLong),
            ("\"userID\":\"\(text(201))\"", .fieldTooLong), ("\"properties\":{\"a\":\"\(text(2000))\"}", nil),
            ("\"properties\":{\"a\":\"\(text(2001))\"}", .fieldTooLong),
            ("\"properties\":{\"\(text(301))\":1}", .fieldTooLong),
            ("\"properties\":{\(many)}", .eventTooLarge),
            ("\"properties\":{\((0..<64).map { "\"k\($0)\":1" }.joined(separator: ","))}", nil),
            ("\"properties\":{\((0..<65).map { "\"k\($0)\":1" }.joined(separator: ","))}", .tooManyProperties),
            ("\"properties\":{\((0..<999).map { "\"k\($0)\":1" }.joined(separator: ","))}", .tooManyProperties),
            ("\"items\":[\(Array(repeating: "{}", count: 100).joined(separator: ","))]", nil),
            ("\"items\":[\(Array(repeating: "{}", count: 101).joined(separator: ","))]", .tooManyItems),
            ("\"x\":\"\(text(33_000))\"", .eventTooLarge), ("\"x\":\(String(repeating: "[", count: 40))", .tooDeep),
        ]
        for (members, reason) in cases {
            var bench = Bench()
            #expect(bench.refusal(members) == reason, "\(members.prefix(60))")
        }
    }

    @Test func tenThousandPropertiesAreOneCountedRejectionWhateverTheEventLimit() {
        var limits = CollectLimits()
        limits.eventBytesMax = 1 << 20
        var bench = Bench(limits: limits)
        let many = (0..<10_000).map { "\"k\($0)\":1" }.joined(separator: ",")
        #expect(bench.refusal("\"properties\":{\(many)}") == .tooManyProperties)
        #expect(bench.collector.ledger.counters.refused(.tooManyProperties) == 1)
        #expect(bench.collector.ledger.counters.offered == 1)
    }

    @Test func controlCharactersAndLoneSurrogatesDoNotReachTheRecord() throws {
        var bench = Bench()
        _ = bench.body(event(#""title":"a\u0000b\u001b\nc\u007f\ud83d!","properties":{"k\u0000":"v\u0085"}"#))
        let read = try ReadEvent(bench.journal.records[0])
        #expect(read.texts[.title] == "ab c\u{FFFD}!" && read.properties == ["k": "v"])
    }

    @Test func longURLsAndTitlesAreCutBetweenCharactersAndEscapes() throws {
        for padding in 0..<4 {
            var bench = Bench()
            let base = "https://shop.test/" + String(repeating: "a", count: 1_980 + padding)
            _ = bench.body(
                event("\"url\":\"\(base)%C3%BC%C3%BC\",\"title\":\"\(String(repeating: "t", count: 497 + padding))😀\""))
            let read = try ReadEvent(bench.journal.records[0])
            let url = try #require(read.texts[.url])
            let rest = url.dropFirst(base.count)
            #expect(url.utf8.count <= 2_000 && rest.count % 3 == 0, "\(rest)")
            #expect(read.texts[.title] == String(repeating: "t", count: min(497 + padding, 500)))
        }
    }

    @Test(arguments: [51, 52] as [UInt64])
    func whatFoundationWritesIsWhatTheRecordHolds(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<150 {
            let words = (0..<6).map { _ in randomText(&random) }
            let properties = Dictionary((0..<5).map { ("k\($0)" + randomText(&random), randomText(&random)) }) {
                first, _ in first
            }
            let object: [String: Any] = [
                "site": Bench.key, "name": "n" + words[0], "id": words[1], "title": words[2], "anonymousID": words[3],
                "properties": properties, "consent": ["measurement": true],
            ]
            let data = try JSONSerialization.data(withJSONObject: object)
            var bench = Bench()
            #expect(bench.body([UInt8](data)).accepted == 1, "seed \(seed)")
            let read = try ReadEvent(bench.journal.records[0])
            #expect(read.texts[.name] == "n" + words[0] && read.texts[.clientEventID] ?? "" == words[1], "seed \(seed)")
            #expect(read.texts[.title] ?? "" == words[2] && read.texts[.anonymousID] ?? "" == words[3], "seed \(seed)")
            #expect(read.properties == properties, "seed \(seed)")
        }
    }

    private func randomText(_ random: inout SeededGenerator) -> String {
        let pieces = ["a", "Shop", "/", "\\", "\"", "ü", "😀", "日本", " ", "{", "0123456789", "'"]
        return (0..<Int.random(in: 0...6, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
            .joined()
    }
}
