internal import Events
internal import Synchronization
internal import Threads

/// The threads that commit. One is enough where a sync is quick. Where it is slow a second one begins a batch in the
/// middle of the first one's sync, and they take turns from then on.
extension FileJournal {
    /// From here on a process is busy.
    private static let busyShare = 0.75

    /// The committer's thread: commits as long as there is something, then waits for more.
    func runCommitter() {
        while true {
            let seen = work.current
            let use = ProcessorUse(at: clock.monotonic().nanoseconds)
            switch commitOnce() {
            case .committed: gather(use)
            case .failed: return
            case .idle:
                if isStopping.load(ordering: .acquiring) { return }
                let isWithoutSpace = queue.withLock { $0.status == .noSpace }
                let time = isWithoutSpace ? options.spaceCheckMilliseconds * 1_000_000 : 1_000_000_000
                work.wait(after: seen, nanosecondsAtMost: time)
            case .noSpace:
                if isStopping.load(ordering: .acquiring) { return }
                work.wait(after: seen, nanosecondsAtMost: options.spaceCheckMilliseconds * 1_000_000)
            }
        }
    }

    /// The second committer's thread: sleeps unless a slow sync is under way.
    func runSecondCommitter() {
        while !isStopping.load(ordering: .acquiring) {
            let seen = slowSync.current
            let news = work.current
            let time = committer.withLock { $0.underWay > 0 && $0.isSlow(options) ? $0.lastSyncNanoseconds : nil }
            guard let time else {
                slowSync.wait(after: seen, nanosecondsAtMost: 60_000_000_000)
                continue
            }
            switch commitOnce() {
            case .committed: break
            case .failed: return
            case .idle, .noSpace: work.wait(after: news, nanosecondsAtMost: time)
            }
        }
    }

    /// Under load the next commit waits a moment for those whom the last one answered: each sync then carries more, and
    /// the core changes fewer tasks. A request that comes alone never waits, and none where the disk itself takes so
    /// long that enough gathers meanwhile.
    ///
    /// As long as the process has no processor to spare the wait goes on, for it costs nobody anything: clients wait for
    /// their turn anyway, and what a commit costs is taken from them. A sync may seem long then that is not the disk's:
    /// several in a row are.
    ///
    /// - use: what the process used since the last commit began.
    private func gather(_ use: ProcessorUse) {
        let (last, others, elapsed) = committer.withLock {
            ($0.recordsInBatch, $0.recordsWaiting, $0.lastNanoseconds)
        }
        let step = options.gatherNanosecondsMax
        guard step > 0, last > 1 else { return note(isBusy: false) }
        let seen = work.current
        let mustWait = queue.withLock { queue in
            guard queue.filling.ranges.count < others + last else { return false }
            queue.wakesAt = others + last
            return true
        }
        guard mustWait, !isStopping.load(ordering: .acquiring) else { return }
        var use = use
        if elapsed < step {
            // The disk's own time, in which there may be nothing to do, says nothing.
            use = ProcessorUse(at: clock.monotonic().nanoseconds)
            if work.wait(after: seen, nanosecondsAtMost: step - elapsed) { return }
        }
        for _ in 0..<options.busyGathersMax {
            let now = clock.monotonic().nanoseconds
            let isBusy = use.share(at: now) >= Self.busyShare
            note(isBusy: isBusy)
            guard isBusy, !committer.withLock({ $0.isSlow(options) }) else { return }
            use = ProcessorUse(at: now)
            if work.wait(after: seen, nanosecondsAtMost: step) { return }
        }
    }

    private func note(isBusy: Bool) { committer.withLock { $0.isBusy = isBusy } }
}
