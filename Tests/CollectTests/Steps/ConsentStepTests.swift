import Catalog
import Collect
import Events
import Testing

@Suite struct ConsentStepTests {
    /// Every combination of statement, stored state, default and GPC for one purpose, against the rule in words.
    @Test(arguments: Purpose.allCases)
    func theFirstThatSpeaksDecides(purpose: Purpose) {
        for stated in ConsentState.allCases {
            for stored in ConsentState.allCases {
                for siteDefault in ConsentDefault.allCases {
                    for objects in [false, true] {
                        let consent = ConsentStep.resolve(
                            stated: .with(purpose, stated), stored: .with(purpose, stored), default: siteDefault,
                            objectsGlobally: objects)
                        let isCovered = purpose == .advertising || purpose == .sharing || purpose == .stitching
                        let said = stated != .unknown ? stated : stored
                        let plain = said != .unknown ? said : siteDefault == .granted ? .granted : .unknown
                        let expected = objects && isCovered && stated != .denied ? .objected : plain
                        #expect(consent[purpose] == expected, "\(stated) \(stored) \(siteDefault) \(objects)")
                    }
                }
            }
        }
    }

    @Test func theOptOutCookieObjectsToEverything() throws {
        let harness = try StepsHarness()
        var request = SentRequest()
        request.cookies = "a=b; highland_optout=1"
        let taken = try harness.take(request, .shop(consent: .granted), SentEvent(consent: Consent(all: .granted)))
        #expect(taken.draft.consent == Consent(all: .objected))
        #expect(taken.draft.deviceID == nil && taken.draft.dailyID == nil && taken.draft.previousDailyID == nil)
        #expect(harness.setCookie == nil)
    }

    @Test func optOutByCookieZeroIsNone() throws {
        let harness = try StepsHarness()
        var request = SentRequest()
        request.cookies = "highland_optout=0; xhighland_optout=1; highland_optout2=1"
        #expect(try harness.take(request, .shop(), SentEvent()).draft.dailyID != nil)
    }

    @Test func globalPrivacyControlObjectsToAdvertisingEvenWhereTheEventGrants() throws {
        let harness = try StepsHarness()
        var request = SentRequest()
        request.objectsGlobally = true
        let taken = try harness.take(request, .shop(), SentEvent(consent: Consent(all: .granted)))
        #expect(taken.draft.consent[.measurement] == .granted)
        #expect(taken.draft.consent[.personalisation] == .granted)
        for purpose in [Purpose.advertising, .sharing, .stitching] {
            #expect(taken.draft.consent[purpose] == .objected)
        }
    }

    @Test func aGrantPersistsInTheCookie() throws {
        let harness = try StepsHarness()
        _ = try harness.take(.init(), .shop(), SentEvent(consent: .granting(.measurement, .advertising)))
        var next = SentRequest()
        next.cookies = harness.browserCookie
        let taken = try harness.take(next, .shop(), SentEvent())
        #expect(taken.draft.consent == .granting(.measurement, .advertising))
        #expect(taken.draft.deviceID != nil)
        #expect(harness.setCookie == nil)
    }

    @Test func staffAreFlaggedByAddressAndByCookie() throws {
        let harness = try StepsHarness()
        let site = Site.shop(excluded: ["198.51.100.0/24", "2001:db8:1::/48", "not an address"])
        for (address, cookie, isOwn) in [
            ("198.51.100.9", "", true), ("198.51.101.9", "", false), ("2001:db8:1:2::3", "", true),
            ("2001:db8:2::3", "", false), ("203.0.113.5", "highland_own=1", true),
            ("203.0.113.5", "highland_own=0", false),
        ] {
            var request = SentRequest()
            request.address = address
            request.cookies = cookie
            #expect(try harness.take(request, site, SentEvent()).draft.flags.contains(.ownTraffic) == isOwn)
        }
    }
}
