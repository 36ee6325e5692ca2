package import Catalog
package import Events

/// Whether a program sent the request, and how that was told.
struct BotVerdict: Hashable, Sendable {
    var reason: BotReason
    /// Counted apart from people: a program, or a page fetched ahead of a visit that may never come.
    var isBot: Bool { if case .none = reason { false } else { true } }
    static let human = BotVerdict(reason: .none)
}

/// Flags programs and prefetches, by user agent and purpose header. They are stored and flagged, never dropped; the
/// identifier step gives them the day's hash only. Does not apply where a server sends for its visitors; an imported
/// event's own agent is judged.
///
/// The scan is one pass over at most 512 bytes, about 1 ns a byte, for an agent that was not seen lately; once a request.
package struct BotStep: CollectStep {
    package static let name = CollectStepName.bot
    /// What counts of a user agent, here, in the day's hash and in the record.
    package static let userAgentBytesMax = 512
    private let visitor: VisitorState
    private var cache = AgentVerdictCache()

    init(_ visitor: VisitorState) { self.visitor = visitor }

    package mutating func run(
        _ draft: inout EventDraft, of request: borrowing RequestFacts, for site: Site, arena: inout TextArena
    ) throws(Rejection) {
        let isStated = draft.wireProtocol == .importedEvents && request.userAgent.byteCount > 0
        guard isStated || draft.describesVisitor(request) else {
            visitor.bot = .human
            return
        }
        let verdict =
            visitor.bot
            ?? BotVerdict(
                reason: reason(userAgent: request.userAgent, purpose: request.purpose))
        if visitor.bot == nil { visitor.agentSerial = cache.serial }
        visitor.bot = verdict
        guard verdict.isBot else { return }
        draft.botReason = verdict.reason
        draft.flags.insert(.bot)
        if verdict.reason == .prefetch { draft.flags.insert(.prefetch) }
    }

    /// The verdict on these two headers. A program that prefetches is a program.
    package static func reason(userAgent: borrowing RawSpan, purpose: borrowing RawSpan) -> BotReason {
        let found = reason(userAgent: userAgent.extracting(first: min(userAgent.byteCount, userAgentBytesMax)))
        return complete(found, purpose: purpose)
    }

    private mutating func reason(userAgent: borrowing RawSpan, purpose: borrowing RawSpan) -> BotReason {
        let cut = userAgent.extracting(first: min(userAgent.byteCount, BotStep.userAgentBytesMax))
        return BotStep.complete(cache.reason(of: cut, find: BotStep.reason(userAgent:)), purpose: purpose)
    }

    /// The verdict on an agent of at most 512 bytes.
    private static func reason(userAgent: borrowing RawSpan) -> BotReason {
        if isBlank(userAgent) { return .noUserAgent }
        let weights = BotPatterns.scanner.scan(userAgent)
        if weights.headless > 0 { return .headless }
        return weights.program > 0 ? .userAgent : .none
    }

    private static func complete(_ reason: BotReason, purpose: borrowing RawSpan) -> BotReason {
        if case .none = reason { return isAhead(purpose) ? .prefetch : .none }
        return reason
    }

    /// Nothing, spaces, or the `-` that access logs write for nothing.
    private static func isBlank(_ text: borrowing RawSpan) -> Bool {
        for index in 0..<text.byteCount {
            let byte = text.byte(at: index)
            if byte != 0x20, byte != 0x09, byte != UInt8(ascii: "-") { return false }
        }
        return true
    }

    private static let aheadWords = ["prefetch", "prerender", "preview"].map { Array($0.utf8) }

    /// `Sec-Purpose: prefetch`, `prefetch;prerender`, `Purpose: prefetch`, `X-Purpose: preview`, `X-Moz: prefetch`.
    private static func isAhead(_ purpose: borrowing RawSpan) -> Bool {
        guard purpose.byteCount >= 7 else { return false }
        let count = min(purpose.byteCount, 128)
        for word in 0..<aheadWords.count {
            let bytes = aheadWords[word]
            guard count >= bytes.count else { continue }
            for start in 0...(count - bytes.count) {
                if ASCII.equalsFolded(purpose.extracting(start..<start + bytes.count), lower: bytes) { return true }
            }
        }
        return false
    }
}
