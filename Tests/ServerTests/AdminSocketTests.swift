import Adapters
import Catalog
import Events
import Foundation
import ServerCore
import Synchronization
import Testing

private struct Question: Codable, Sendable {
    let text: String
    let count: Int
}

private struct Answer: Codable, Sendable, Equatable {
    let text: String
}

/// Speaks to the socket in bytes, as a client that is no Highland would.
private final class RawClient {
    let descriptor: Int32

    init(path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let number = descriptor
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(result == 0)
    }

    deinit { close(descriptor) }

    func send(_ text: String) {
        _ = text.withCString { Foundation.send(descriptor, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
    }

    /// Everything until the server closes.
    func readAll() -> String {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(contentsOf: chunk[..<count])
        }
    }
}

struct AdminSocketTests {
    private func withServer(_ directory: String, _ body: (AdminServer, AdminClient) throws -> Void) throws {
        let server = AdminServer(directory: directory)
        server.register("echo") { (question: Question) in
            Answer(text: String(repeating: question.text, count: question.count))
        }
        server.register("fail") { (_: AdminNothing) throws -> AdminNothing in
            throw CatalogError.notFound(kind: "site", reference: "x.example")
        }
        server.registerStream("count", of: Int.self) { (question: Question, stream) in
            for number in 0..<question.count where !stream.send(number) { return }
        }
        try server.start()
        defer { server.stop() }
        try body(server, AdminClient(directory: directory))
    }

    @Test func aRequestIsAnswered() throws {
        let directory = try TemporaryDirectory()
        try withServer(directory.path) { _, client in
            #expect(client.isServerRunning())
            for count in [0, 1, 3, 100_000] {
                let answer = try client.call("echo", Question(text: "ü\n", count: count), as: Answer.self)
                #expect(answer == Answer(text: String(repeating: "ü\n", count: count)))
            }
        }
    }

    @Test func aStreamEndsWithTheHandlerOrWithTheClient() throws {
        let directory = try TemporaryDirectory()
        try withServer(directory.path) { _, client in
            var numbers: [Int] = []
            try client.stream("count", Question(text: "", count: 1_000), of: Int.self) {
                numbers.append($0)
                return true
            }
            #expect(numbers == Array(0..<1_000))
            numbers = []
            try client.stream("count", Question(text: "", count: 1_000_000), of: Int.self) {
                numbers.append($0)
                return numbers.count < 5
            }
            #expect(numbers == [0, 1, 2, 3, 4])
        }
    }

    @Test func aHandlersErrorReachesTheClientInWords() throws {
        let directory = try TemporaryDirectory()
        try withServer(directory.path) { _, client in
            #expect(throws: AdminError.refused(AdminFailure(kind: "notFound", message: "no site 'x.example'"))) {
                try client.call("fail", AdminNothing(), as: AdminNothing.self)
            }
        }
    }

    @Test(arguments: [
        ("{\"request\":\"nothing\",\"arguments\":{}}\n", "unknownRequest"), ("{\"request\":\"echo\"}\n", "badRequest"),
        ("{\"request\":\"echo\",\"arguments\":{\"text\":1}}\n", "badRequest"), ("GET / HTTP/1.1\r\n\r\n", "badRequest"),
        ("\n", "badRequest"), ("\u{0}\u{1}\n", "badRequest"),
        (String(repeating: "[", count: 10_000) + "\n", "badRequest"),
    ])
    func whatDoesNotReadIsRefused(request: String, kind: String) throws {
        let directory = try TemporaryDirectory()
        try withServer(directory.path) { _, client in
            let raw = try RawClient(path: directory.path + "/admin.sock")
            if request.contains("\u{0}") {
                raw.send("\u{1}")
            }
            raw.send(request.replacingOccurrences(of: "\u{0}", with: ""))
            let answer = raw.readAll()
            #expect(answer.hasPrefix("{\"error\":{\"kind\":\"\(kind)\""), "\(answer)")
            #expect(answer.hasSuffix("}}\n"))
            #expect(try client.call("echo", Question(text: "a", count: 1), as: Answer.self).text == "a")
        }
    }

    @Test func aClientThatLeavesEarlyHarmsNobody() throws {
        let directory = try TemporaryDirectory()
        try withServer(directory.path) { _, client in
            for request in ["", "{\"requ", "{\"request\":\"count\",\"arguments\":{\"text\":\"\",\"count\":100000}}\n"] {
                try RawClient(path: directory.path + "/admin.sock").send(request)
            }
            #expect(try client.call("echo", Question(text: "a", count: 1), as: Answer.self).text == "a")
        }
    }

