internal import Events

/// What appends and the committer share, under one short lock: the batch being filled, the keys of the latest batches,
/// and the counts. A value with no I/O in it.
struct CommitQueue: Sendable {
    enum Status: Hashable, Sendable {
        case open, noSpace, failed, closed
    }

    var status = Status.open
    var filling = FrameBuffer()
    /// The sequence that `filling` will have.
    var fillingBatch: UInt64
    private var fillingSince = MonotonicInstant(nanoseconds: 0)
    private var fillingWaiting = 0

    /// A batch that was taken and is not yet on disk.
    private struct InFlight {
        let batch: UInt64
        let byteCount: Int
        let since: MonotonicInstant
        var waiting: Int
        let keys: [ID128]
    }
    /// Oldest first; at most `Committer.flightsMax`.
    private var inFlight: [InFlight] = []
    /// The committer sleeps, and must be woken once so many records wait; nil while it is at work.
    var wakesAt: Int?

    var recent: RecentKeys
    var recentCoverage: KeyCoverage?
    var frozen: FrozenKeys?

    /// With so much the committer waits for no more.
    private static let gatheredBytesMax = 1 << 20

    private(set) var offered: UInt64 = 0
    private(set) var acknowledged: UInt64 = 0
    private(set) var duplicates: UInt64 = 0
    private(set) var refused: [RefusalReason: UInt64] = [:]

    init(nextBatch: UInt64, recent: RecentKeys, coverage: KeyCoverage?) {
        self.fillingBatch = nextBatch
        self.recent = recent
        self.recentCoverage = coverage
    }

    var queuedBytes: Int {
        inFlight.reduce(filling.isEmpty ? 0 : filling.byteCount) { $0 + $1.byteCount }
    }
    /// Records whose acknowledgement has not been decided.
    var waiting: Int { inFlight.reduce(fillingWaiting) { $0 + $1.waiting } }

    /// Whether the committer is to be woken; says so once.
    mutating func wakesCommitter() -> Bool {
        guard let wanted = wakesAt, filling.ranges.count >= wanted || filling.byteCount >= Self.gatheredBytesMax else {
            return false
        }
        wakesAt = nil
        return true
    }

    /// How long the oldest append has waited.
    func age(at now: MonotonicInstant) -> UInt64 {
        if let oldest = inFlight.first { return now.nanoseconds(since: oldest.since) }
        return filling.isEmpty ? 0 : now.nanoseconds(since: fillingSince)
    }

    /// The key will be looked up soon.
    @inline(__always)
    func expect(_ key: ID128) {
        recent.prefetch(key)
        frozen?.table.prefetch(key)
    }

    /// Takes the records that are not known, or refuses all. `known` are indices of entries that key files have.
    mutating func append(
        _ records: borrowing PendingRecords, known: [Int], at now: MonotonicInstant, _ options: JournalOptions
    ) throws(JournalRefusal) -> AppendReceipt {
        let count = records.entries.count
        offered += UInt64(count)
        if let refusal = refusal(records, at: now, options) {
            refuse(refusal, count)
            throw refusal
        }
        for entry in records.entries {
            if let key = entry.idempotencyKey { expect(key) }
        }
        var durable = known.count
        var pendingDuplicates = 0
        var waitFor: UInt64 = 0
        var taken = 0
        var nextKnown = 0
        for (index, entry) in records.entries.enumerated() {
            if nextKnown < known.count, known[nextKnown] == index {
                nextKnown += 1
                continue
            }
            if let key = entry.idempotencyKey {
                let holder = frozen?.table.batch(of: key) ?? recent.insert(key, batch: fillingBatch)
                if let holder {
                    if holder >= firstUncommitted {
                        pendingDuplicates += 1
                        waitFor = max(waitFor, holder)
                    } else {
                        durable += 1
                    }
                    continue
                }
            }
            if filling.isEmpty { fillingSince = now }
            filling.append(records.encoder.finished.extracting(entry.range), key: entry.idempotencyKey)
            taken += 1
        }
        return settle(taken: taken, durable: durable, pending: pendingDuplicates, waitFor: waitFor)
    }

    /// The first batch that is not on disk.
    private var firstUncommitted: UInt64 { inFlight.first?.batch ?? fillingBatch }

    private mutating func settle(taken: Int, durable: Int, pending: Int, waitFor: UInt64) -> AppendReceipt {
        duplicates += UInt64(durable + pending)
        if taken == 0, pending == 0 {
            acknowledged += UInt64(durable)
            return .durable(duplicates: durable)
        }
        let batch = taken > 0 ? fillingBatch : waitFor
        if let index = inFlight.firstIndex(where: { $0.batch == batch }) {
            inFlight[index].waiting += durable + pending
        } else {
            fillingWaiting += taken + durable + pending
        }
        return .pending(batch: batch, duplicates: durable + pending)
    }

