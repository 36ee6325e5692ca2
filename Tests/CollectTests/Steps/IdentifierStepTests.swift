import Catalog
import Collect
import Events
import Testing

@Suite struct IdentifierStepTests {
    private static let day: Int64 = 86_400_000
    private let granted = SentEvent(consent: .granting(.measurement))

    @Test func aGrantSetsASignedCookieOnce() throws {
        let harness = try StepsHarness()
        let first = try harness.take(.init(), .shop(), granted)
        let cookie = try #require(harness.setCookie)
        #expect(cookie.hasPrefix("_hl="))
        #expect(cookie.hasSuffix("; Path=/; Max-Age=34128000; HttpOnly; SameSite=Lax; Secure"))
        #expect(harness.browserCookie.utf8.count == 4 + DeviceCookie.textBytes)
        #expect(first.draft.flags.contains(.newDevice))
        var next = SentRequest()
        next.cookies = "x=1; " + harness.browserCookie
        let second = try harness.take(next, .shop(), granted)
        #expect(harness.setCookie == nil)
        #expect(second.draft.deviceID == first.draft.deviceID)
        #expect(!second.draft.flags.contains(.newDevice))
    }

    @Test func plainHTTPGetsNoSecureAttribute() throws {
        let harness = try StepsHarness()
        var request = SentRequest()
        request.isSecure = false
        _ = try harness.take(request, .shop(), granted)
        #expect(harness.setCookie?.hasSuffix("; SameSite=Lax") == true)
    }

    @Test func aBatchHasOneNewDevice() throws {
        let harness = try StepsHarness()
        let taken = try harness.take(.init(), .shop(), [granted, granted, SentEvent()])
        #expect(Set(taken.map(\.draft.deviceID)).count == 1)
        #expect(taken[2].draft.consent.grants(.measurement))
    }

    @Test func everySingleBitFlipIsRefused() throws {
        let harness = try StepsHarness()
        let first = try harness.take(.init(), .shop(), granted)
        let cookie = Array(harness.browserCookie.utf8)
        // Seen and verified once, so that it is among the cookies known to be good.
        var good = SentRequest()
        good.cookies = harness.browserCookie
        #expect(try harness.take(good, .shop(), granted).draft.deviceID == first.draft.deviceID)
        for bit in 0..<DeviceCookie.textBytes * 8 {
            var bytes = cookie
            bytes[4 + bit / 8] ^= 1 << UInt8(bit % 8)
            var request = SentRequest()
            request.cookies = String(decoding: bytes, as: UTF8.self)
            let taken = try harness.take(request, .shop(), granted)
            #expect(taken.draft.deviceID != nil)
            #expect(taken.draft.deviceID != first.draft.deviceID)
        }
    }

    @Test func tossedForeignAndUnsignedCookiesGiveANewDevice() throws {
        let harness = try StepsHarness()
        let first = try harness.take(.init(), .shop(), granted)
        let own = harness.browserCookie
        let longer = own + "A"
        for header in [own + "; " + own, own + "; _hl=x", "_hl=", "_hl=abc", longer, String(own.dropLast())] {
            var request = SentRequest()
            request.cookies = header
            #expect(try harness.take(request, .shop(), granted).draft.deviceID != first.draft.deviceID)
            #expect(harness.setCookie != nil)
        }
        var request = SentRequest()
        request.cookies = own
        #expect(try harness.take(request, .shop(), granted).draft.deviceID == first.draft.deviceID)
        let other = try harness.take(request, .shop(id: 2), granted)
        #expect(other.draft.deviceID != first.draft.deviceID)
        let otherServer = try StepsHarness()
        #expect(try otherServer.take(request, .shop(), granted).draft.deviceID != first.draft.deviceID)
    }

    @Test func aCookieEnds395DaysAfterItWasFirstSet() throws {
        let harness = try StepsHarness()
        let first = try harness.take(.init(), .shop(), granted)
        var request = SentRequest()
        request.cookies = harness.browserCookie
        request.receivedAt = request.receivedAt.adding(milliseconds: 395 * Self.day - 1_000)
        #expect(try harness.take(request, .shop(), granted).draft.deviceID == first.draft.deviceID)
        #expect(harness.setCookie == nil)
        request.receivedAt = request.receivedAt.adding(milliseconds: 1_000)
        #expect(try harness.take(request, .shop(), granted).draft.deviceID != first.draft.deviceID)
        request.receivedAt = SentRequest().receivedAt.adding(milliseconds: -2 * Self.day)
        #expect(try harness.take(request, .shop(), granted).draft.deviceID != first.draft.deviceID)
    }