    @Test func connectionsAreBounded() throws {
        let directory = try TemporaryDirectory()
        let server = AdminServer(directory: directory.path)
        let waiting = DispatchSemaphore(value: 0)
        let release = DispatchSemaphore(value: 0)
        server.register("wait") { (_: AdminNothing) -> AdminNothing in
            waiting.signal()
            release.wait()
            return AdminNothing()
        }
        try server.start()
        let path = directory.path + "/admin.sock"
        let clients = try (0..<AdminServer.connectionsMax).map { _ in
            let raw = try RawClient(path: path)
            raw.send("{\"request\":\"wait\",\"arguments\":{}}\n")
            return raw
        }
        for _ in clients { waiting.wait() }
        #expect(try RawClient(path: path).readAll().hasPrefix("{\"error\":{\"kind\":\"busy\""))
        for _ in clients { release.signal() }
        for raw in clients { #expect(raw.readAll() == "{\"result\":{}}\n") }
        server.stop()
    }

    @Test func stoppingEndsOpenStreams() throws {
        let directory = try TemporaryDirectory()
        let server = AdminServer(directory: directory.path)
        let hasEnded = Mutex(false)
        server.registerStream("ticks", of: Int.self) { (_: AdminNothing, stream) in
            while stream.isOpen, stream.send(1) {}
            hasEnded.withLock { $0 = true }
        }
        try server.start()
        var count = 0
        #expect(throws: AdminError.disconnected("before the answer was whole")) {
            try AdminClient(directory: directory.path).stream("ticks", AdminNothing(), of: Int.self) { _ in
                count += 1
                if count == 1 { server.stop() }
                return true
            }
        }
        #expect(count >= 1)
        #expect(hasEnded.withLock { $0 })
    }

    @Test func onlyOneServerHasADirectory() throws {
        let directory = try TemporaryDirectory()
        try withServer(directory.path) { _, client in
            let second = AdminServer(directory: directory.path)
            #expect(throws: AdminError.alreadyRunning(directory: directory.path)) { try second.start() }
            second.stop()
            #expect(client.isServerRunning())
        }
    }

    @Test func aDeadServersSocketIsReplaced() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/admin.sock"
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(bound == 0)
        close(descriptor)
        let client = AdminClient(directory: directory.path)
        #expect(!client.isServerRunning())
        #expect(throws: AdminError.notRunning(directory: directory.path)) {
            try client.call("echo", AdminNothing(), as: AdminNothing.self)
        }
        try withServer(directory.path) { _, client in #expect(client.isServerRunning()) }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func theSocketIsForItsOwnerAlone() throws {
        let directory = try TemporaryDirectory()
        try withServer(directory.path) { _, _ in
            for name in ["admin.sock", "admin.lock"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: directory.path + "/" + name)
                #expect(attributes[.posixPermissions] as? Int == 0o600)
            }
        }
    }

    @Test func aLongPathWorksToo() throws {
        let directory = try TemporaryDirectory(named: UUID().uuidString + String(repeating: "x", count: 180))
        try withServer(directory.path) { _, client in
            let answer = try client.call("echo", Question(text: "a", count: 2), as: Answer.self)
            #expect(answer.text == "aa")
        }
        #expect(!AdminClient(directory: directory.path).isServerRunning())
    }

    @Test func aServerStartsAgainAfterStop() throws {
        let directory = try TemporaryDirectory()
        for _ in 0..<5 { try withServer(directory.path) { _, client in #expect(client.isServerRunning()) } }
        #expect(!AdminClient(directory: directory.path).isServerRunning())
        #expect(!AdminClient(directory: "/nonexistent/highland").isServerRunning())
    }

    @Test func changesGoThroughTheServerAndIntoItsSnapshot() throws {
        let directory = try TemporaryDirectory()
        let store = try SharedStore(directory.path)
        let holder = CatalogHolder(try store.store.load())
        let server = AdminServer(directory: directory.path)
        server.registerCatalog(store: store.store, holder: holder)
        try server.start()
        defer { server.stop() }
        let access = CatalogAccess(directory: directory.path)
        guard case .site(let site) = try access.perform(.addSite(SiteDraft(domains: ["a.example"]))) else {
            Issue.record("no site")
            return
        }
        #expect(holder.current.site(id: SiteID(site.id))?.domains == ["a.example"])
        guard case .issued(_, let text) = try access.perform(.addKey(KeyDraft(role: .server, sites: ["a.example"])))
        else {
            Issue.record("no key")
            return
        }
        let bytes = Array(text.utf8)
        #expect(holder.current.principal(key: bytes.span.bytes)?.scope == .only([SiteID(1)]))
        #expect(try access.perform(.revokeKey(id: text)) == .done)
        #expect(holder.current.principal(key: bytes.span.bytes) == nil)
        #expect(throws: AdminError.self) { try access.perform(.addSite(SiteDraft(domains: ["a.example"]))) }

        _ = try store.store.addSite(SiteDraft(domains: ["b.example"]), by: "elsewhere")
        _ = try AdminClient(directory: directory.path).call(
            AdminServer.catalogChangedName, AdminNothing(), as: AdminNothing.self)
        #expect(holder.current.sites.count == 2)
    }

    @Test func everyOperationSurvivesTheWire() throws {
        var change = SiteChange()
        change.name = "ü"
        let operations: [CatalogOperation] = [
            .sites, .site(reference: "a"), .addSite(SiteDraft(domains: ["a.example"])),
            .updateSite(reference: "1", change),
            .removeSite(reference: "1"), .aliases(reference: nil), .aliases(reference: "1"),
            .addAlias(reference: "1", protocol: .snowplow, value: "ü", consent: .client),
            .removeAlias(protocol: .ga4, value: "G-1234"), .keys, .addKey(KeyDraft(role: .owner)), .revokeKey(id: "x"),
            .audit(limit: 3),
        ]
        for operation in operations {
            #expect(try JSONDecoder().decode(CatalogOperation.self, from: JSONEncoder().encode(operation)) == operation)
        }
    }
}
