internal import Events

/// The end of a file to which bytes come in whole blocks, past the system's cache where the file system lets them: to
/// copy them and their zeros into it was a quarter of a commit's processor time (42 of 172 us for 47 kB), and readers
/// have the latest batches in memory.
///
/// A block that is not full is filled up with zeros, and written again with what follows it: its first bytes are the
/// same then, so that a write that the power cuts short cannot harm them.
///
/// SAFETY: `stage` is allocated in `init` and freed in `deinit`; it is touched by `append` only, whose callers are
/// ordered by the committer's lock.
final class BlockAppender: @unchecked Sendable {
    /// What is written in one call at most.
    private static let stageBytes = 1 << 20
    /// What memory must be aligned to for such a write, on any file system.
    fileprivate static let alignment = 4096

    let file: FileReference
    let blockBytes: Int
    private let stage: UnsafeMutableRawBufferPointer
    /// Where the stage's first byte stands in the file: a block begins there.
    private var start = 0
    /// Bytes of a block that is not full, at the stage's front; they are in the file.
    private var kept = 0

    /// Begins the file with `bytes`.
    init(_ file: FileReference, blockBytes: Int, beginningWith bytes: RawSpan) throws(FileSystemError) {
        self.file = file
        self.blockBytes = blockBytes
        let count = BlockAppender.rounded(BlockAppender.stageBytes, to: blockBytes)
        stage = .allocate(byteCount: count, alignment: BlockAppender.alignment)
        try append(bytes)
    }

    deinit { stage.deallocate() }

    /// Where the next bytes go.
    var offset: Int { start + kept }

    /// The next multiple of a block's size.
    static func rounded(_ count: Int, to blockBytes: Int) -> Int {
        (count + blockBytes - 1) / blockBytes * blockBytes
    }

    /// Writes behind what was appended before. After an error nothing may be appended any more.
    func append(_ bytes: RawSpan) throws(FileSystemError) {
        var taken = 0
        while taken < bytes.byteCount {
            let count = min(bytes.byteCount - taken, stage.count - kept)
            let used = kept + count
            bytes.extracting(taken..<taken + count).withUnsafeBytes { piece in
                UnsafeMutableRawBufferPointer(rebasing: stage[kept..<used]).copyMemory(from: piece)
            }
            let padded = BlockAppender.rounded(used, to: blockBytes)
            UnsafeMutableRawBufferPointer(rebasing: stage[used..<padded]).initializeMemory(as: UInt8.self, repeating: 0)
            try file.writeAll(UnsafeRawBufferPointer(rebasing: stage[..<padded]).bytes, at: start)
            let whole = used / blockBytes * blockBytes
            if whole > 0 {
                let rest = UnsafeRawBufferPointer(rebasing: stage[whole..<used])
                UnsafeMutableRawBufferPointer(rebasing: stage[..<rest.count]).copyMemory(from: rest)
            }
            start += whole
            kept = used - whole
            taken += count
        }
    }
}

/// Zeros to be written in whole blocks.
///
/// SAFETY: allocated and filled in `init`, freed in `deinit`, only read in between.
final class ZeroBlocks: @unchecked Sendable {
    private let memory: UnsafeMutableRawBufferPointer

    init(byteCount: Int) {
        memory = .allocate(byteCount: byteCount, alignment: BlockAppender.alignment)
        memory.initializeMemory(as: UInt8.self, repeating: 0)
    }

    deinit { memory.deallocate() }

    var byteCount: Int { memory.count }

    func write(_ count: Int, to file: FileReference, at offset: Int) throws(FileSystemError) {
        try file.writeAll(UnsafeRawBufferPointer(rebasing: memory[..<count]).bytes, at: offset)
    }
}
