import Admin
import Catalog
import Events
import HTTPTypes
import NIOCore
import Reports
import RequestParsing
import Testing

/// Aliases of sites over HTTP.
@Suite struct AliasAPITests {
    @Test func anAliasIsAddedListedAndRemovedUnderItsSite() async throws {
        let plane = try TestPlane()
        try await plane.test { client in
            let headers = HTTPFields.key(plane.key(.admin, .first), json: true)
            let added = try await client.execute(
                uri: "/api/v1/sites/shop.test/aliases", method: .post, headers: headers,
                body: .text(#"{"protocol":"plausible","value":"Shop.test/blog"}"#))
            #expect(added.status == .created)
            #expect(
                added.text == #"{"site":1,"protocol":"plausible","value":"shop.test/blog","consent":"required"}"#)
            let place = try #require(added.headers[.location])
            #expect(place == "/api/v1/sites/1/aliases/plausible/shop.test%2Fblog")
            let bytes = Array("shop.test/blog".utf8)
            #expect(plane.holder.current.alias(.plausible, value: bytes.span.bytes)?.site.id == SiteID(1))

            let list = try await client.execute(uri: "/api/v1/sites/1/aliases", method: .get, headers: headers)
            guard case .array(let aliases)? = try list.json()["aliases"] else {
                Issue.record("no aliases in \(list.text)")
                return
            }
            #expect(aliases.map { $0["value"] } == [.string("shop.test"), .string("shop.test/blog")])
            #expect(aliases.map { $0["consent"] } == [.string("client"), .string("required")])

            let removed = try await client.execute(uri: place, method: .delete, headers: headers)
            #expect(removed.status == .noContent)
            #expect(plane.holder.current.alias(.plausible, value: bytes.span.bytes)?.consent == nil)
            let again = try await client.execute(uri: place, method: .delete, headers: headers)
            #expect(again.status == .notFound)
            let trail = try await client.execute(
                uri: "/api/v1/audit?limit=2", method: .get, headers: .key(plane.key(.owner)))
            #expect(trail.text.contains("alias.add") && trail.text.contains("alias.remove"))
        }
    }

    @Test func aForeignSitesAliasIsNeitherRemovedNorTaken() async throws {
        let plane = try TestPlane()
        try await plane.test { client in
            let headers = HTTPFields.key(plane.key(.admin, .first), json: true)
            let removed = try await client.execute(
                uri: "/api/v1/sites/1/aliases/plausible/other.test", method: .delete, headers: headers)
            #expect(removed.status == .notFound)
            let taken = try await client.execute(
                uri: "/api/v1/sites/1/aliases", method: .post, headers: headers,
                body: .text(#"{"protocol":"plausible","value":"other.test"}"#))
            #expect(taken.status == .conflict)
            #expect(try taken.member("field") == "value")
            #expect(!taken.text.contains("site 2"))
            #expect(plane.holder.current.aliases(of: SiteID(2)).map(\.value) == ["other.test"])
        }
    }

    @Test func theLongestValueEscapedWholeFitsIntoAPath() async throws {
        let plane = try TestPlane()
        try await plane.test { client in
            let headers = HTTPFields.key(plane.key(.owner), json: true)
            let value = String(repeating: "/", count: 255)
            let added = try await client.execute(
                uri: "/api/v1/sites/1/aliases", method: .post, headers: headers,
                body: .text(#"{"protocol":"snowplow","value":"\#(value)","consent":"client"}"#))
            #expect(added.status == .created)
            let place = try #require(added.headers[.location])
            let removed = try await client.execute(uri: place, method: .delete, headers: headers)
            #expect(removed.status == .noContent)
        }
    }
}