    /// In place: called, it would be handed a copy of the whole queue.
    @inline(__always)
    private func refusal(
        _ records: borrowing PendingRecords, at now: MonotonicInstant, _ options: JournalOptions
    ) -> JournalRefusal? {
        switch status {
        case .failed: return .failed
        case .closed: return .closed
        case .noSpace: return .noSpace
        case .open: break
        }
        let added = records.encoder.byteCount + records.entries.count * BatchFormat.recordOverhead(hasKey: true)
        let limit = min(options.queueBytesMax, 48 << 20)
        if queuedBytes + added > limit || filling.ranges.count + records.entries.count > BatchFormat.recordsMax {
            return .queueFull
        }
        return age(at: now) > options.queueAgeMillisecondsMax * 1_000_000 ? .queueFull : nil
    }

    private mutating func refuse(_ refusal: JournalRefusal, _ count: Int) {
        refused[RefusalReason(refusal), default: 0] += UInt64(count)
    }

    /// Hands the filled batch over in exchange for an empty buffer; gives its sequence, nil when there is nothing.
    mutating func take(into buffer: inout FrameBuffer) -> UInt64? {
        guard !filling.isEmpty else { return nil }
        wakesAt = nil
        swap(&filling, &buffer)
        inFlight.append(
            InFlight(
                batch: fillingBatch, byteCount: buffer.byteCount, since: fillingSince, waiting: fillingWaiting,
                keys: buffer.keys))
        fillingWaiting = 0
        fillingBatch += 1
        return fillingBatch - 1
    }

    /// Whether all batches before this one, which was taken, are on disk.
    func isOldest(_ batch: UInt64) -> Bool { inFlight.first?.batch == batch }

    /// The oldest batch that was taken is on disk. Freezes the recent keys when there are enough and the last ones are
    /// written.
    mutating func committed(_ batch: UInt64, writtenAt: Timestamp, _ options: JournalOptions) {
        acknowledged += UInt64(inFlight.removeFirst().waiting)
        let added = KeyCoverage(firstBatch: batch, lastBatch: batch, oldest: writtenAt, newest: writtenAt)
        recentCoverage = recentCoverage?.union(added) ?? added
        if recent.count >= options.keysInMemory { freeze() }
    }

    /// Puts the recent keys aside to be written to a file; keys of batches not yet on disk stay recent. False when
    /// there are none, or the ones before are still being written.
    @discardableResult
    mutating func freeze() -> Bool {
        guard frozen == nil, let coverage = recentCoverage else { return false }
        frozen = FrozenKeys(table: recent, coverage: coverage)
        // As many are to be expected again.
        recent = RecentKeys(slots: recent.count)
        for flight in inFlight {
            for key in flight.keys { _ = recent.insert(key, batch: flight.batch) }
        }
        for key in filling.keys { _ = recent.insert(key, batch: fillingBatch) }
        recentCoverage = nil
        return true
    }

    /// There is no space for what waits: nothing of it is kept, and its events may come again. Gives the batches that
    /// will be empty; nil where nothing waited. O(keys in memory).
    mutating func giveBack() -> ClosedRange<UInt64>? {
        if status == .open { status = .noSpace }
        let first = firstUncommitted
        let last = filling.isEmpty ? fillingBatch - 1 : fillingBatch
        guard first <= last else { return nil }
        refuseWaiting(.noSpace)
        inFlight.removeAll()
        filling.removeAll(capacityKept: 1 << 20)
        fillingBatch = last + 1
        recent = recent.without(batchesFrom: first)
        if let frozen {
            self.frozen = FrozenKeys(table: frozen.table.without(batchesFrom: first), coverage: frozen.coverage)
        }
        return first...last
    }

    /// No batch will be acknowledged any more.
    mutating func fail() {
        status = .failed
        refuseWaiting(.failed)
    }

    /// What still waits at the end of a close is given up.
    mutating func giveUp() { refuseWaiting(.closed) }

    private mutating func refuseWaiting(_ refusal: JournalRefusal) {
        refuse(refusal, waiting)
        fillingWaiting = 0
        for index in inFlight.indices { inFlight[index].waiting = 0 }
    }
}

/// Why records were refused; the metric's dimension.
package enum RefusalReason: String, Hashable, Sendable, CaseIterable {
    case queueFull = "queue_full"
    case noSpace = "no_space"
    case lagging
    case failed
    case closed

    init(_ refusal: JournalRefusal) {
        switch refusal {
        case .queueFull: self = .queueFull
        case .noSpace: self = .noSpace
        case .lagging: self = .lagging
        case .failed: self = .failed
        case .closed: self = .closed
        }
    }
}
