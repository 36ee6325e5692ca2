internal import Events

/// Verdicts on the user agents seen lately: direct-mapped over 256 texts, a newcomer takes the slot. A text is found by
/// a hash and compared whole. 130 KiB a loop; about 100 instructions for a browser's agent. Belongs to one event loop.
struct AgentVerdictCache {
    private static let slotCount = 256
    private var texts = KeptTexts(places: slotCount, bytesMax: BotStep.userAgentBytesMax)
    private var reasons = [BotReason](repeating: .none, count: slotCount)
    private var serials = [UInt64](repeating: 0, count: slotCount)
    private var lastSerial: UInt64 = 0
    /// The number of the agent that was asked for last, its own among all that were kept; 0 where it is not kept.
    private(set) var serial: UInt64 = 0

    /// `find` is asked where the agent, of at most 512 bytes, is not there. One of less than eight bytes is not kept.
    mutating func reason(of agent: borrowing RawSpan, find: (borrowing RawSpan) -> BotReason) -> BotReason {
        serial = 0
        guard agent.byteCount >= 8, agent.byteCount <= texts.bytesMax else { return find(agent) }
        let slot = Int(truncatingIfNeeded: TextHash.of(agent) >> 56)
        if texts.holds(agent, at: slot) {
            serial = serials[slot]
            return reasons[slot]
        }
        let reason = find(agent)
        texts.keep(agent, at: slot)
        lastSerial += 1
        serials[slot] = lastSerial
        serial = lastSerial
        reasons[slot] = reason
        return reason
    }
}
