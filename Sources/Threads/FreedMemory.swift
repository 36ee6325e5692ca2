internal import CLinux

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What becomes of memory that was freed. For the whole process.
package enum FreedMemory {
    /// The system has it back now: a start reads files that it keeps nothing of.
    package static func giveBack() { linux_trim_memory() }
    /// From now on up to 32 MiB stay for the next allocations. Before the first thread.
    package static func keep() { linux_keep_freed_memory() }

    /// The same at the end of a start, with the code that only the start ran: 20 MB and more. What is called again comes
    /// from the page cache, a fault for each 64 KiB; nobody waits for a disk unless the system was short of memory. About
    /// a millisecond.
    package static func giveBackAfterStart() {
        giveBack()
        guard let maps = fopen("/proc/self/maps", "re") else { return }
        defer { fclose(maps) }
        var line = [CChar](repeating: 0, count: 4096)
        while fgets(&line, CInt(line.count), maps) != nil {
            let words = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                .split(separator: " ")
            guard words.count >= 6, words[1] == "r-xp", words[5].hasPrefix("/") else { continue }
            let ends = words[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard ends.count == 2, ends[0] < ends[1], let start = UnsafeMutableRawPointer(bitPattern: ends[0]) else {
                continue
            }
            // SAFETY: the range is a mapping of a file that nobody writes to; its pages are read again when they are
            // wanted, with the same bytes.
            madvise(start, Int(clamping: ends[1] - ends[0]), MADV_DONTNEED)
        }
    }
}
