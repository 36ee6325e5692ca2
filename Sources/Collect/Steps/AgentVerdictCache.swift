internal import Events

/// Verdicts on the user agents seen lately: direct-mapped over 256 texts, a newcomer takes the slot. A text is found by
/// a hash and compared whole. 130 KiB a loop; about 150 instructions for a browser's agent, a tenth of a scan.
struct AgentVerdictCache {
    static let slotCount = 256
    private static let textBytes = BotStep.userAgentBytesMax
    private var texts = [UInt8](repeating: 0, count: slotCount * textBytes)
    /// 0 where the slot is free.
    private var counts = [Int](repeating: 0, count: slotCount)
    private var reasons = [BotReason](repeating: .none, count: slotCount)
    private var serials = [UInt64](repeating: 0, count: slotCount)
    private var lastSerial: UInt64 = 0
    /// The number of the agent that was asked for last, its own among all that were kept; 0 where it is not kept.
    private(set) var serial: UInt64 = 0

    /// `find` is asked where the agent, of at most 512 bytes, is not there. One of less than eight bytes is not kept.
    mutating func reason(of agent: borrowing RawSpan, find: (borrowing RawSpan) -> BotReason) -> BotReason {
        let count = agent.byteCount
        serial = 0
        guard count >= 8, count <= AgentVerdictCache.textBytes else { return find(agent) }
        let slot = AgentVerdictCache.slot(of: agent)
        let start = slot * AgentVerdictCache.textBytes
        if counts[slot] == count, isText(agent, at: start) {
            serial = serials[slot]
            return reasons[slot]
        }
        let reason = find(agent)
        texts.overwrite(from: start, with: agent)
        counts[slot] = count
        lastSerial += 1
        serials[slot] = lastSerial
        serial = lastSerial
        reasons[slot] = reason
        return reason
    }

    private func isText(_ agent: borrowing RawSpan, at start: Int) -> Bool {
        texts.span.bytes.extracting(start..<start + agent.byteCount).equals(agent)
    }

    private static func slot(of agent: borrowing RawSpan) -> Int {
        var hash = UInt64(truncatingIfNeeded: agent.byteCount)
        var offset = 0
        while offset < agent.byteCount - 8 {
            hash = (hash ^ agent.littleEndianUInt64(at: offset)) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 32
            offset += 8
        }
        hash = (hash ^ agent.littleEndianUInt64(at: agent.byteCount - 8)) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: hash >> 56)
    }
}
