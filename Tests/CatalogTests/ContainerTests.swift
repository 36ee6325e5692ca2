import Catalog
import Events
import Testing

struct AuthorshipTests {
    /// console made A and C; A made B; B made D; a session made E.
    private static let makers: [String: [String]] = [
        "key:A": ["console"], "key:B": ["key:A", "console"], "key:C": ["console"],
        "key:D": ["key:B", "key:A", "console"], "key:E": ["session:1"],
    ]

    private static func isSomebodyElse(_ approver: String, _ authors: [String]) -> Bool {
        Authorship.isSomebodyElse(approver, than: authors) { makers[$0] ?? [] }
    }

    @Test(
        arguments: [
            ("key:A", ["key:A"], false), ("key:C", ["key:A"], true), ("console", ["key:A"], true),
            ("session:9", ["key:A"], true), ("key:B", ["key:A"], false), ("key:D", ["key:A"], false),
            ("key:A", ["key:B"], false), ("key:A", ["key:D"], false), ("key:C", ["key:D", "key:B"], true),
            ("key:C", ["key:D", "key:C"], false), ("console", ["console"], false), ("session:1", ["console"], false),
            ("console", ["session:1"], false), ("session:2", ["session:1"], false), ("key:C", ["console"], false),
            ("key:E", ["console"], false), ("key:C", ["session:4"], false), ("console", [], true),
            ("key:unknown", ["key:A"], true), ("key:A", ["key:unknown"], true),
        ] as [(String, [String], Bool)])
    func nobodyApprovesWhatTheyWrote(approver: String, authors: [String], isSomebodyElse: Bool) {
        #expect(Self.isSomebodyElse(approver, authors) == isSomebodyElse)
    }

    @Test func aKeysLineOfMakersBeginsWithItsOwn() {
        #expect(Authorship.makers(of: "key:B") { Self.makers[$0] ?? [] } == ["key:B", "key:A", "console"])
        #expect(Authorship.makers(of: "session:1") { _ in ["never asked"] } == ["session:1"])
    }

    @Test func theOperatorIsOneAuthor() {
        var authors = Authorship.adding("session:1", to: [])
        for session in 2...50 { authors = Authorship.adding("session:\(session)", to: authors) }
        authors = Authorship.adding("console", to: authors)
        authors = Authorship.adding("key:A", to: authors)
        #expect(Authorship.adding("key:A", to: authors) == ["session:1", "key:A"])
    }
}

struct ContainerTests {
    @Test(
        arguments: [
            ([(1, false)], nil), ([(1, false), (2, false)], 1), ([(1, false), (2, false), (1, true)], nil),
            ([(1, false), (2, false), (3, false), (2, true)], 1), ([(1, false), (2, false), (2, false)], 1),
            ([(2, false), (1, false)], 2), ([(1, false), (2, false), (1, true), (3, false)], 2),
            ([(5, true)], nil), ([], nil),
        ] as [([(Int, Bool)], Int?)])
    func goingBackTwiceGoesFurtherBack(history: [(Int, Bool)], before: Int?) {
        let entries = history.map {
            PublicationEntry(environment: "live", version: $0.0, isRollback: $0.1, actor: "t", atMilliseconds: 0)
        }
        #expect(PublicationEntry.versionBefore(entries) == before)
    }

