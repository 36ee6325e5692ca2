package import Journal

/// How a request is answered: the one table from verdicts to HTTP.
package enum CollectStatus: Hashable, Sendable {
    /// 202, once the receipt's batch is on disk. At least one event is taken, or there was none to take.
    case accepted
    /// 400: every event was refused, and would be again.
    case refused
    /// 503 with `Retry-After`: the journal took nothing now.
    case unavailable

    package var code: Int {
        switch self {
        case .accepted: 202
        case .refused: 400
        case .unavailable: 503
        }
    }

    /// - accepted: events the journal took, duplicates included.
    /// - rejected: events refused, for good or for now.
    package init(accepted: Int, rejected: Int, isTransient: Bool) {
        if isTransient {
            self = .unavailable
        } else {
            self = accepted > 0 || rejected == 0 ? .accepted : .refused
        }
    }
}

/// What became of a request's events. The list of the refused ones stays in the collector until its next request.
package struct CollectOutcome: Sendable {
    /// Events the client sent, as far as they could be told apart; a body that is none counts as one.
    package var offered = 0
    /// Taken by the journal, or duplicates of events it has. offered = accepted + refused.
    package var accepted = 0
    package var refused = 0
    /// Part of `accepted`.
    package var duplicates = 0
    package var status = CollectStatus.accepted
    /// What to wait for before a 2xx is sent; nil where nothing was handed to the journal.
    package var receipt: AppendReceipt?
    /// `none` where nothing was taken.
    package var cookie = CookieInstruction.none

    package init() {}
}
