/// When the next commit begins, judged by how the last ones went. Reads no clock and waits for nothing itself.
///
/// Under load the next commit waits a moment for those whom the last one answered: each sync then carries more, and the
/// core changes fewer tasks. As long as the process has no processor to spare the wait goes on, for it costs nobody
/// anything: clients wait for their turn anyway, and what a commit costs is taken from them. None waits where the disk
/// itself takes so long that enough gathers meanwhile.
package struct CommitPace: Sendable {
    /// From here on a process is busy.
    private static let busyShare = 0.75
    /// Where the process is busy a sync may be long because its thread waits for a processor. Not so many in a row.
    private static let longSyncsMin = 4

    /// Nanoseconds of one wait, and how often a busy process waits again.
    private let step: UInt64
    private let againMax: Int
    /// How long the last sync took.
    private(set) var lastSyncNanoseconds: UInt64 = 0
    /// How many syncs in a row, up to the last, took longer than the longest gathering; no more than matters.
    private var longSyncs = 0
    /// Whether the process had no processor to spare when that was last looked at.
    private var isBusy = false

    package init(_ options: JournalOptions) {
        step = options.gatherNanosecondsMax
        againMax = options.busyGathersMax
    }

    /// Whether the disk takes longer than what gathering would wait for anyway.
    package var isSlow: Bool { isBusy ? longSyncs == Self.longSyncsMin : lastSyncNanoseconds > step }

    /// A sync took so long.
    package mutating func synced(_ nanoseconds: UInt64) {
        lastSyncNanoseconds = nanoseconds
        longSyncs = nanoseconds > step * UInt64(1 + againMax) ? min(longSyncs + 1, Self.longSyncsMin) : 0
    }

    /// Which share of its processors the process used since it was last looked at.
    package mutating func used(_ share: Double) { isBusy = share >= Self.busyShare }

    /// How many nanoseconds gathering waits now; nil where it ends.
    ///
    /// - waits: how often it has waited already.
    /// - elapsed: what the last commit took from its beginning.
    package func gathering(after waits: Int, elapsed: UInt64) -> UInt64? {
        guard waits > 0 else { return step > elapsed ? step - elapsed : 0 }
        return waits <= againMax && isBusy && !isSlow ? step : nil
    }
}
