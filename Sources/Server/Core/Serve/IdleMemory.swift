internal import Threads

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// What a server that waits for requests holds no longer: memory that was freed, and code that only its start ran.
enum IdleMemory {
    /// Gives both back to the system. Code that is called again comes from the page cache, a fault for each 64 KiB; nobody
    /// waits for a disk unless the system was short of memory. About a millisecond.
    static func giveBack() {
        FreedMemory.giveBack()
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
            madvise(start, Int(ends[1] - ends[0]), MADV_DONTNEED)
        }
    }
}
