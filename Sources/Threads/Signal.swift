// Both modules have `timespec`, and whichever is read first counts as its owner.
internal import CLinux

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A condition variable with its lock: a thread waits until another says that something changed, for a time on the
/// monotonic clock. The standard library's `Mutex` has no such wait.
///
/// SAFETY: both C objects live at fixed addresses from `init` to `deinit` and are only used through their own calls,
/// which are thread-safe; `generation` is only touched with the lock held.
package final class Signal: @unchecked Sendable {
    // SAFETY: allocated once, freed in deinit, when nobody can wait any more.
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    // SAFETY: as above.
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var generation: UInt64 = 0
    private var waiters = 0

    package init() {
        pthread_mutex_init(lock, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        #if os(Linux)
            pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        #endif
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(lock)
        condition.deallocate()
        lock.deallocate()
    }

    /// The present generation: take it before looking at what may change, then wait for a later one.
    package var current: UInt64 {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        return generation
    }

    /// Starts a new generation and wakes all who wait. Costs a system call only when somebody does; it is made with the
    /// lock free, since who wakes takes it first, and may run at once in the caller's place.
    package func raise() {
        pthread_mutex_lock(lock)
        generation &+= 1
        let isAwaited = waiters > 0
        pthread_mutex_unlock(lock)
        if isAwaited { pthread_cond_broadcast(condition) }
    }

    /// Returns when the generation is no longer `seen`, or after the time; true in the first case.
    @discardableResult
    package func wait(after seen: UInt64, nanosecondsAtMost: UInt64) -> Bool {
        var deadline = timespec()
        #if os(Linux)
            clock_gettime(CLOCK_MONOTONIC, &deadline)
        #else
            clock_gettime(CLOCK_REALTIME, &deadline)
        #endif
        let nanoseconds = UInt64(clamping: deadline.tv_nsec) + nanosecondsAtMost % 1_000_000_000
        let seconds = min(nanosecondsAtMost / 1_000_000_000, 1_000_000_000) + nanoseconds / 1_000_000_000
        deadline.tv_sec += Int(seconds)
        deadline.tv_nsec = Int(nanoseconds % 1_000_000_000)
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        waiters += 1
        defer { waiters -= 1 }
        while generation == seen {
            if pthread_cond_timedwait(condition, lock, &deadline) == ETIMEDOUT { return generation != seen }
        }
        return true
    }
}
