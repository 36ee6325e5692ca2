import Events
import NIOCore
import NIOPosix
import RequestParsing
import Serving

/// Answers by path:
/// `/later…` waits until a request for `/release`, which answers what waits in reverse order; `/drop` is never
/// answered; `/large` gives 8 MiB; `/pattern` a megabyte in which no stretch is like another; `/static` a template;
/// everything else says what it got.
final class TestResponder: RequestResponder {
    private var waiting: [(ResponseSlot, String)] = []
    private let large: ResponseTemplate
    private let fixed: ResponseTemplate
    private let patterned: ResponseTemplate
    static let pattern = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &+ $0 >> 8 &+ $0 >> 16) }

    init() throws {
        large = try ResponseTemplate(status: 200, body: [UInt8](repeating: 0x61, count: 8 << 20))
        patterned = try ResponseTemplate(status: 200, body: Self.pattern)
        fixed = try ResponseTemplate(status: 200, headers: [("Content-Type", "image/gif")], body: Array("GIF89a".utf8))
    }

    func respond(to request: borrowing Request, slot: ResponseSlot) -> ResponseDecision {
        let path = request.path.text
        if path.hasPrefix("/later") {
            waiting.append((slot, path))
            return .later
        }
        switch path {
        case "/drop": return .later
        case "/large": return .now(Response(large))
        case "/pattern": return .now(Response(patterned))
        case "/static": return .now(Response(fixed))
        case "/cookie":
            var response = Response(fixed)
            let isAdded = response.addField("Set-Cookie", request.query)
            return isAdded ? .now(response) : .now(Self.text(400, "refused"))
        case "/release":
            for (slot, path) in waiting.reversed() { slot.complete(Self.text(200, path)) }
            waiting = []
            return .now(Self.text(200, "released"))
        case "/echo": return .now(Self.text(200, request.body.text))
        case "/who": return .now(Self.text(200, "\(request.address.text) \(request.isSecure ? "secure" : "plain")"))
        case "/cookies": return .now(Self.text(200, request.cookies.text))
        default:
            return .now(Self.text(200, "\(request.method) \(path) \(request.query.text) \(request.body.byteCount)"))
        }
    }

    static func text(_ status: UInt16, _ text: String) -> Response {
        do {
            return try Response(status: status, headers: [("Content-Type", "text/plain")], body: Array(text.utf8))
        } catch {
            return Response(ResponseTemplate(status: 500, sentence: "The test's answer cannot be sent."))
        }
    }
}

/// Answers nothing.
final class SilentResponder: RequestResponder {
    func respond(to request: borrowing Request, slot: ResponseSlot) -> ResponseDecision { .later }
}

/// A running listener on a port of the system's choice, with one loop; gone after `body`.
func withServer(
    _ change: (inout ServingConfiguration) -> Void = { _ in }, _ body: (HTTPListener) async throws -> Void
) async throws {
    var configuration = ServingConfiguration()
    configuration.host = "127.0.0.1"
    configuration.port = 0
    configuration.drainMilliseconds = 200
    change(&configuration)
    let responder = try TestResponder()
    let box = ResponderBox(responder)
    let listener = try await HTTPListener.start(configuration, loopCount: 1) { _ in box.responder }
    let result: Result<Void, any Error>
    do { result = .success(try await body(listener)) } catch { result = .failure(error) }
    _ = await listener.drain()
    try result.get()
}

/// SAFETY: the responder is made here and used on the one loop of the test's group alone.
private final class ResponderBox: @unchecked Sendable {
    let responder: TestResponder
    init(_ responder: TestResponder) { self.responder = responder }
}
