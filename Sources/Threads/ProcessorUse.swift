internal import CLinux

/// How much of the processors that it may run on the process uses from a moment on. To begin costs two system calls, to
/// ask three.
package struct ProcessorUse {
    private let usedBefore = linux_process_nanoseconds()
    private let began = linux_monotonic_nanoseconds()

    package init() {}

    /// 0 for a process that sleeps, 1 for one that has every processor; 0 where no time has gone by.
    package var share: Double {
        let used = Double(linux_process_nanoseconds()) - Double(usedBefore)
        let gone = (Double(linux_monotonic_nanoseconds()) - Double(began)) * Double(linux_cpu_count())
        return gone > 0 ? used / gone : 0
    }
}
