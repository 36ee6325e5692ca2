internal import CLinux

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// One named thread that runs a closure and can be waited for: for work that blocks, and for loops that own their core.
///
/// SAFETY: `thread` is written once in `init` and read by the one caller of `join`.
package final class OwnThread: @unchecked Sendable {
    private final class Work {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private var thread = pthread_t()
    /// False where the system gave no thread; the closure is never called then.
    package let hasStarted: Bool

    /// Starts it. Of `name` the system shows 15 bytes; `nice` is what it lets others go first by: 0 nothing,
    /// 19 everything that they want.
    package init(name: String, nice: CInt = 0, _ run: @escaping @Sendable () -> Void) {
        let work = Unmanaged.passRetained(
            Work {
                #if os(Linux)
                    _ = linux_name_thread(name)
                    // On Linux a nice value belongs to the thread that asks.
                    if nice > 0 { _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, nice) }
                #endif
                run()
            })
        // SAFETY: the retained box passes to the new thread, which releases it; where none starts, it is released here.
        let code = pthread_create(
            &thread, nil,
            { pointer in
                guard let pointer else { return nil }
                Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().run()
                return nil
            }, work.toOpaque())
        hasStarted = code == 0
        if !hasStarted { work.release() }
    }

    /// Waits until the closure has returned.
    package func join() { if hasStarted { pthread_join(thread, nil) } }
}
