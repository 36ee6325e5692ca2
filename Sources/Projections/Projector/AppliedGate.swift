#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Where threads wait for a batch to be applied. A mutex and a condition, held for a few instructions.
///
/// SAFETY: `@unchecked Sendable` because every access to the stored state happens with `mutex` held; the two pthread
/// objects are allocated once, never moved, and freed when nobody refers to the gate.
final class AppliedGate: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var applied: UInt64 = 0
    private var isOver = false
    /// Counts the beginnings anew: who drives an earlier one is no longer heard.
    private var run: UInt64 = 0

    init() {
        // SAFETY: both were allocated above for one object each.
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        // SAFETY: no thread refers to the gate any more.
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Nothing is applied any more, as at the start: waiters wait for the new run.
    func beginAnew() {
        pthread_mutex_lock(mutex)
        run += 1
        applied = 0
        isOver = false
        pthread_mutex_unlock(mutex)
    }

    /// Which run `advance` and `close` speak of.
    var currentRun: UInt64 {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return run
    }

    func advance(to batch: UInt64, in run: UInt64) {
        pthread_mutex_lock(mutex)
        if run == self.run, batch > applied { applied = batch }
        pthread_mutex_unlock(mutex)
        // Who wakes takes the lock first.
        pthread_cond_broadcast(condition)
    }

    /// Nothing more will be applied: everybody stops waiting.
    func close(_ run: UInt64) {
        pthread_mutex_lock(mutex)
        if run == self.run { isOver = true }
        pthread_mutex_unlock(mutex)
        // Who wakes takes the lock first.
        pthread_cond_broadcast(condition)
    }

    /// Whether `batch` is applied, at the latest after `milliseconds`. Blocks the thread.
    func wait(for batch: UInt64, milliseconds: Int) -> Bool {
        var deadline = timespec()
        clock_gettime(CLOCK_MONOTONIC, &deadline)
        let nanoseconds = deadline.tv_nsec + (milliseconds % 1000) * 1_000_000
        deadline.tv_sec += milliseconds / 1000 + nanoseconds / 1_000_000_000
        deadline.tv_nsec = nanoseconds % 1_000_000_000
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while applied < batch, !isOver {
            if pthread_cond_timedwait(condition, mutex, &deadline) == ETIMEDOUT { break }
        }
        return applied >= batch
    }
}