    @Test func changedConsentIsSetAgainWithTheSameEnd() throws {
        let harness = try StepsHarness()
        let first = try harness.take(.init(), .shop(), granted)
        var request = SentRequest()
        request.cookies = harness.browserCookie
        request.receivedAt = request.receivedAt.adding(milliseconds: 100 * Self.day)
        let more = SentEvent(consent: .granting(.measurement, .advertising))
        #expect(try harness.take(request, .shop(), more).draft.deviceID == first.draft.deviceID)
        #expect(harness.setCookie?.contains("; Max-Age=\(295 * 86_400);") == true)
    }

    @Test(arguments: [ConsentState.denied, .objected])
    func refusalLeavesNoIdentifierAndExpiresTheCookie(state: ConsentState) throws {
        let harness = try StepsHarness()
        _ = try harness.take(.init(), .shop(), granted)
        var request = SentRequest()
        request.cookies = harness.browserCookie
        let refused = SentEvent(anonymousID: "anonymous-1", userID: "ada", consent: .with(.measurement, state))
        let draft = try harness.take(request, .shop(), refused).draft
        #expect(draft.deviceID == nil && draft.dailyID == nil && draft.previousDailyID == nil && draft.userHash == nil)
        #expect(draft.anonymousID.isAbsent && draft.userID.isAbsent && draft.network.isAbsent)
        #expect(harness.setCookie == "_hl=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure")
        _ = try harness.take(.init(), .shop(), refused)
        #expect(harness.setCookie == nil)
        _ = try harness.take(.init(), .shop(), [granted, refused])
        #expect(harness.setCookie == nil)
    }

    @Test func unknownConsentFollowsTheSitesMode() throws {
        let harness = try StepsHarness()
        let cookieless = try harness.take(.init(), .shop(), SentEvent()).draft
        #expect(cookieless.dailyID != nil && cookieless.deviceID == nil)
        let none = try harness.take(.init(), .shop(unknown: .none), SentEvent(anonymousID: "a1", userID: "ada")).draft
        #expect(none.dailyID == nil && none.deviceID == nil && none.userHash == nil && none.anonymousID.isAbsent)
        #expect(harness.setCookie == nil)
    }

    @Test func theDaysHashDependsOnSiteAddressAndAgentAlone() throws {
        let harness = try StepsHarness()
        func daily(_ address: String, _ agent: String = SentRequest.chrome, site: UInt32 = 1) throws -> ID128? {
            var request = SentRequest()
            request.address = address
            request.userAgent = agent
            return try harness.take(request, .shop(id: site), SentEvent()).draft.dailyID
        }
        let base = try daily("203.0.113.77")
        #expect(try daily("203.0.113.77") == base)
        #expect(try daily("203.0.113.78") != base)
        #expect(try daily("203.0.113.77", "Mozilla/5.0 (other)") != base)
        #expect(try daily("203.0.113.77", site: 2) != base)
        #expect(try daily("2001:db8:1:2::3") == daily("2001:db8:1:2:ffff::9"))
        #expect(try daily("2001:db8:1:2::3") != daily("2001:db8:1:3::3"))
    }

    @Test func botsHaveTheDaysHashAndNoCookie() throws {
        let harness = try StepsHarness()
        var request = SentRequest()
        request.userAgent = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
        let event = SentEvent(anonymousID: "a1", userID: "ada", consent: Consent(all: .granted))
        let draft = try harness.take(request, .shop(), event).draft
        #expect(draft.flags.contains(.bot) && draft.botReason == .userAgent)
        #expect(draft.dailyID != nil && draft.deviceID == nil && draft.userHash == nil)
        #expect(harness.setCookie == nil)
    }

    @Test func serverKeysNameDevicesAndUsersByHash() throws {
        let harness = try StepsHarness()
        var request = SentRequest()
        request.hasServerKey = true
        request.userAgent = "python-requests/2.32"
        let event = SentEvent(anonymousID: "visitor-7", userID: "ada")
        let first = try harness.take(request, .shop(), event).draft
        #expect(first.deviceID != nil && first.userHash != nil && first.dailyID == nil && first.network.isAbsent)
        #expect(!first.flags.contains(.bot))
        #expect(try harness.take(request, .shop(), event).draft.deviceID == first.deviceID)
        #expect(try harness.take(request, .shop(id: 2), event).draft.deviceID != first.deviceID)
        #expect(first.userHash != first.deviceID)
        let denied = SentEvent(anonymousID: "visitor-7", userID: "ada", consent: .with(.measurement, .denied))
        #expect(try harness.take(request, .shop(), denied).draft.deviceID == nil)
        #expect(harness.setCookie == nil)
    }

