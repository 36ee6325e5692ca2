package import RequestParsing

/// What a responder says to a request.
package enum ResponseDecision {
    case now(Response)
    /// The slot will be completed later, on the same loop.
    case later
}

/// Answers requests: one object a loop, called on that loop alone, so it needs no locks. It must not block.
package protocol RequestResponder: AnyObject {
    /// Called once for each whole request, in the order sent on its connection. `request` ends with the call; `slot`
    /// may be kept for a `.later`.
    func respond(to request: borrowing Request, slot: ResponseSlot) -> ResponseDecision
    /// A request's body is too large, or packed as nobody understands: the answer where the general one would mislead the
    /// client or keep it from reading, else nil. The connection ends with it.
    ///
    /// - general: that answer.
    func refusal(of head: borrowing RequestHead, headBytes: RawSpan, general: Response) -> Response?
    /// The loop has handed out every request that had arrived, and will wait for more.
    func endTurn()
}

extension RequestResponder {
    package func endTurn() {}
    package func refusal(of head: borrowing RequestHead, headBytes: RawSpan, general: Response) -> Response? { nil }
}

/// The place of one answer on its connection. Safe when the connection has gone: the answer is dropped and counted.
///
/// SAFETY: the slot may be carried through other threads (with a commit, say), but touches its connection only in
/// `complete`, which stops the process when it is called off the connection's loop.
package struct ResponseSlot: @unchecked Sendable {
    private let connection: Connection
    private let sequence: UInt32

    init(connection: Connection, sequence: UInt32) {
        self.connection = connection
        self.sequence = sequence
    }

    /// Where its connection lies: for who keeps many slots and completes one behind another. On the loop.
    package var memory: ConnectionMemory { connection.memory }

    /// Gives the answer, on the loop the request came on. It leaves after the answers before it: at once where no other
    /// request of its connection is open, else with those that are completed in the same turn of the loop, with one
    /// write. A second answer for the same slot is dropped.
    package func complete(_ response: Response) { connection.complete(response, at: sequence) }
}
