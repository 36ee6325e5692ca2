import Foundation
import Serving

/// The floor of the public plane: the server with one loop, answering everything with a 43-byte GIF. Prints its port.
final class GIFResponder: RequestResponder {
    private let gif: Response

    init() throws {
        let pixel = [UInt8](Data(base64Encoded: "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7") ?? Data())
        gif = Response(
            try ResponseTemplate(
                status: 200, headers: [("Content-Type", "image/gif"), ("Cache-Control", "no-store")], body: pixel))
    }

    func respond(to request: borrowing Request, slot: ResponseSlot) -> ResponseDecision { .now(gif) }
}

/// SAFETY: made once and used on the only loop.
final class Shared: @unchecked Sendable {
    let responder: GIFResponder
    init() throws { responder = try GIFResponder() }
}

let shared = try Shared()
var configuration = ServingConfiguration()
configuration.host = "127.0.0.1"
configuration.port = CommandLine.arguments.count > 1 ? Int(CommandLine.arguments[1]) ?? 0 : 0
configuration.parser = CommandLine.arguments.contains("nio") ? .nio : .own
let listener = try await HTTPListener.start(configuration, loopCount: 1) { _ in shared.responder }
FileHandle.standardOutput.write(Data("listening on \(listener.port)\n".utf8))
while true { try await Task.sleep(for: .seconds(3_600)) }
