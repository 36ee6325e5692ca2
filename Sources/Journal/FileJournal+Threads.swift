internal import Events
internal import Synchronization
internal import Threads

/// The threads that commit. One is enough where a sync is quick. Where it is slow a second one begins a batch in the
/// middle of the first one's sync, and they take turns from then on.
extension FileJournal {
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
            let time = committer.withLock { $0.underWay > 0 && $0.pace.isSlow ? $0.pace.lastSyncNanoseconds : nil }
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

    /// Waits for those whom the last commit answered, as long as `CommitPace` says; ends once as many are there. A request
    /// that comes alone never waits.
    ///
    /// - use: what the process used since the last commit began.
    private func gather(_ use: ProcessorUse) {
        let (last, others, elapsed) = committer.withLock {
            ($0.recordsInBatch, $0.recordsWaiting, $0.lastNanoseconds)
        }
        guard options.gatherNanosecondsMax > 0, last > 1 else { return committer.withLock { $0.pace.used(0) } }
        let seen = work.current
        let mustWait = queue.withLock { queue in
            guard queue.filling.ranges.count < others + last else { return false }
            queue.wakesAt = others + last
            return true
        }
        guard mustWait, !isStopping.load(ordering: .acquiring) else { return }
        var use = use
        for waits in 0...options.busyGathersMax {
            let now = clock.monotonic().nanoseconds
            let share = waits > 0 ? use.share(at: now) : nil
            let time = committer.withLock { committer in
                if let share { committer.pace.used(share) }
                return committer.pace.gathering(after: waits, elapsed: elapsed)
            }
            guard let time else { return }
            guard time > 0 else { continue }
            // Without the time of the commit itself: the disk's own, in which there may be nothing to do, says nothing.
            use = ProcessorUse(at: now)
            if work.wait(after: seen, nanosecondsAtMost: time) { return }
        }
    }
}
