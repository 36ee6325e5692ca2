internal import CLinux

/// What becomes of memory that was freed. For the whole process.
package enum FreedMemory {
    /// The system has it back now: a start reads files that it keeps nothing of.
    package static func giveBack() { linux_trim_memory() }
    /// From now on up to 8 MiB a heap stay for the next allocations. Before the first thread.
    package static func keep() { linux_keep_freed_memory() }
}
