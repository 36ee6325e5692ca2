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
    /// Bytes of the batch the committer has taken and not yet committed.
    private(set) var inFlightBytes = 0
    private var inFlightSince = MonotonicInstant(nanoseconds: 0)
    private var inFlightWaiting = 0
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

    var queuedBytes: Int { (filling.isEmpty ? 0 : filling.byteCount) + inFlightBytes }
    /// Records whose acknowledgement has not been decided.
    var waiting: Int { fillingWaiting + inFlightWaiting }

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
        if inFlightBytes > 0 { return now.nanoseconds(since: inFlightSince) }
        return filling.isEmpty ? 0 : now.nanoseconds(since: fillingSince)
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
    private var firstUncommitted: UInt64 { inFlightBytes > 0 ? fillingBatch - 1 : fillingBatch }

    private mutating func settle(taken: Int, durable: Int, pending: Int, waitFor: UInt64) -> AppendReceipt {
        duplicates += UInt64(durable + pending)
        if taken == 0, pending == 0 {
            acknowledged += UInt64(durable)
            return .durable(duplicates: durable)
        }
        let batch = taken > 0 ? fillingBatch : waitFor
        if batch == fillingBatch {
            fillingWaiting += taken + durable + pending
        } else {
            inFlightWaiting += durable + pending
        }
        return .pending(batch: batch, duplicates: durable + pending)
    }

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
        inFlightBytes = buffer.byteCount
        inFlightSince = fillingSince
        inFlightWaiting = fillingWaiting
        fillingWaiting = 0
        fillingBatch += 1
        return fillingBatch - 1
    }

    /// The batch that was taken is on disk. Freezes the recent keys when there are enough and the last ones are
    /// written.
    mutating func committed(_ batch: UInt64, writtenAt: Timestamp, _ options: JournalOptions) {
        inFlightBytes = 0
        acknowledged += UInt64(inFlightWaiting)
        inFlightWaiting = 0
        let added = KeyCoverage(firstBatch: batch, lastBatch: batch, oldest: writtenAt, newest: writtenAt)
        recentCoverage = recentCoverage?.union(added) ?? added
        if recent.count >= options.keysInMemory { freeze() }
    }

    /// Puts the recent keys aside to be written to a file; keys of batches not yet on disk stay recent, the ones of the
    /// batch being written among them. False when there are none, or the ones before are still being written.
    @discardableResult
    mutating func freeze(inFlight: [ID128] = []) -> Bool {
        guard frozen == nil, let coverage = recentCoverage else { return false }
        frozen = FrozenKeys(table: recent, coverage: coverage)
        recent = RecentKeys(slots: min(recent.slotCount, 1 << 16))
        for key in inFlight { _ = recent.insert(key, batch: fillingBatch - 1) }
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
        refuse(.noSpace, fillingWaiting + inFlightWaiting)
        fillingWaiting = 0
        inFlightWaiting = 0
        inFlightBytes = 0
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
        refuse(.failed, fillingWaiting + inFlightWaiting)
        fillingWaiting = 0
        inFlightWaiting = 0
    }

    /// What still waits at the end of a close is given up.
    mutating func giveUp() {
        refuse(.closed, fillingWaiting + inFlightWaiting)
        fillingWaiting = 0
        inFlightWaiting = 0
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
