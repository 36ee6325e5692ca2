package import Catalog

/// An event's refusal with the step that spoke it.
package struct CollectRefusal: Error, Hashable, Sendable {
    package var step: CollectStepName
    package var reason: Rejection

    package init(_ reason: Rejection, at step: CollectStepName) {
        self.step = step
        self.reason = reason
    }
}

/// A fixed composition of steps: everything between the time step and the encoder. A concrete struct calls its steps
/// one after another, so the compiler sees every call; there is no existential, closure or array of steps on the way
/// of an event. Belongs to one event loop.
///
/// After each step the composition calls `timings.lap(step)`; that is one branch unless this request is a sample.
package protocol CollectSteps: ~Copyable {
    /// A new request begins: forgets what was known of the one before. The arena is empty.
    mutating func beginRequest()
    /// The request will be worked on soon, once it is read: what it needs may come from memory meanwhile. Changes nothing
    /// that `run` can tell.
    mutating func expect(_ request: borrowing RequestFacts)
    /// The same of the request's first event.
    mutating func expect(_ draft: borrowing EventDraft, for site: Site, arena: borrowing TextArena)
    /// Completes the draft or refuses it. Never blocks, never traps on what the client sent.
    mutating func run(
        _ draft: inout EventDraft, of request: borrowing RequestFacts, for site: Site, arena: inout TextArena,
        cookie: inout CookieInstruction, timings: inout StepTimings
    ) throws(CollectRefusal)
}

extension CollectSteps where Self: ~Copyable {
    /// For steps that need little.
    package mutating func expect(_ request: borrowing RequestFacts) {}
    package mutating func expect(_ draft: borrowing EventDraft, for site: Site, arena: borrowing TextArena) {}
}
