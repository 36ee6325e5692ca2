package import Journal

/// State that belongs into the same cut as the projections without reading the journal itself: the column store.
package protocol CheckpointParticipant: AnyObject {
    /// Closed set, used in file names: `columns`. No projection has the same one.
    var name: String { get }
    /// Writes all state below `directory`, which is empty, and syncs it.
    func checkpoint(into directory: String) throws
    func restore(from directory: String) throws
    /// The checkpoint written last is now the one a restart uses; what only older ones needed may go.
    func checkpointPublished() throws
}

/// What needs space for files while batches are applied, and can wait for it. Projector's thread only.
package protocol SpaceWaiter: AnyObject {
    /// What it waits for; nil while it waits for nothing.
    var shortage: String? { get }
    /// It waits and holds as much as it may: no batch is applied until it has tried again with success.
    var isFull: Bool { get }
    /// Tries again what found no space. Throws what is not about space.
    func tryAgain() throws
}

/// Everything that the projector drives, in the order batches are applied and checkpoints restored. Participants are
/// restored before projections.
package struct ProjectionSet {
    package var projections: [any Projection]
    package var participants: [any CheckpointParticipant]
    package var waiter: (any SpaceWaiter)?

    package init(
        projections: [any Projection], participants: [any CheckpointParticipant] = [],
        waiter: (any SpaceWaiter)? = nil
    ) {
        self.projections = projections
        self.participants = participants
        self.waiter = waiter
    }

    var names: [String] { participants.map(\.name) + projections.map(\.name) }
}

/// What a new set is for.
package enum ProjectionStart: Hashable, Sendable {
    /// A checkpoint will be restored into it.
    case checkpoint
    /// It begins with nothing, at the journal's start: what earlier runs left in files of its own must go.
    case nothing
}

/// The reading end of the journal: committed batches in order, each once.
package protocol BatchSource: AnyObject {
    /// The next batch; nil when none was committed within the time. Projector's thread only.
    func next(waitingAtMost duration: Duration) throws -> CommittedBatch?
    /// The last batch the journal holds now; 0 when it is empty.
    var newestBatch: UInt64 { get }
    /// Events committed and not yet given out; nil where the source cannot tell.
    var backlogEvents: Int? { get }
    /// Nothing up to this batch is to come: it was given out, or is lost and passed over.
    var passedThrough: UInt64 { get }
}

/// What the projector has to say to the operator.
package enum ProjectorNote: Sendable {
    /// Went on from a checkpoint.
    case restored(batch: UInt64)
    /// The checkpoint could not be used; everything is rebuilt from the journal's start. The journal is untouched.
    case checkpointUnusable(reason: String)
    /// Rebuilding from the journal's start, because there was no checkpoint or somebody asked for it.
    case building
    case checkpointed(batch: UInt64, milliseconds: UInt64)
    /// A checkpoint could not be written; the one before stays valid and the next is tried at its time.
    case checkpointFailed(ProjectorError)
    /// Files find no space; it is tried again every second, and beyond a bound no batch is applied until then.
    case waitsForSpace(reason: String)
    /// What had waited for space is written.
    case foundSpace
    /// Stopped for good; collection goes on until the lag bound.
    case failed(ProjectorError)
}

/// Limits and places of the projector.
package struct ProjectorConfiguration: Sendable {
    /// Holds the checkpoints and the manifest; made when missing. Nothing else may stand in it.
    package var directory: String
    /// A checkpoint at the latest after this time in which something was applied. The default is 30 s.
    package var checkpointIntervalSeconds: UInt64 = 30
    /// And after so many bytes of records. The default is 256 MiB.
    package var checkpointBytesMax = 256 << 20
    /// Beyond this lag imports pause, then collection answers 503. The default is 60 s.
    package var lagSecondsMax: UInt64 = 60
    /// The default is 5 million events.
    package var lagEventsMax = 5_000_000

    package init(directory: String) { self.directory = directory }
}

extension BatchSource {
    package var backlogEvents: Int? { nil }
    package var passedThrough: UInt64 { 0 }
}

extension CheckpointParticipant {
    package func checkpointPublished() throws {}
}