    @Test func aSenderWithoutCookiesIsKnownByItsAnonymousID() throws {
        let harness = try StepsHarness()
        var request = SentRequest()
        request.origin = ""
        var event = granted
        event.anonymousID = "app-1"
        let first = try harness.take(request, .shop(), event).draft
        #expect(harness.setCookie == nil)
        #expect(first.deviceID != nil)
        #expect(try harness.take(request, .shop(), event).draft.deviceID == first.deviceID)
        #expect(try harness.take(SentRequest(), .shop(), event).draft.deviceID != first.deviceID)
        #expect(harness.setCookie != nil)
    }

    @Test func theAddressIsCut() throws {
        let harness = try StepsHarness()
        #expect(try harness.take(.init(), .shop(), SentEvent()).network == [203, 0, 113, 0])
        var request = SentRequest()
        request.address = "2001:db8:aaaa:bbbb::1"
        let expected: [UInt8] = [0x20, 0x01, 0x0d, 0xb8, 0xaa, 0xaa] + [UInt8](repeating: 0, count: 10)
        #expect(try harness.take(request, .shop(), SentEvent()).network == expected)
    }

    @Test func yesterdaysHashIsCarriedForTheVisitTimeout() throws {
        let midnight = 1_760_000_000_000 / Self.day * Self.day
        let harness = try StepsHarness(now: midnight - 60_000)
        func at(_ time: Int64) throws -> EventDraft {
            harness.clock.advance(milliseconds: time - harness.clock.wallClock().milliseconds)
            try harness.keeper.turn()
            var request = SentRequest()
            request.receivedAt = Timestamp(milliseconds: time)
            return try harness.take(request, .shop(), SentEvent()).draft
        }
        let before = try at(midnight - 60_000)
        #expect(before.previousDailyID == nil)
        let after = try at(midnight + 60_000)
        #expect(after.previousDailyID == before.dailyID)
        #expect(after.dailyID != before.dailyID)
        #expect(try at(midnight + 1_799_999).previousDailyID == before.dailyID)
        #expect(try at(midnight + 1_800_000).previousDailyID == nil)
    }

    /// Over random walks of one visitor: a device carries the day's hash exactly in the visit timeout after it was first
    /// set, that hash is the one of the events before the grant, and nothing carries a hash of another day.
    @Test(arguments: [UInt64(1), 7, 99, 20_251_122])
    func aNewDeviceIsBridgedForOneVisitTimeout(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let start = 1_760_000_000_000 / Self.day * Self.day + 3_600_000
        let harness = try StepsHarness(now: start)
        var cookies = ""
        var firstSet: Int64?
        var hashes: [Int32: ID128] = [:]
        for _ in 0..<200 {
            harness.clock.advance(milliseconds: Int64.random(in: 1_000...1_500_000, using: &random))
            try harness.keeper.turn()
            let now = harness.clock.wallClock()
            var request = SentRequest()
            request.receivedAt = now
            request.cookies = cookies
            let grants = firstSet == nil && Int.random(in: 0..<10, using: &random) == 0
            let draft = try harness.take(request, .shop(), grants ? granted : SentEvent()).draft
            if let cookie = harness.setCookie, firstSet == nil {
                cookies = String(cookie.prefix { $0 != ";" })
                firstSet = now.milliseconds
            }
            let age = firstSet.map { now.milliseconds - $0 / 1_000 * 1_000 }
            let expectsDaily = age.map { $0 < 1_800_000 } ?? true
            #expect((draft.deviceID != nil) == (firstSet != nil), "seed \(seed)")
            #expect((draft.dailyID != nil) == expectsDaily, "seed \(seed), age \(age ?? -1)")
            if let daily = draft.dailyID {
                #expect(hashes[now.utcDay, default: daily] == daily, "seed \(seed)")
                hashes[now.utcDay] = daily
            }
            if let previous = draft.previousDailyID { #expect(hashes[now.utcDay - 1, default: previous] == previous) }
        }
    }

    @Test func importedLinesHashUnderTheirOwnDay() throws {
        let harness = try StepsHarness(replay: ReplaySalts())
        var request = SentRequest()
        request.hasServerKey = true
        func daily(_ time: Int64) throws -> EventDraft {
            let event = SentEvent(wireProtocol: .accessLog, occurredAt: Timestamp(milliseconds: time))
            return try harness.take(request, .shop(), event).draft
        }
        let noon = 1_400_000_000_000 / Self.day * Self.day + Self.day / 2
        let first = try daily(noon)
        #expect(first.dailyID != nil && first.deviceID == nil && first.previousDailyID == nil)
        #expect(try daily(noon + 3_600_000).dailyID == first.dailyID)
        let next = try daily(noon + Self.day / 2 + 5)
        #expect(next.dailyID != first.dailyID)
        #expect(next.previousDailyID == first.dailyID)
        #expect(try daily(noon).dailyID == first.dailyID)
        #expect(harness.setCookie == nil)
    }
}
