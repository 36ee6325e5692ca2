/// What the answer does to the first-party identifier cookie. The identifier step decides it, once a request: the
/// first event that calls for a change wins, because a request has one visitor.
package enum CookieInstruction: Hashable, Sendable {
    /// Leave the browser's cookie as it is. The default.
    case none
    /// Set the cookie; the text is its whole value (device id, first-set day, signature) in the request's arena.
    case set(ArenaText)
    /// Remove the cookie: consent was withdrawn or denied.
    case expire
}
