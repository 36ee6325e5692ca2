internal import Events

/// What whoever commits shares, under one lock. It is held while a batch is taken and written, and again when it is
/// published, never while it is synced.
struct Committer: Sendable {
    /// Batches that may be written and not yet published: while one is synced the next can be.
    static let flightsMax = 2
    /// Nanoseconds; whoever waits for others to land is woken when they do.
    static let untilNews: UInt64 = 1_000_000_000

    var writer: RawFileWriter?
    /// Buffers of published batches, for the next ones.
    var spareBuffers: [FrameBuffer] = []
    /// How many batches are written and not yet published. A file is only begun or ended where there are none.
    var underWay = 0
    /// The live file is to be ended: no batch is begun.
    var isEnding = false
    /// When the last batch was begun.
    var lastBegan = MonotonicInstant(nanoseconds: 0)
    /// How long the last commit took in all.
    var lastNanoseconds: UInt64 = 0
    var pace: CommitPace
    /// The last batch found no space for a file: nothing is taken until there is some.
    var lacksRoom = false
    var nextFile: UInt64
    var lastWrittenAt = Timestamp(milliseconds: 0)
    var recordsInFile = 0
    /// Those of the last batch, and those that waited for the next one when it was published: before its clients could
    /// send again.
    var recordsInBatch = 0
    var recordsWaiting = 0
    var lastSpaceCheck: MonotonicInstant?
    var bytesSinceSpaceCheck = 0

    init(nextFile: UInt64, _ options: JournalOptions) {
        self.nextFile = nextFile
        pace = CommitPace(options)
    }

    /// How long to wait before the next batch may be begun; nil when it may. A second one begins in the middle of the
    /// first one's sync: who has just missed that waits for half a sync and its own, where it would be two.
    func nanosecondsToWait(at now: MonotonicInstant) -> UInt64? {
        if isEnding || underWay >= Self.flightsMax { return Self.untilNews }
        guard underWay > 0 else { return nil }
        let gone = now.nanoseconds(since: lastBegan)
        return gone < pace.lastSyncNanoseconds / 2 ? pace.lastSyncNanoseconds / 2 - gone : nil
    }
}

extension Committer {
    /// Keeps a buffer for a next batch.
    mutating func reuse(_ buffer: inout FrameBuffer) {
        buffer.removeAll(capacityKept: 4 << 20)
        spareBuffers.append(buffer)
    }
}

/// A batch that is written: what is left is its sync, and then to publish it after the one before.
package struct CommitFlight: Sendable {
    package let batch: UInt64
    var buffer: FrameBuffer
    let writtenAt: Timestamp
    let began: MonotonicInstant
    /// The live file's descriptor that is its own for so long.
    let file: FileReference
    /// How long its sync took, and whether it failed.
    var syncNanoseconds: UInt64 = 0
    var hasFailed = false
}

package enum CommitBeginning: Sendable {
    /// Nothing waits.
    case idle
    /// So long at most: until another commit has landed, or is so far that this one may begin.
    case wait(UInt64)
    case begun(CommitFlight)
    /// There is no space for a file; what waited was given back.
    case noSpace
    /// Nothing will be committed any more.
    case failed
}

package enum CommitOutcome: Hashable, Sendable {
    /// Nothing waits.
    case idle
    case committed
    /// There is no space for a file; what waited was given back.
    case noSpace
    /// Nothing will be committed any more.
    case failed
}
