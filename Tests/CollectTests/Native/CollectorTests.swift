import Catalog
import Collect
import Events
import Journal
import Testing

struct CollectorTests {
    @Test func theAnswerNamesEveryRefusedEvent() {
        var bench = Bench(refusesNames: true)
        let outcome = bench.body("[\(event()),\(event(name: "foreign")),3,\(event())]")
        #expect(
            bench.answer(outcome)
                == #"{"accepted":2,"rejected":[{"index":1,"reason":"origin_not_allowed"},"#
                + #"{"index":2,"reason":"not_an_object"}]}"#
        )
        #expect(outcome.status.code == 202 && outcome.cookie == .expire)
        let none = bench.body("[]")
        #expect(bench.answer(none) == #"{"accepted":0,"rejected":[]}"#)
    }

    @Test(
        "a journal that takes nothing is a 503 and no cookie",
        arguments: [
            (.queueFull, .queueFull), (.noSpace, .noSpace), (.failed, .journalFailed), (.closed, .shuttingDown),
        ] as [(JournalRefusal, Rejection)])
    func refusesWithTheJournal(refusal: JournalRefusal, reason: Rejection) {
        var bench = Bench()
        bench.journal.refusal = refusal
        let outcome = bench.body("[\(event()),1]")
        #expect(
            outcome.status == .unavailable && outcome.status.code == 503 && outcome.accepted == 0
                && outcome.refused == 2)
        #expect(outcome.receipt == nil && outcome.cookie == .none)
        #expect(bench.collector.rejections.map(\.reason) == [reason, .notAnObject])
        bench.journal.refusal = nil
        #expect(bench.body("[\(event()),1]").accepted == 1)
    }

    @Test func theSameClientEventIDOfASiteIsADuplicate() {
        var bench = Bench()
        #expect(bench.body(event("\"id\":\"one\"")).duplicates == 0)
        let again = bench.body(event("\"id\":\"one\""))
        #expect(
            again.accepted == 1 && again.duplicates == 1 && again.receipt == .durable(duplicates: 1)
                && again.status == .accepted)
        #expect(bench.body(event("\"id\":\"two\"")).duplicates == 0)
        #expect(bench.body(event()).duplicates == 0 && bench.body(event()).duplicates == 0)
        #expect(bench.journal.records.count == 4)
    }

    /// A key is made before the steps run; one of them replaces ids that hold an address.
    @Test func theKeyIsThatOfTheIDInTheRecord() throws {
        let journal = FakeJournal()
        let secrets = Secrets.random()
        var collector = EdgeCollector(
            secrets: secrets, salts: .replay(ReplaySalts()), geo: .none, journal: journal)
        let catalog = Bench().catalog
        for id in ["order-1", "bob%40example.com-1", "bob%40example.com-2", "bob%40example.com-1"] {
            let query = Array("site=\(Bench.key)&name=pageview&url=https%3A%2F%2Fshop.test%2F&id=\(id)".utf8)
            let request = RequestFacts(
                receivedAt: Bench.received, address: IPAddress(ipv4: 0x0102_0304), none: query.span.bytes)
            #expect(collector.collectPixel(query: query.span.bytes, of: request, catalog: catalog).accepted == 1)
        }
        let ids = try journal.records.map { Array((try ReadEvent($0).texts[.clientEventID] ?? "").utf8) }
        #expect(ids.count == 3 && ids.first == Array("order-1".utf8))
        #expect(Set(ids.map { SipHash.hash(key: secrets.idempotencySipKey, 7, $0.span.bytes) }) == journal.keys)
    }

    @Test(
        "the sender's clock is corrected by sentAt",
        arguments: [
            // time, sentAt, occurredAt and offset, all in ms from receivedAt
            (-1_000, nil, -1_000, nil), (-1_000, -500, -1_000, nil), (-60_000, -5_000, -60_000, nil),
            (-60_000, -5_001, -54_999, 5_001),
            (3_600_000 - 60_000, 3_600_000, -60_000, -3_600_000),
            (-946_080_000_000, -946_080_000_000 + 2_000, -2_000, 946_080_000_000 - 2_000),
            (700_000, 0, nil, nil), (-1_000, -900_000, -1_000, nil), (-172_800_000, nil, -172_800_000, nil),
            (-172_800_001, nil, nil, nil),
            (300_000, nil, 300_000, nil), (300_001, nil, nil, nil), (-172_900_000, -10_000, nil, nil),
        ] as [(Int64, Int64?, Int64?, Int64?)])
    func correctsClocks(time: Int64, sentAt: Int64?, occurred: Int64?, offset: Int64?) throws {
        var bench = Bench()
        let received = Bench.received.milliseconds
        let sent = sentAt.map { ",\"sentAt\":\(received + $0)" } ?? ""
        let refusal = bench.refusal("\"time\":\(received + time)\(sent)")
        guard let occurred else {
            #expect(refusal == .timeOutOfRange)
            return
        }
        #expect(refusal == nil)
        let read = try ReadEvent(bench.journal.records[0])
        #expect(read.occurredAt.milliseconds == received + occurred && read.clockOffset == offset)
    }

    @Test func aServerKeyWritesHistoryButNotTheFuture() throws {
        var bench = Bench()
        #expect(bench.refusal("\"time\":\"1999-01-01T00:00:00Z\",\"sentAt\":0", hasServerKey: true) == nil)
        let read = try ReadEvent(bench.journal.records[0])
        #expect(
            read.flags.contains(.serverKey) && read.occurredAt.milliseconds == 915_148_800_000
                && read.clockOffset == nil)
        #expect(bench.refusal("\"time\":\"2200-01-01T00:00:00Z\"", hasServerKey: true) == .timeOutOfRange)
        #expect(bench.refusal("\"time\":-1", hasServerKey: true) == .timeOutOfRange)
    }

    @Test func theAnonymousIDStandsOnlyUnderConsentToMeasurement() throws {
        for (state, isKept) in [("true", true), ("false", false), ("null", false)] {
            var bench = Bench()
            _ = bench.body(event("\"anonymousID\":\"anon\",\"consent\":{\"measurement\":\(state)}"))
            #expect((try ReadEvent(bench.journal.records[0]).texts[.anonymousID] != nil) == isKept, "\(state)")
        }
    }

    @Test func headersAreCutAndRevenueTakesTheSitesCurrency() throws {
        var bench = Bench()
        _ = bench.body(
            Array(event("\"revenue\":{\"amount\":5}").utf8), agent: String(repeating: "A", count: 600),
            language: "de-CH,de;q=0.9")
        let read = try ReadEvent(bench.journal.records[0])
        #expect(read.texts[.userAgent]?.utf8.count == 512 && read.texts[.language] == "de-CH")
        #expect(read.texts[.clientHints] == "de-CH,de;q=0.9\0\0\0\0")
        #expect(read.revenue?.currency.description == "CHF")
    }

    @Test func everyEventOfABodyHasTheRequestsAgentAndItsOwnLanguageWhereItStatesOne() throws {
        var bench = Bench()
        let agent = String(repeating: "Agent ", count: 30)
        for language in ["de-CH,de;q=0.9", ""] {
            let own = event("\"language\":\"fr\",\"screen\":\"10x20\"")
            let body = "[\(event()),\(own),\(event("\"screen\":\"1x2\"")),\(own),\(event())]"
            #expect(bench.body(Array(body.utf8), agent: agent, language: language).accepted == 5)
            let events = try bench.journal.records.suffix(5).map { try ReadEvent($0) }
            let header = language.isEmpty ? nil : "de-CH"
            #expect(events.map { $0.texts[.language] ?? nil } == [header, "fr", header, "fr", header])
            #expect(events.map { $0.texts[.screen] ?? nil } == [nil, "10x20", "1x2", "10x20", nil])
            #expect(events.allSatisfy { $0.texts[.userAgent] == agent })
            #expect(events.allSatisfy { $0.texts[.clientHints] == (language.isEmpty ? nil : language + "\0\0\0\0") })
        }
        // The next request's agent is another one, and after a refused record nothing is left to copy from.
        let long = (0..<40).map { "\"k\($0)\":\"\(String(repeating: "v", count: 700))\"" }.joined(separator: ",")
        let body = "[\(event("\"properties\":{\(long)}")),\(event())]"
        #expect(bench.body(Array(body.utf8), agent: "other").accepted == 2)
        #expect(try ReadEvent(bench.journal.records.last ?? []).texts[.userAgent] == "other")
    }

    @Test func theOriginIsJudgedAnewForEverySiteOfABody() {
        let sites = [("a", "shop.test"), ("b", "other.test")].enumerated().map { index, site in
            Site(
                id: SiteID(UInt32(index + 1)), key: String(repeating: site.0, count: 22), name: site.1,
                domains: [site.1])
        }
        let catalog = CatalogSnapshot(generation: 1, sites: sites)
        var collector = EdgeCollector(
            secrets: Secrets.random(), salts: .replay(ReplaySalts()), geo: .none, journal: FakeJournal())
        let events = [0, 1, 0, 1].map { "{\"site\":\"\(sites[$0].key)\",\"name\":\"n\"}" }
        let body = Array("[\(events.joined(separator: ","))]".utf8)
        let origin = Array("https://shop.test".utf8)
        var request = RequestFacts(
            receivedAt: Bench.received, address: IPAddress(ipv4: 0x0102_0304), none: body.span.bytes)
        request.origin = origin.span.bytes
        #expect(collector.collectBody(body.span.bytes, of: request, catalog: catalog).accepted == 2)
        #expect(collector.rejections.map(\.index) == [1, 3])
        #expect(collector.rejections.allSatisfy { $0.reason == .originNotAllowed })
    }

    @Test func aDraftThatIsResetIsAFreshOne() {
        let some = ArenaText(offset: 3, count: 4)
        var draft = EventDraft()
        let fresh = words(of: draft)
        for path in [
            \EventDraft.siteKey, \.name, \.clientEventID, \.url, \.referrer, \.title, \.anonymousID, \.userID, \.screen,
            \.language, \.currency, \.country, \.region, \.city, \.network, \.previousUserID, \.userAgent,
        ] { draft[keyPath: path] = some }
        for path in [
            \EventDraft.deviceID, \.userHash, \.dailyID, \.previousDailyID, \.idempotencyKey, \.claimedHash,
        ] {
            draft[keyPath: path] = ID128(low: 1, high: 2)
        }
        (draft.time, draft.sentAt) = (.invalid, .invalid)
        (draft.revenueMicros, draft.engagedMilliseconds, draft.clockOffsetMilliseconds) = (1, 2, 3)
        draft.properties = [PropertyDraft(key: some, type: .string, value: some)]
        draft.items = [ItemDraft()]
        (draft.statedConsent, draft.consent) = (Consent(all: .granted), Consent(all: .granted))
        (draft.wireProtocol, draft.httpStatus, draft.knowsAddress) = (.pixel, 200, true)
        (draft.aliases, draft.address) = (.matomo, IPAddress(ipv4: 1))
        (draft.isFromServer, draft.isCookieless) = (true, true)
        (draft.occurredAt, draft.flags) = (Timestamp(milliseconds: 9), [.bot])
        (draft.botReason, draft.quarantineReason) = (.headless, .foreignHost)
        let filled = words(of: draft)
        // What only the module sets: the bits of the property keys and the location.
        #expect(zip(fresh, filled).count { $0 == $1 } == 2)
        draft.reset()
        #expect(words(of: draft) == fresh)
    }

    /// Each field and its value.
    private func words(of draft: EventDraft) -> [String] {
        Mirror(reflecting: draft).children.map { "\($0.label ?? ""): \($0.value)" }
    }

    @Test func aRecordLongerThanTheJournalTakesIsRefused() {
        var limits = CollectLimits()
        limits.eventBytesMax = 1 << 20
        var bench = Bench(limits: limits)
        let value = String(repeating: "v", count: 2_000)
        #expect(
            bench.refusal("\"properties\":{\((0..<40).map { "\"k\($0)\":\"\(value)\"" }.joined(separator: ","))}")
                == .eventTooLarge)
        #expect(bench.refusal("") == nil)
        #expect(bench.journal.records.count == 1)
    }

    @Test func theLedgerShowsVerdictsWithoutQueriesAndUnminimisedPaths() {
        var bench = Bench(refusesNames: true)
        _ = bench.pixel(
            "site=\(Bench.key)&url=https%3A%2F%2Fu%3Ap%40shop.test%2Fa%2Fb%3Fmail%3Dx%40y.test%23f&id=secret")
        _ = bench.pixel("site=\(Bench.key)&name=foreign&url=https%3A%2F%2Fx.test%2Fjane%40x.test")
        _ = bench.pixel("site=nobody")
        let verdicts = bench.collector.ledger.verdicts()
        #expect(verdicts.map(\.location) == ["shop.test/a/b", "x.test", ""])
        #expect(
            verdicts.map(\.kind) == [.accepted, .refused, .refused]
                && verdicts.map(\.name) == ["pageview", "foreign", "pageview"])
        #expect(
            verdicts.map(\.step) == [nil, .origin, .site]
                && verdicts.map(\.reason) == [nil, .originNotAllowed, .unknownSite])
        #expect(verdicts.map(\.site) == [SiteID(7), SiteID(7), nil] && verdicts.map(\.sequence) == [1, 2, 3])
        #expect(bench.collector.ledger.verdicts(after: 2).map(\.sequence) == [3])
        #expect(bench.collector.ledger.verdicts(after: 9).isEmpty)
    }

    @Test(arguments: ["x", "}", "\"x", "%", "<html>", "nul", "\u{1}"])
    func aBrokenBodyLeavesNothingOfTheRequestBefore(_ body: String) {
        var bench = Bench()
        _ = bench.pixel("site=\(Bench.key)&url=https%3A%2F%2Fshop.test%2Fa%2Fb&name=before")
        let outcome = bench.body(body)
        #expect(outcome.accepted == 0 && outcome.refused == 1)
        let last = bench.collector.ledger.verdicts().last
        #expect(last?.kind == .refused && last?.name == "" && last?.location == "" && last?.site == nil)
    }

    @Test func theLedgerKeepsTheLastThousand() {
        var bench = Bench()
        let batch = "[" + Array(repeating: event(name: "old"), count: 400).joined(separator: ",") + "]"
        for _ in 0..<3 { _ = bench.body(batch) }
        _ = bench.body(event(name: "new"))
        let verdicts = bench.collector.ledger.verdicts()
        #expect(verdicts.count == 1_000 && verdicts.first?.sequence == 202 && verdicts.last?.name == "new")
        #expect(bench.collector.ledger.verdicts(after: 0, limit: 2).map(\.sequence) == [1_200, 1_201])
    }

    @Test func oneRequestInSixtyFourIsTimed() {
        var bench = Bench()
        for _ in 0..<130 { _ = bench.pixel("site=\(Bench.key)") }
        let timings = bench.collector.ledger.counters.timings
        for step in [CollectStepName.parse, .site, .limits, .time, .consent, .encode, .journal] {
            #expect(timings[step].samples == 3 && timings[step].nanoseconds > 0, "\(step)")
        }
        #expect(timings[.geo].samples == 0)
    }

    @Test(arguments: [71, 72, 73] as [UInt64])
    func offeredIsAcceptedPlusRefusedWhateverComes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var bench = Bench(refusesNames: true)
        let refusals: [JournalRefusal?] = [nil, nil, nil, .queueFull, .noSpace, .failed, .closed]
        let elements = [
            event(), event(name: "foreign"), event("\"id\":\"same\""), event("\"id\":7"), "7", "{}",
            event("\"time\":1"), "{\"site\":\"x\"}",
        ]
        var offered = 0
        var accepted = 0
        for round in 0..<800 {
            bench.journal.refusal = refusals.randomElement(using: &random) ?? nil
            let outcome: CollectOutcome
            let count = Int.random(in: 0...6, using: &random)
            let chosen = (0..<count).map { _ in elements.randomElement(using: &random) ?? "" }
            switch Int.random(in: 0..<6, using: &random) {
            case 0: outcome = bench.pixel("site=\(Bench.key)&name=\(Bool.random(using: &random) ? "foreign" : "a")")
            case 1: outcome = bench.body(chosen.joined(separator: "\n"))
            case 2: outcome = bench.body("[" + chosen.joined(separator: ","))
            case 3: outcome = bench.body("")
            default: outcome = bench.body("[" + chosen.joined(separator: ",") + "]")
            }
            #expect(outcome.offered == outcome.accepted + outcome.refused, "seed \(seed), round \(round)")
            offered += outcome.offered
            accepted += outcome.accepted
        }
        let counters = bench.collector.ledger.counters
        #expect(
            counters.requests == 800 && counters.offered == UInt64(offered) && counters.accepted == UInt64(accepted))
        #expect(counters.offered == counters.accepted + counters.refused, "seed \(seed)")
        #expect(UInt64(bench.journal.records.count) == counters.accepted - counters.duplicates, "seed \(seed)")
        for reason in [
            Rejection.queueFull, .noSpace, .journalFailed, .shuttingDown, .invalidJSON, .emptyBody, .originNotAllowed,
        ] {
            #expect(counters.refused(reason) > 0, "seed \(seed): \(reason)")
        }
    }
}
