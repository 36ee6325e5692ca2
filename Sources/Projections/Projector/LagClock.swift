internal import Events

/// How long the oldest batch that is not applied has waited: commit times sampled at most ten times a second, at most
/// 1,024 of them. Beyond that every second sample is dropped, so the answer stays right to twice the spacing.
struct LagClock {
    private static let samplesMax = 1024
    private var samples: [(batch: UInt64, at: MonotonicInstant)] = []
    private(set) var committed: UInt64 = 0
    private var spacingNanoseconds: UInt64 = 100_000_000

    mutating func note(committed batch: UInt64, at now: MonotonicInstant) {
        guard batch > committed else { return }
        committed = batch
        if let last = samples.last, now.nanoseconds(since: last.at) < spacingNanoseconds {
            return
        }
        if samples.count >= LagClock.samplesMax {
            samples = samples.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
            spacingNanoseconds *= 2
        }
        samples.append((batch, now))
    }

    /// 0 when everything committed is applied.
    mutating func lagNanoseconds(applied: UInt64, at now: MonotonicInstant) -> UInt64 {
        guard committed > applied else {
            samples.removeAll(keepingCapacity: true)
            spacingNanoseconds = 100_000_000
            return 0
        }
        var done = 0
        while done < samples.count, samples[done].batch <= applied { done += 1 }
        // The last sample at or before `applied` bounds the wait of the batches right behind it from above.
        if done > 1 { samples.removeFirst(done - 1) }
        guard let oldest = samples.first else { return 0 }
        return now.nanoseconds(since: oldest.at)
    }
}
