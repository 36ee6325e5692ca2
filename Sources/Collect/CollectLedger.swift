internal import Events
internal import RequestParsing
internal import Synchronization

/// One event loop's counters and last verdicts, written by the loop once a request and read from other threads.
///
/// Bounded: the last 1,000 verdicts are kept, an older one is overwritten. The lock is taken once a request by the loop
/// (about 20 ns) and for one copy by a reader.
package final class CollectLedger: Sendable {
    package static let verdictsMax = 1_000
    package static let nameBytesMax = 40
    package static let locationBytesMax = 120

    private let state = Mutex(State())

    package init() {}

    /// The sums so far.
    package var counters: CollectCounters { state.withLock { $0.counters } }

    /// The verdicts after `sequence` that are still kept, oldest first, at most `limit` of the newest.
    package func verdicts(after sequence: UInt64 = 0, limit: Int = verdictsMax) -> [CollectVerdict] {
        let copy = state.withLock { $0.ring }
        return copy.verdicts(after: sequence, limit: limit)
    }

    /// Adds one request. `text` is its arena.
    func record(
        _ outcome: CollectOutcome, _ staged: [StagedVerdict], text: [UInt8], receivedAt: Timestamp,
        timings: StepTimings?
    ) {
        state.withLock { state in
            state.counters.requests &+= 1
            state.counters.offered &+= UInt64(clamping: outcome.offered)
            state.counters.accepted &+= UInt64(clamping: outcome.accepted)
            state.counters.duplicates &+= UInt64(clamping: outcome.duplicates)
            if let timings { state.counters.timings = timings }
            for verdict in staged {
                if let reason = verdict.reason {
                    state.counters.refuse(reason, count: 1)
                } else if verdict.flags.contains(.quarantined) {
                    state.counters.quarantined &+= 1
                }
                state.ring.append(verdict, text: text, receivedAt: receivedAt)
            }
            // Events of a body refused as a whole, of which only the one it failed at is staged.
            let unstaged = outcome.offered - staged.count
            if unstaged > 0, let reason = staged.last?.reason { state.counters.refuse(reason, count: unstaged) }
        }
    }

    private struct State {
        var counters = CollectCounters()
        var ring = VerdictRing()
    }
}

/// The last verdicts in fixed places: small fields in one array, name and location in one block of bytes.
struct VerdictRing: Sendable {
    private struct Entry {
        var receivedAt = Timestamp(milliseconds: 0)
        var site: SiteID?
        var flags = EventFlags(rawValue: 0)
        var wireProtocol = WireProtocol.native
        var step = CollectStepName.parse
        var reason: Rejection?
        var nameBytes: UInt8 = 0
        var locationBytes: UInt8 = 0
    }

    private static let textBytes = CollectLedger.nameBytesMax + CollectLedger.locationBytesMax
    private var entries = [Entry](repeating: Entry(), count: CollectLedger.verdictsMax)
    private var text = [UInt8](repeating: 0, count: CollectLedger.verdictsMax * textBytes)
    private var count: UInt64 = 0

    mutating func append(_ verdict: StagedVerdict, text source: [UInt8], receivedAt: Timestamp) {
        let place = Int(truncatingIfNeeded: count % UInt64(CollectLedger.verdictsMax))
        count &+= 1
        var entry = Entry()
        entry.receivedAt = receivedAt
        entry.site = verdict.site
        entry.flags = verdict.flags
        entry.wireProtocol = verdict.wireProtocol
        entry.step = verdict.step
        entry.reason = verdict.reason
        let start = place * VerdictRing.textBytes
        let name = min(Int(verdict.name.count), CollectLedger.nameBytesMax)
        copy(source, from: verdict.name.range.lowerBound, count: name, to: start)
        entry.nameBytes = UInt8(truncatingIfNeeded: name)
        let location =
            verdict.location.isAbsent
            ? VerdictRing.location(of: verdict.url, in: source, withPath: verdict.reason == nil)
            : verdict.location.range
        let locationBytes = min(location.count, CollectLedger.locationBytesMax)
        copy(source, from: location.lowerBound, count: locationBytes, to: start + CollectLedger.nameBytesMax)
        entry.locationBytes = UInt8(truncatingIfNeeded: locationBytes)
        entries[place] = entry
    }

    /// The part of a URL that may be shown.
    private static func location(of url: ArenaText, in source: [UInt8], withPath: Bool) -> Range<Int> {
        guard url.count > 0, let parts = WebURL(source.span.bytes.extracting(url.range)) else {
            return 0..<0
        }
        let start = url.range.lowerBound
        return start + parts.host.lowerBound..<start + (withPath ? parts.path.upperBound : parts.host.upperBound)
    }

    private mutating func copy(_ source: [UInt8], from start: Int, count: Int, to place: Int) {
        text.overwrite(from: place, with: source.span.bytes.extracting(start..<start + count))
    }

    func verdicts(after sequence: UInt64, limit: Int) -> [CollectVerdict] {
        let kept = min(count, UInt64(CollectLedger.verdictsMax), UInt64(clamping: max(limit, 0)))
        let first = max(count - kept, min(sequence, count))
        var verdicts: [CollectVerdict] = []
        var next = first
        while next < count {
            let place = Int(truncatingIfNeeded: next % UInt64(CollectLedger.verdictsMax))
            next += 1
            let entry = entries[place]
            let start = place * VerdictRing.textBytes
            let location = start + CollectLedger.nameBytesMax
            verdicts.append(
                CollectVerdict(
                    sequence: next, receivedAt: entry.receivedAt, site: entry.site,
                    name: String(decoding: text[start..<start + Int(entry.nameBytes)], as: UTF8.self),
                    location: String(decoding: text[location..<location + Int(entry.locationBytes)], as: UTF8.self),
                    kind: entry.reason != nil
                        ? .refused : entry.flags.contains(.quarantined) ? .quarantined : .accepted,
                    step: entry.reason == nil ? nil : entry.step, reason: entry.reason, flags: entry.flags,
                    wireProtocol: entry.wireProtocol))
        }
        return verdicts
    }
}
