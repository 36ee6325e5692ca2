import Catalog
import Events
import Foundation
import LoadSupport
import ServerCore
import Testing

/// Container scripts over real HTTP.
@Suite(.serialized)
struct TagFlowTests {
    private static let loader = "/tags/HL-7k2m9qxd.js"
    private static let version = "/tags/HL-7k2m9qxd/12-0123456789abcdef01234567.js"
    private static let preview = "/tags/HL-7k2m9qxd/preview-2b7e151628aed2a6abf7158809cf4f3c.js"
    private static let bytes = Array(String(repeating: "(function(){var a=1})();\n", count: 400).utf8)
    /// Stands for what the publisher packs; the server must not look into it.
    private static let packed = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0] + [UInt8](repeating: 0x55, count: 300)

    private static func scripts(_ live: [UInt8] = bytes, expires: Timestamp? = nil) throws -> TagScripts {
        func below(_ path: String) -> String { String(path.dropFirst("/tags/".count)) }
        return try TagScripts([
            TagScript(path: below(loader), bytes: live, gzip: packed, caching: .live),
            TagScript(path: below(version), bytes: bytes, gzip: packed, caching: .immutable),
            TagScript(path: below(preview), bytes: bytes, gzip: [], caching: .preview, expires: expires),
        ])
    }

    private func withScripts(_ body: (RunningServer) async throws -> Void) async throws {
        let server = try await RunningServer.start()
        server.server.scripts.replace(with: try Self.scripts())
        let result: Result<Void, any Error>
        do { result = .success(try await body(server)) } catch { result = .failure(error) }
        await server.stop()
        try result.get()
    }

    @Test func aScriptIsServedAsItWasPublished() async throws {
        try await withScripts { server in
            for (path, caching) in [
                (Self.loader, "public, max-age=60"), (Self.version, "public, max-age=31536000, immutable"),
                (Self.preview, "no-store"),
            ] {
                let answer = try server.request("GET", path)
                #expect(answer.status == 200 && answer.body == Self.bytes)
                let wanted = [
                    "content-type": "text/javascript; charset=utf-8", "cache-control": caching,
                    "vary": "Accept-Encoding", "access-control-allow-origin": "*",
                    "cross-origin-resource-policy": "cross-origin", "x-content-type-options": "nosniff",
                    "timing-allow-origin": "*", "content-length": "\(Self.bytes.count)",
                ]
                for (name, value) in wanted { #expect(answer.header(name) == value, "\(path) \(name)") }
                let tag = try #require(answer.header("etag"))
                #expect(tag.count == 34 && tag.hasPrefix("\"") && tag.hasSuffix("\""))
                for name in ["set-cookie", "content-encoding", "last-modified", "access-control-allow-credentials"] {
                    #expect(answer.header(name) == nil, "\(path) \(name)")
                }
            }
        }
    }

    @Test func gzipGoesToThoseWhoTakeItAndHasATagOfItsOwn() async throws {
        try await withScripts { server in
            let plain = try server.request("GET", Self.loader)
            let gzip = try server.request("GET", Self.loader, headers: [("Accept-Encoding", "gzip, br")])
            #expect(gzip.status == 200 && gzip.body == Self.packed)
            #expect(gzip.header("content-encoding") == "gzip" && gzip.header("vary") == "Accept-Encoding")
            #expect(gzip.header("etag") != nil && gzip.header("etag") != plain.header("etag"))
            for value in ["gzip;q=0", "br", "", "identity", "*;q=0", "gzip;q=0.1, identity"] {
                let answer = try server.request("GET", Self.loader, headers: [("Accept-Encoding", value)])
                #expect(answer.body == Self.bytes && answer.header("content-encoding") == nil, "\(value)")
            }
            // Two lines are one list.
            let two = [("Accept-Encoding", "br"), ("Accept-Encoding", "gzip")]
            #expect(try server.request("GET", Self.loader, headers: two).body == Self.packed)
            // What was not packed goes as it is, to everyone.
            let unpacked = try server.request("GET", Self.preview, headers: [("Accept-Encoding", "gzip")])
            #expect(unpacked.body == Self.bytes && unpacked.header("vary") == "Accept-Encoding")
        }
    }

    @Test func whoHasTheBytesGetsNone() async throws {
        try await withScripts { server in
            for coding in ["identity", "gzip"] {
                let whole = try server.request("GET", Self.loader, headers: [("Accept-Encoding", coding)])
                let tag = try #require(whole.header("etag"))
                for value in [tag, "W/\(tag)", "\"other\", \(tag)", "*"] {
                    for method in ["GET", "HEAD"] {
                        let answer = try server.request(
                            method, Self.loader, headers: [("Accept-Encoding", coding), ("If-None-Match", value)])
                        #expect(answer.status == 304, "\(method) \(coding) \(value)")
                        #expect(answer.body.isEmpty && answer.header("content-length") == nil)
                        for name in [
                            "etag", "cache-control", "vary", "access-control-allow-origin", "timing-allow-origin",
                            "cross-origin-resource-policy", "x-content-type-options",
                        ] {
                            #expect(answer.header(name) == whole.header(name), "\(name)")
                        }
                    }
                }
                let other = coding == "gzip" ? "identity" : "gzip"
                let answer = try server.request(
                    "GET", Self.loader, headers: [("Accept-Encoding", other), ("If-None-Match", tag)])
                #expect(answer.status == 200, "the tag of one coding is not the other's")
            }
            let stale = try server.request("GET", Self.loader, headers: [("If-None-Match", "\"0\"")])
            #expect(stale.status == 200)
        }
    }

    @Test func headAndPreflightSayTheSameWithoutABody() async throws {
        try await withScripts { server in
            let get = try server.request("GET", Self.loader)
            let head = try server.request("HEAD", Self.loader)
            #expect(head.status == 200 && head.body.isEmpty)
            let without = { (answer: HTTPConnection.Answer) in
                answer.headers.filter { $0.name != "date" }.map { "\($0.name): \($0.value)" }
            }
            #expect(without(get) == without(head))
            let preflight = try server.request(
                "OPTIONS", Self.loader,
                headers: [("Origin", "https://shop.test"), ("Access-Control-Request-Method", "GET")])
            #expect(preflight.status == 204 && preflight.header("access-control-allow-origin") == "*")
            #expect(preflight.header("access-control-allow-methods") == "GET, HEAD, OPTIONS")
            for method in ["POST", "PUT", "DELETE", "PATCH"] {
                let answer = try server.request(method, Self.loader)
                #expect(answer.status == 405 && answer.header("allow") == "GET, HEAD, OPTIONS", "\(method)")
                #expect(answer.header("cache-control") == "no-store")
            }
        }
    }

    @Test func onlyWholePathsAreScripts() async throws {
        try await withScripts { server in
            let prefix = "/x/\(server.site.pathPrefix)"
            #expect(try server.request("GET", prefix + Self.loader).body == Self.bytes)
            #expect(try server.request("GET", Self.loader + "?anything=1&callback=f").body == Self.bytes)
            let wrong = [
                "/tags/", "/tags", "/tags/HL-0.js", Self.loader + "/", Self.loader + "x", "/tags//HL-7k2m9qxd.js",
                "/tags/HL%2D7k2m9qxd.js", "/tags/hl-7k2m9qxd.js", "/tags/../tags/HL-7k2m9qxd.js",
                "/tags/" + String(repeating: "a", count: 5_000), "/x/bcdfghjk" + Self.loader,
                prefix + prefix + Self.loader,
                "/TAGS/HL-7k2m9qxd.js", Self.loader + "%00.js", Self.loader + ";a=1",
            ]
            for path in wrong {
                let answer = try server.request("GET", path)
                #expect(answer.status == 404, "\(path)")
                #expect(answer.header("cache-control") == "no-store", "\(path)")
                #expect(answer.header("content-type") == "application/json" && answer.text.contains("not_found"))
                if path.hasPrefix("/tags/") { #expect(answer.header("access-control-allow-origin") == "*") }
            }
        }
    }

    /// Whatever a request says beside its path and its coding, the answer is the same to the byte.
    @Test func headersAndQueriesDoNotChangeTheBytes() async throws {
        try await withScripts { server in
            let names = [
                "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-For", "X-Original-URL", "X-Rewrite-URL", "Cookie",
                "Accept-Language", "Accept", "User-Agent", "Referer", "Origin", "Range", "If-Modified-Since",
                "Forwarded",
                "X-HTTP-Method-Override", "Authorization", "Sec-GPC", "DNT", "Sec-Fetch-Site", "Sec-Fetch-Dest",
                "Cache-Control", "Pragma", "If-Match", "Via", "X-Host", "Access-Control-Request-Method", "TE",
                "Accept-Charset", "Save-Data", "Sec-CH-UA", "Content-Type", "X-\(String(repeating: "y", count: 60))",
            ]
            let values = [
                "evil.test", "https", "127.0.0.1", "/admin", "de-CH,de;q=0.9", "a=<script>alert(1)</script>", "*/*",
                "bytes=0-9", "Thu, 01 Jan 1970 00:00:00 GMT", "\"x\"", "null", "1", "no-cache",
                "highland=0123456789abcdef; session=x", String(repeating: "z", count: 2_000), "\u{FC}\u{4E2D}",
                "DELETE", "",
            ]
            let hosts = ["localhost", "shop.test", "evil.test:8443", "[::1]:80", "127.0.0.1"]
            var random = SeededGenerator(seed: 20_261_126)
            for path in [Self.loader, Self.version] {
                let wanted = try server.request("GET", path, headers: [("Accept-Encoding", "gzip")])
                for turn in 0..<100 {
                    let headers = (0..<Int.random(in: 1...6, using: &random)).map { _ in
                        (names.randomElement(using: &random) ?? "", values.randomElement(using: &random) ?? "")
                    }
                    let query = turn % 3 == 0 ? "?v=\(turn)&x-forwarded-host=evil.test" : ""
                    let answer = try server.connection().request(
                        "GET", path + query, headers: headers + [("Accept-Encoding", "gzip")],
                        host: hosts.randomElement(using: &random) ?? "")
                    #expect(answer.status == 200 && answer.body == wanted.body, "\(headers)")
                    let sent = answer.headers.filter { $0.name != "date" }.map { "\($0.name): \($0.value)" }
                    #expect(sent == wanted.headers.filter { $0.name != "date" }.map { "\($0.name): \($0.value)" })
                }
            }
        }
    }

    @Test func aNewTableIsServedFromTheNextRequestOnOnOpenConnections() async throws {
        try await withScripts { server in
            let connection = try server.connection()
            let before = try connection.request("GET", Self.loader)
            let noop = Array("window.dataLayer=window.dataLayer||[];".utf8)
            server.server.scripts.replace(
                with: try TagScripts([TagScript(path: "HL-7k2m9qxd.js", bytes: noop, gzip: [], caching: .live)]))
            let tag = before.header("etag") ?? ""
            let after = try connection.request("GET", Self.loader, headers: [("If-None-Match", tag)])
            #expect(after.status == 200 && after.body == noop && after.header("etag") != tag)
            #expect(try connection.request("GET", Self.version).status == 404)
        }
    }

    @Test func anOlderTableDoesNotReplaceANewerAndEqualBytesKeepTheirTags() async throws {
        try await withScripts { server in
            let script = TagScript(path: "HL-7k2m9qxd.js", bytes: Self.bytes, gzip: Self.packed, caching: .live)
            let first = try server.request("GET", Self.loader)
            let second = try TagScripts([script], generation: 7, reusing: server.server.scripts.current)
            server.server.scripts.replace(with: second)
            let older = TagScript(path: "HL-7k2m9qxd.js", bytes: [0x3B], gzip: [], caching: .live)
            server.server.scripts.replace(with: try TagScripts([older], generation: 6, reusing: second))
            let answer = try server.request("GET", Self.loader)
            #expect(answer.body == Self.bytes && answer.header("etag") == first.header("etag"))
            server.server.scripts.replace(with: try TagScripts([older], generation: 7, reusing: second))
            #expect(try server.request("GET", Self.loader).body == [0x3B])
        }
    }

    @Test func aPreviewEndsAtItsTime() async throws {
        try await withScripts { server in
            let now = SystemTimeSource().wallClock().milliseconds
            server.server.scripts.replace(with: try Self.scripts(expires: Timestamp(milliseconds: now + 60_000)))
            #expect(try server.request("GET", Self.preview).status == 200)
            server.server.scripts.replace(with: try Self.scripts(expires: Timestamp(milliseconds: now - 1)))
            #expect(try server.request("GET", Self.preview).status == 404)
            #expect(try server.request("GET", Self.loader).status == 200)
        }
    }

    /// Answers of a pipeline stay whole and in order, large ones among small ones and ones that wait for the disk.
    @Test func scriptsGoThroughAPipelineWhole() async throws {
        let large = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        try await withScripts { server in
            server.server.scripts.replace(with: try Self.scripts(large))
            let connection = try server.connection()
            let get = "GET \(Self.loader) HTTP/1.1\r\nHost: t\r\n\r\n"
            let collect =
                "GET /collect.gif?site=\(server.site.key)&url=https://shop.test/ HTTP/1.1\r\nHost: t\r\n"
                + "User-Agent: Mozilla/5.0 Firefox\r\n\r\n"
            try connection.send(
                String(repeating: collect + get + get + "GET /healthz HTTP/1.1\r\nHost: t\r\n\r\n", count: 8))
            for _ in 0..<8 {
                #expect(try connection.readAnswer().header("content-type") == "image/gif")
                #expect(try connection.readAnswer().body == large)
                #expect(try connection.readAnswer().body == large)
                #expect(try connection.readAnswer().text == "alive\n")
            }
        }
    }

    @Test func whatWasServedIsCounted() async throws {
        try await withScripts { server in
            let tag = try server.request("GET", Self.loader).header("etag") ?? ""
            _ = try server.request("GET", Self.loader, headers: [("If-None-Match", tag)])
            _ = try server.request("GET", Self.version, headers: [("Accept-Encoding", "gzip")])
            _ = try server.request("HEAD", Self.version)
            _ = try server.request("GET", "/tags/none.js")
            let port = server.server.adminPort
            let access = CatalogAccess(directory: server.folder.appendingPathComponent("data").path)
            guard case .issued(_, let key) = try access.perform(.addKey(KeyDraft(name: "test", role: .owner))) else {
                throw RunningServer.Failure.noSite
            }
            let metrics = try await withCheckedThrowingContinuation { continuation in
                DispatchQueue.global().async {
                    continuation.resume(
                        with: Result {
                            try HTTPConnection(port: port).request(
                                "GET", "/metrics", headers: [("Authorization", "Bearer \(key)")]
                            ).text
                        })
                }
            }
            for line in [
                "tags_scripts_served_total{kind=\"live\"} 1", "tags_scripts_served_total{kind=\"immutable\"} 2",
                "tags_scripts_unchanged_total{kind=\"live\"} 1", "tags_scripts_unknown_total 1",
                "tags_scripts_sent_bytes_total \(Self.bytes.count + Self.packed.count)", "tags_scripts 3",
            ] {
                #expect(metrics.contains(line), "\(line)")
            }
        }
    }

    @Test func aTableKeepsWhatItCanAndSaysWhatItLeftOut() throws {
        let half = [UInt8](repeating: 1, count: TagScripts.bytesMax / 2)
        let table = try TagScripts([
            TagScript(path: "old.js", bytes: half, gzip: [], caching: .immutable),
            TagScript(path: "", bytes: [1], gzip: [], caching: .live),
            TagScript(path: String(repeating: "p", count: 201), bytes: [1], gzip: [], caching: .live),
            TagScript(path: "live.js", bytes: half, gzip: [], caching: .live),
            TagScript(path: "live.js", bytes: [2], gzip: [], caching: .live),
            TagScript(path: "preview.js", bytes: [1], gzip: [], caching: .preview),
        ])
        #expect(table.count == 2 && table.byteCount == half.count + 1)
        #expect(table.leftOut.sorted() == ["", "live.js", "old.js", String(repeating: "p", count: 201)])
    }
}
