import Admin
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import Synchronization

/// A client of a plane's routes, without a port in between: each request goes to the responder as it is, its body in
/// parts of 32 KiB, and the answer's body is collected. The peer has no address.
struct TestClient: Sendable {
    let responder: AdminResponder
    let logger: Logger

    func execute(
        uri: String, method: HTTPRequest.Method, headers: HTTPFields = [:], body: ByteBuffer? = nil
    ) async throws -> TestResponse {
        var fields = headers
        if let body { fields[.contentLength] = String(body.readableBytes) }
        let parts = AsyncStream<ByteBuffer> { stream in
            var rest = body ?? ByteBuffer()
            while let part = rest.readSlice(length: min(32_768, rest.readableBytes)), part.readableBytes > 0 {
                stream.yield(part)
            }
            stream.finish()
        }
        let request = Request(
            head: HTTPRequest(method: method, scheme: "http", authority: "localhost", path: uri, headerFields: fields),
            body: RequestBody(asyncSequence: parts))
        let source = ApplicationRequestContextSource(channel: NIOAsyncTestingChannel(), logger: logger)
        var response: Response
        do {
            response = try await responder.respond(to: request, context: AdminContext(source: source))
        } catch {
            response = Response(status: .internalServerError)
        }
        let collected = CollectedBody()
        try await response.body.write(collected)
        return TestResponse(status: response.status, headers: response.headers, body: collected.bytes.withLock { $0 })
    }
}

/// A whole answer.
struct TestResponse: Sendable {
    let status: HTTPResponse.Status
    let headers: HTTPFields
    let body: ByteBuffer
}

private final class CollectedBody: ResponseBodyWriter, Sendable {
    let bytes = Mutex(ByteBuffer())

    func write(_ buffer: ByteBuffer) async throws { _ = bytes.withLock { $0.writeImmutableBuffer(buffer) } }
    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
