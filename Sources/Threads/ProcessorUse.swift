internal import CLinux

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// How much of the processors that it may run on the process uses from a moment on. To begin costs a system call, to
/// ask two.
package struct ProcessorUse {
    private let usedBefore = ProcessorUse.processorNanoseconds
    private let began: UInt64

    /// - now: nanoseconds of a clock that never goes back.
    package init(at now: UInt64) { began = now }

    /// Until `now`: 0 for a process that sleeps, 1 for one that has every processor; 0 where no time has gone by.
    package func share(at now: UInt64) -> Double {
        let used = Double(ProcessorUse.processorNanoseconds) - Double(usedBefore)
        let gone = (Double(now) - Double(began)) * Double(linux_cpu_count())
        return gone > 0 ? used / gone : 0
    }

    /// What the whole process has used since it began.
    private static var processorNanoseconds: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return UInt64(clamping: time.tv_sec) &* 1_000_000_000 &+ UInt64(clamping: time.tv_nsec)
    }
}
