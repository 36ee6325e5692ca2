import Admin
import Catalog
import Events
import HTTPTypes
import Hummingbird
import NIOCore
import RequestParsing
import Tagging
import Testing

/// Containers over HTTP: drafts, versions, publication, kills, imports, and the pages' forms.
@Suite struct ContainerAPITests {
    private static let base = "/api/v1/containers/own"

    /// One picture on every page.
    private static func draft(code: Bool = false, name: String = "Pixel") -> String {
        """
        {"format":1,"settings":{"allowsCustomCode":\(code)},"tags":[{"id":"1","name":"\(name)","type":"image",\
        "parameters":{"url":"https://pixel.example/p.gif"},"firingTriggers":["2147479553"],\
        "consent":{"status":"notNeeded"}}]}
        """
    }

    private func call(
        _ client: TestClient, _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil,
        key: String
    ) async throws -> TestResponse {
        try await client.execute(
            uri: ContainerAPITests.base + path, method: method, headers: .key(key, json: body != nil),
            body: body.map { ByteBuffer(string: $0) })
    }

    @Test func aDraftBecomesAVersionGoesLiveAndComesBack() async throws {
        let plane = try TestPlane()
        let key = plane.key(.publisher)
        try await plane.test { client in
            let saved = try await call(
                client, .put, "/workspaces/default", #"{"revision":1,"definition":\#(Self.draft())}"#, key: key)
            #expect(saved.status == .ok, "\(saved.text)")
            let first = try await call(client, .post, "/publish", #"{"name":"first"}"#, key: key)
            #expect(first.status == .ok, "\(first.text)")
            let revision = try await call(client, .get, "/workspaces/default", key: key).json()["revision"]
            guard case .integer(let number)? = revision else {
                Issue.record("no revision")
                return
            }
            let renamed = Self.draft(name: "Other")
            let again = try await call(
                client, .put, "/workspaces/default", #"{"revision":\#(number),"definition":\#(renamed)}"#, key: key)
            #expect(again.status == .ok)
            let diff = try await call(client, .get, "/diff", key: key)
            #expect(diff.text.contains("\"renamed\"") && diff.text.contains("Pixel"))
            #expect(try await call(client, .post, "/publish", "{}", key: key).status == .ok)
            let back = try await call(client, .post, "/rollback", "{}", key: key)
            #expect(try back.json()["environment"]?["version"] == .integer(1))
            let kill = try await call(client, .post, "/kills", #"{"target":"tag","value":"1"}"#, key: key)
            #expect(kill.status == .created)
            #expect(try await call(client, .delete, "/kills/tag:1", key: key).status == .noContent)
            let none = try await call(client, .post, "/kills", #"{"target":"tag","value":"99"}"#, key: key)
            #expect(none.status == .badRequest)
            #expect(try none.member("field") == "tag")
        }
    }

    @Test func aSecondSaveOfTheSameRevisionIsAConflictThatNamesWhoWasFirst() async throws {
        let plane = try TestPlane()
        try await plane.test { client in
            let body = #"{"revision":1,"definition":\#(Self.draft())}"#
            let first = try await call(client, .put, "/workspaces/default", body, key: plane.key(.editor))
            #expect(first.status == .ok)
            let second = try await call(client, .put, "/workspaces/default", body, key: plane.key(.publisher))
            #expect(second.status == .conflict)
            #expect(try second.member("detail")?.contains("key:") == true)
        }
    }

    @Test func onlyWhoMayPublishAllowsCustomCode() async throws {
        let plane = try TestPlane()
        try await plane.test { client in
            let body = #"{"revision":1,"definition":\#(Self.draft(code: true))}"#
            let editor = try await call(client, .put, "/workspaces/default", body, key: plane.key(.editor))
            #expect(editor.status == .forbidden)
            let publisher = try await call(client, .put, "/workspaces/default", body, key: plane.key(.publisher))
            #expect(publisher.status == .ok)
        }
    }

    @Test func aDefinitionThatDoesNotReadNamesItsPlace() async throws {
        let plane = try TestPlane()
        try await plane.test { client in
            let body = #"{"revision":1,"definition":{"format":1,"tags":[{"id":"1"}]}}"#
            let answer = try await call(client, .put, "/workspaces/default", body, key: plane.key(.editor))
            #expect(answer.status == .badRequest)
            #expect(try answer.member("field")?.hasPrefix("definition.") == true)
            #expect(try answer.member("expected") != nil)
        }
    }

    @Test func whatWaitsIsApprovedBySomebodyElse() async throws {
        let plane = try TestPlane()
        let (writer, other) = (plane.key(.publisher), plane.key(.admin))
        try await plane.test { client in
            _ = try await call(client, .patch, "", #"{"needsApproval":true}"#, key: writer)
            let body = #"{"revision":1,"definition":\#(Self.draft())}"#
            _ = try await call(client, .put, "/workspaces/default", body, key: writer)
            #expect(try await call(client, .post, "/publish", "{}", key: writer).status == .accepted)
            let own = try await call(client, .post, "/approve", #"{"version":1}"#, key: writer)
            #expect(own.status == .forbidden)
            #expect(try await call(client, .post, "/approve", #"{"version":1}"#, key: other).status == .ok)
        }
    }

    @Test func anImportIsCheckedBeforeItIsTakenAndIsBounded() async throws {
        let plane = try TestPlane()
        let key = plane.key(.editor)
        let export = """
            {"exportFormatVersion":2,"containerVersion":{"container":{"publicId":"GTM-ABC1234","name":"Shop",\
            "usageContext":["WEB"]},"tag":[{"tagId":"3","name":"Code","type":"html","parameter":[{"type":"TEMPLATE",\
            "key":"html","value":"<b>x</b>"}],"firingTriggerId":["2147479553"]}]}}
            """
        try await plane.test { client in
            let check = try await call(client, .post, "/import?check=1", export, key: key)
            #expect(check.status == .ok, "\(check.text)")
            #expect(try check.json()["workspace"] == nil)
            let before = try await call(client, .get, "/workspaces/default", key: key)
            #expect(!before.text.contains("\"Code\""))
            let taken = try await call(client, .post, "/import?mode=overwrite", export, key: key)
            #expect(taken.status == .ok)
            let after = try await call(client, .get, "/workspaces/default", key: key).json()
            #expect(after["definition"]?["settings"]?["allowsCustomCode"] != .bool(true))
            let large = String(repeating: " ", count: (5 << 20) + 1)
            #expect(try await call(client, .post, "/import", large, key: key).status == .contentTooLarge)
            let mode = try await call(client, .post, "/import?mode=never", export, key: key)
            #expect(mode.status == .badRequest)
            #expect(try mode.member("field") == "mode")
        }
    }

    @Test func aKeyForSomeSitesAddsContainersForTheseAlone() async throws {
        let plane = try TestPlane()
        let cases = [
            (#"{"name":"a","sites":["shop.test"]}"#, 201), (#"{"name":"b","sites":["other.test"]}"#, 400),
            (#"{"name":"c","sites":["shop.test",2]}"#, 400), (#"{"name":"d"}"#, 400),
        ]
        try await plane.test { client in
            for (body, status) in cases {
                let answer = try await client.execute(
                    uri: "/api/v1/containers", method: .post, headers: .key(plane.key(.editor, .first), json: true),
                    body: .text(body))
                #expect(answer.status.code == status, "\(body)")
            }
            let list = try await client.execute(
                uri: "/api/v1/containers", method: .get, headers: .key(plane.key(.viewer, .first)))
            #expect(list.text.contains("\"own\"") && !list.text.contains("\"foreign\""))
        }
    }

    @Test func aFormKeepsWhatWasTypedAndSaysWhatIsWrong() async throws {
        let plane = try TestPlane()
        let headers = HTTPFields.key(plane.key(.editor)).with("Content-Type", "application/x-www-form-urlencoded")
        try await plane.test { client in
            let path = "/containers/own/workspaces/default/tags/new"
            let wrong = try await client.execute(
                uri: path, method: .post, headers: headers,
                body: .text("type=image&revision=1&action=save&name=My+%3Cpixel%3E&firing.0.id=absent"))
            #expect(wrong.status == .badRequest)
            #expect(wrong.text.contains("value=\"My &lt;pixel&gt;\""))
            #expect(wrong.text.contains("There is no trigger"))
            let right = try await client.execute(
                uri: path, method: .post, headers: headers,
                body: .text(
                    "type=image&revision=1&action=save&name=Pixel&p.url=https%3A%2F%2Fpixel.example%2Fp.gif"
                        + "&firing.0.id=2147479553&consent=notNeeded"))
            #expect(right.status == .seeOther, "\(right.text.suffix(400))")
            let stale = try await client.execute(
                uri: path, method: .post, headers: headers,
                body: .text("type=image&revision=1&action=save&name=Second&p.url=x"))
            #expect(stale.status == .conflict)
            #expect(stale.text.contains("value=\"Second\""))
        }
    }
}