    @Test func aPreviewIsFoundByItsTokensDigest() {
        let token = "AAAAAAAAAAAAAAAAAAAAAA"
        func found(_ path: String) -> String? {
            let bytes = Array(path.utf8)
            return ServedScript.previewPath(asked: bytes.span.bytes)
        }
        let digest = ServedScript.digestName(ofToken: token)
        #expect(digest.count == 64)
        #expect(found("HL-ABCDEFGH/preview/\(token).js") == "HL-ABCDEFGH/preview/\(digest).js")
        // The digest itself opens nothing: its path is asked as it stands, and is of another length than a token's.
        for path in [
            "HL-ABCDEFGH.js", "", "HL-ABCDEFGH/preview/\(digest).js", "HL-ABCDEFGH/preview/\(token).jx",
            "HL-ABCDEFGH/previex/\(token).js", "HL-ABCDEFGH/12-0123456789abcdef01234567.js",
        ] { #expect(found(path) == nil, "\(path)") }
    }

    @Test func aStampTellsWhatAScriptWasMadeFor() {
        func site(_ id: UInt32, key: String = "k", domains: [String] = ["a.example"], granted: Bool = false) -> Site {
            Site(
                id: SiteID(id), key: key, name: "n", domains: domains, consentDefault: granted ? .granted : .unknown)
        }
        let stamps = [
            ContainerStamp.of(sites: [], kills: []), ContainerStamp.of(sites: [site(1)], kills: []),
            ContainerStamp.of(sites: [site(2)], kills: []), ContainerStamp.of(sites: [site(1, key: "l")], kills: []),
            ContainerStamp.of(sites: [site(1, domains: ["a.example", "b.example"])], kills: []),
            ContainerStamp.of(sites: [site(1, granted: true)], kills: []),
            ContainerStamp.of(sites: [site(1), site(2)], kills: []),
            ContainerStamp.of(sites: [], kills: [.container]), ContainerStamp.of(sites: [], kills: [.tag("1")]),
            ContainerStamp.of(sites: [], kills: [.host("a.example")]),
        ]
        #expect(Set(stamps).count == stamps.count)
        #expect(
            ContainerStamp.of(sites: [site(1), site(2)], kills: [.tag("1"), .container])
                == ContainerStamp.of(sites: [site(2), site(1)], kills: [.container, .tag("1")]))
        let stamp = ContainerStamp.of(sites: [site(1)], kills: [], compiler: "a")
        #expect(stamp != ContainerStamp.of(sites: [site(1)], kills: [], compiler: "b"))
        #expect(ContainerStamp.fits(stamp, sites: [site(1)], kills: []))
        #expect(!ContainerStamp.fits(stamp, sites: [site(2)], kills: []))
    }

    @Test func publicIDsAreOfOneForm() {
        let ids = (0..<1_000).map { _ in ContainerRules.freshPublicID() }
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { $0.utf8.count == 11 && $0.hasPrefix("HL-") })
    }

    @Test(arguments: ["", "Live", "1a", "a b", "preview", "-a", String(repeating: "a", count: 33), "a/b", "ä"])
    func anEnvironmentsNameStandsInAPath(name: String) {
        #expect(throws: CatalogError.self) { try ContainerRules.environment(name) }
        #expect((try? ContainerRules.environment("staging-2")) == "staging-2")
    }

    @Test(arguments: ["", "12", "HL-ABCDEFGH", "a\nb", String(repeating: "x", count: 101)])
    func aNameIsNoOtherWayToNameAContainer(name: String) {
        #expect(throws: CatalogError.self) { try ContainerRules.name(name) }
    }

    @Test func aContainerIsFoundByEachOfItsNames() {
        let container = Container(id: ContainerID(7), publicID: "HL-ABCDEFGH", name: "Shop", sites: [SiteID(1)])
        let site = Site(id: SiteID(1), key: "k", name: "n", domains: ["a.example"])
        let snapshot = CatalogSnapshot(generation: 1, sites: [site], containers: [container])
        for reference in ["7", "HL-ABCDEFGH", "hl-abcdefgh", "Shop", "SHOP"] {
            #expect(snapshot.container(reference: reference)?.id == ContainerID(7), "\(reference)")
        }
        for reference in ["8", "HL-ABCDEFGI", "shops", ""] {
            #expect(snapshot.container(reference: reference) == nil, "\(reference)")
        }
        #expect(snapshot.sites(of: container).map(\.id) == [SiteID(1)])
        #expect(container.url(of: "live") == "/tags/HL-ABCDEFGH.js")
        #expect(container.url(of: "staging") == "/tags/HL-ABCDEFGH/staging.js")
    }
}
