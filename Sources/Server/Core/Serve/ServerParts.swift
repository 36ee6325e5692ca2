internal import Collect
internal import Events
internal import Foundation
internal import Journal
internal import Projector
internal import RequestParsing
internal import Serving
internal import Synchronization

/// Passes on that the journal can write no more.
final class FailureWatch: CommitObserver, Sendable {
    private let report: @Sendable () -> Void

    init(_ report: @escaping @Sendable () -> Void) { self.report = report }

    func journalCommitted(through batch: UInt64) {}
    func journalFailed() { report() }
}

/// Looks at the projector five times a second and raises the flag while it is beyond its lag bound.
final class LagWatch: Sendable {
    let flag = LagFlag()
    private let loop: SteadyLoop

    init(_ projector: Projector) {
        let flag = flag
        loop = SteadyLoop(milliseconds: 200) { flag.set(projector.status.isBeyondLagBound) }
    }

    func start() { loop.start() }
    func stop() { loop.stop() }
}

/// A thread that does one thing again and again, with a pause between, until it is stopped.
final class SteadyLoop: Sendable {
    private let milliseconds: Int
    private let body: @Sendable () -> Void
    private let stopping = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)
    private let isRunning = Mutex(false)

    init(milliseconds: Int, _ body: @escaping @Sendable () -> Void) {
        self.milliseconds = milliseconds
        self.body = body
    }

    func start() {
        isRunning.withLock { $0 = true }
        Thread.detachNewThread { [self] in
            while stopping.wait(timeout: .now() + .milliseconds(milliseconds)) == .timedOut { body() }
            ended.signal()
        }
    }

    /// Returns when the thread has left.
    func stop() {
        let wasRunning = isRunning.withLock { running in
            defer { running = false }
            return running
        }
        guard wasRunning else { return }
        stopping.signal()
        ended.wait()
    }
}

/// The first commit makes a file, which takes a slow disk longer than events may wait: those of the first moment would be
/// refused.
enum FirstCommit {
    /// Returns once `batch` is on disk, after ten seconds, or where there is no space: then events are refused, and told
    /// why.
    static func wait(for batch: UInt64, in journal: FileJournal) {
        let reader = journal.reader(after: batch - 1)
        for _ in 0..<200 {
            let metrics = journal.metrics()
            if metrics.isWithoutSpace || metrics.hasFailed { return }
            if (try? reader.next(waitingAtMost: 50_000_000)) != nil { return }
        }
    }
}

/// Turns the day's salt in time: looks every second.
final class SaltTurner: Sendable {
    let keeper: SaltKeeper
    private let loop: SteadyLoop

    init(_ keeper: SaltKeeper, seams: ServerSeams) {
        self.keeper = keeper
        loop = SteadyLoop(milliseconds: 1_000) {
            do throws(PrivacyError) { try keeper.turn() } catch {
                seams.log(.error, "the day's salt cannot be written", ["error": "\(error)", "hint": error.hint])
            }
        }
    }

    func start() { loop.start() }
    func stop() { loop.stop() }
}

/// The larger of the two shares of the volume that stay free.
enum Reserve {
    static func bytes(_ settings: StorageSettings, on directory: String) -> Int {
        let total = (try? PosixFileSystem().freeSpace(directory))?.totalBytes ?? 0
        return max(settings.reserveBytes, total / 100 * settings.reservePercent)
    }
}

extension CollectLimits {
    init(_ settings: CollectSettings) {
        self.init()
        eventsMax = settings.eventsPerRequestMax
        eventBytesMax = settings.eventBytesMax
    }
}

extension ServingConfiguration {
    init(_ settings: PublicPlaneSettings) {
        self.init()
        host = settings.listen.host
        port = Int(settings.listen.port)
        parser = settings.parser == .own ? .own : .nio
        connectionsMax = settings.connectionsMax
        connectionsPerAddressMax = settings.connectionsPerAddressMax
        headLimits = HeadLimits(listBytesMax: settings.headerBytesMax)
        bodyBytesMax = settings.bodyBytesMax
        headMilliseconds = Int(clamping: settings.headerTimeout.milliseconds)
        bodyMilliseconds = Int(clamping: settings.bodyTimeout.milliseconds)
        requestMilliseconds = Int(clamping: settings.requestTimeout.milliseconds)
        writeMilliseconds = Int(clamping: settings.writeTimeout.milliseconds)
        idleMilliseconds = Int(clamping: settings.idleTimeout.milliseconds)
        drainMilliseconds = Int(clamping: settings.drainTimeout.milliseconds)
        trustedProxies = settings.trustedProxies
    }
}

extension Duration {
    /// Whole milliseconds, held at the ends of the range.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
        return overflow ? (seconds > 0 ? .max : .min) : product &+ attoseconds / 1_000_000_000_000_000
    }
}
