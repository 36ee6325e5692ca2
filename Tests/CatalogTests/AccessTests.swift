import Catalog
import Events
import Testing

struct AccessTests {
    private static func snapshot(_ keys: [APIKey]) -> CatalogSnapshot {
        let sites = (1...3).map {
            Site(id: SiteID($0), key: "sitekey-\($0)", name: "Site \($0)", domains: ["s\($0).example"])
        }
        return CatalogSnapshot(generation: 1, sites: sites, keys: keys)
    }

    private static func key(_ role: Role, _ scope: SiteScope) -> (APIKey, String) {
        let (id, text) = APIKey.generate()
        let key = APIKey(
            id: id, name: "", role: role, scope: scope, digest: APIKey.digest(of: text),
            createdAt: Timestamp(milliseconds: 0))
        return (key, text)
    }

    @Test func keysHaveOneFormAndAreNeverTheSame() {
        var seen: Set<String> = []
        for _ in 0..<1_000 {
            let (id, text) = APIKey.generate()
            #expect(text.utf8.count == APIKey.textByteCount)
            #expect(text.hasPrefix(APIKey.prefix + id))
            #expect(text.dropFirst(4).utf8.allSatisfy(Base64URL.holds))
            #expect(seen.insert(text).inserted)
            #expect(seen.insert(id).inserted)
        }
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy"),
    ])
    func base64FollowsTheVectorsOfRFC4648(plain: String, encoded: String) {
        #expect(Base64URL.encode(Array(plain.utf8)) == encoded)
        #expect(Base64URL.encode([0xFB, 0xFF]) == "-_8")
    }

    @Test func digestIsSHA256() {
        // FIPS 180-2, appendix B.1.
        let expected: [UInt8] = [
            0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03,
            0x61,
            0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad,
        ]
        #expect(APIKey.digest(of: "abc") == expected)
    }

    @Test func onlyTheWholeKeyOpens() {
        let (key, text) = AccessTests.key(.analyst, .only([SiteID(2)]))
        let (other, _) = AccessTests.key(.owner, .all)
        let snapshot = AccessTests.snapshot([other, key])
        let bytes = Array(text.utf8)
        #expect(
            snapshot.principal(key: bytes.span.bytes)
                == Principal(name: "key:" + key.id, role: .analyst, scope: .only([SiteID(2)])))
        for index in bytes.indices {
            var wrong = bytes
            wrong[index] ^= 1
            #expect(snapshot.principal(key: wrong.span.bytes) == nil)
            let short = Array(bytes[..<index])
            #expect(snapshot.principal(key: short.span.bytes) == nil)
        }
        let long = bytes + [65]
        #expect(snapshot.principal(key: long.span.bytes) == nil)
    }

    @Test(arguments: [
        ("Bearer ", true), ("bearer ", true), ("BEARER ", true), ("Bearer  ", false), ("Basic ", false), ("", false),
    ])
    func authorizationIsABearerKey(scheme: String, opens: Bool) {
        let (key, text) = AccessTests.key(.viewer, .all)
        let header = Array((scheme + text).utf8)
        #expect((AccessTests.snapshot([key]).principal(authorization: header.span.bytes) != nil) == opens)
    }

    /// One row a role: what it may do on a site of its scope.
    @Test(
        arguments: [
            (.viewer, [.readReports]),
            (.analyst, [.readReports, .readEvents]),
            (.editor, [.readReports, .readEvents, .editDefinitions]),
            (.publisher, [.readReports, .readEvents, .editDefinitions, .publish]),
            (
                .admin,
                [.readReports, .readEvents, .editDefinitions, .publish, .manageSites, .manageAccess, .writeEvents]
            ),
            (.owner, Permission.allCases),
            (.server, [.writeEvents]),
        ] as [(Role, [Permission])])
    func rolesMayWhatTheMatrixSays(role: Role, allowed: [Permission]) {
        for permission in Permission.allCases {
            let isAllowed = allowed.contains(permission)
            let scoped = Principal(name: "k", role: role, scope: .only([SiteID(1)]))
            #expect(scoped.may(permission, on: SiteID(1)) == isAllowed)
            #expect(!scoped.may(permission, on: SiteID(2)))
            #expect(!scoped.mayEverywhere(permission))
            let everywhere = Principal(name: "k", role: role, scope: .all)
            #expect(everywhere.may(permission, on: SiteID(2)) == isAllowed)
            #expect(everywhere.mayEverywhere(permission) == isAllowed)
            #expect(!Principal(name: "k", role: role, scope: .only([])).may(permission, on: SiteID(1)))
        }
    }

    @Test func nobodyGivesAwayMoreThanTheyHave() {
        let one = SiteScope.only([SiteID(1)])
        let two = SiteScope.only([SiteID(1), SiteID(2)])
        func principal(_ role: Role, _ scope: SiteScope) -> Principal { Principal(name: "k", role: role, scope: scope) }
        for role in Role.allCases {
            #expect(principal(.owner, .all).mayGrant(role, on: .all))
            #expect(principal(.admin, .all).mayGrant(role, on: two) == (role != .owner))
            #expect(principal(.admin, two).mayGrant(role, on: one) == (role != .owner))
            #expect(!principal(.admin, one).mayGrant(role, on: two))
            #expect(!principal(.owner, one).mayGrant(role, on: .all))
            for weak in [Role.publisher, .editor, .analyst, .viewer, .server] {
                #expect(!principal(weak, .all).mayGrant(role, on: one))
            }
        }
    }

    /// The comparison of digests reads all 32 bytes whatever differs, so every single wrong bit is found.
    @Test func everyBitOfTheDigestCounts() {
        let (key, text) = AccessTests.key(.viewer, .all)
        let bytes = Array(text.utf8)
        let isOwn = key.matches(bytes.span.bytes)
        #expect(isOwn)
        for bit in 0..<256 {
            var digest = key.digest
            digest[bit / 8] ^= 1 << UInt8(bit % 8)
            let other = APIKey(
                id: key.id, name: "", role: .viewer, scope: .all, digest: digest, createdAt: key.createdAt)
            let isOther = other.matches(bytes.span.bytes)
            #expect(!isOther, "bit \(bit)")
        }
        let cut = APIKey(
            id: key.id, name: "", role: .viewer, scope: .all, digest: Array(key.digest.dropLast()),
            createdAt: key.createdAt)
        let isCut = cut.matches(bytes.span.bytes)
        #expect(!isCut)
    }

    @Test func sitesAreFoundByNumberDomainAndKey() {
        let snapshot = AccessTests.snapshot([])
        for reference in ["2", "s2.example", "S2.Example", "sitekey-2"] {
            #expect(snapshot.site(reference: reference)?.id == SiteID(2))
        }
        for reference in ["", "4", "s4.example", "99999999999999999999", "sitekey-"] {
            #expect(snapshot.site(reference: reference) == nil)
        }
    }
}
