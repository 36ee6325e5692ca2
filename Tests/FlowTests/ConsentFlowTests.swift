import Catalog
import Events
import Foundation
import LoadSupport
import ServerCore
import Testing

/// What consent does to identifiers, over real requests.
@Suite(.serialized)
struct ConsentFlowTests {
    @Test func aGrantSetsOneSignedCookieThatLaterEventsCarry() async throws {
        let server = try await RunningServer.start()
        let first = try server.pixel("url=https://shop.test/&consent=m")
        let cookie = try #require(first.header("set-cookie"))
        for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=34128000"] {
            #expect(cookie.contains(attribute), "no \(attribute) in \(cookie)")
        }
        #expect(!cookie.contains("Secure"), "plain HTTP")
        let value = String(cookie.prefix { $0 != ";" })
        let second = try server.pixel("url=https://shop.test/two&consent=m", headers: [("Cookie", value)])
        #expect(second.header("set-cookie") == nil, "not renewed")
        let events = try server.storedEvents()
        #expect(events[0].deviceID != nil)
        #expect(events[0].deviceID == events[1].deviceID)
        await server.stop()
    }

    @Test func aTamperedCookieIsANewVisitor() async throws {
        let server = try await RunningServer.start()
        let first = try server.pixel("url=https://shop.test/&consent=m")
        var value = String(try #require(first.header("set-cookie")).prefix { $0 != ";" })
        let last = value.removeLast()
        value.append(last == "A" ? "Q" : "A")
        let second = try server.pixel("url=https://shop.test/&consent=m", headers: [("Cookie", value)])
        #expect(second.header("set-cookie") != nil)
        let events = try server.storedEvents()
        #expect(events[0].deviceID != events[1].deviceID)
        await server.stop()
    }

    @Test func unknownConsentIsCookielessOrNothingAsTheSiteSays() async throws {
        let cookieless = try await RunningServer.start(site: { $0.unknownConsent = .cookieless })
        for page in ["a", "b"] {
            #expect(try cookieless.pixel("url=https://shop.test/\(page)").header("set-cookie") == nil)
        }
        var events = try cookieless.storedEvents()
        #expect(events[0].deviceID == nil)
        #expect(events[0].dailyID != nil)
        #expect(events[0].dailyID == events[1].dailyID)
        await cookieless.stop()

        let none = try await RunningServer.start(site: { $0.unknownConsent = .none })
        #expect(try none.pixel("url=https://shop.test/").header("set-cookie") == nil)
        events = try none.storedEvents()
        #expect(events[0].deviceID == nil)
        #expect(events[0].dailyID == nil)
        await none.stop()
    }

    @Test func aDenialKeepsNoIdentifierAndTakesTheCookieAway() async throws {
        let server = try await RunningServer.start()
        let first = try server.pixel("url=https://shop.test/&consent=m")
        let value = String(try #require(first.header("set-cookie")).prefix { $0 != ";" })
        let second = try server.pixel("url=https://shop.test/&consent=0", headers: [("Cookie", value)])
        #expect(second.header("set-cookie")?.contains("Max-Age=0") == true)
        let events = try server.storedEvents()
        #expect(events[1].deviceID == nil)
        #expect(events[1].dailyID == nil)
        await server.stop()
    }

    @Test func globalPrivacyControlIsAnObjectionToAdvertisingSharingAndStitching() async throws {
        let server = try await RunningServer.start(site: { $0.consentDefault = .granted })
        _ = try server.pixel("url=https://shop.test/?gclid%3Dabc", headers: [("Sec-GPC", "1")])
        let event = try #require(try server.storedEvents().first)
        for purpose in [Purpose.advertising, .sharing, .stitching] { #expect(event.consent[purpose] == .objected) }
        #expect(event.consent[.measurement] == .granted)
        #expect(event.url?.contains("gclid") == false)
        await server.stop()
    }

    @Test func noAddressNorPersonalTextReachesTheDisk() async throws {
        let server = try await RunningServer.start(prepare: {
            $0.publicPlane.trustedProxies = [CIDR(exact: "127.0.0.0/8")].compactMap { $0 }
        })
        let headers = [("X-Forwarded-For", "198.51.100.237"), ("Cookie", "session=canary-session-token")]
        _ = try server.pixel(
            "url=https://shop.test/u/jane.doe%2540example.com?email%3Djane.doe%40example.com%26token%3Dc0ffee&title=jane.doe@example.com",
            headers: headers)
        let event = try #require(try server.storedEvents().first)
        #expect(event.network == [198, 51, 100, 0])
        let text = String(decoding: event.bytes, as: UTF8.self)
        for canary in ["198.51.100.237", "jane.doe", "canary-session-token", "c0ffee"] {
            #expect(!text.contains(canary), "\(canary) is stored")
        }
        #expect(!event.bytes.contains(sequence: [198, 51, 100, 237]))
        await server.stop()
    }
}

extension [UInt8] {
    func contains(sequence: [UInt8]) -> Bool {
        guard count >= sequence.count else { return false }
        return (0...(count - sequence.count)).contains { Array(self[$0..<$0 + sequence.count]) == sequence }
    }
}
