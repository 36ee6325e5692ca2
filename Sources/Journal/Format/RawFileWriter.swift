internal import Events

/// Appends frames to the one raw file that takes batches. Owned by the committer; every call blocks on the disk.
///
/// Frames are written here and synced by whoever wrote them, through a descriptor of its own: the system tells an error
/// once a descriptor, and of two syncs through one the second would hide what the first has lost.
///
/// The file's whole size is reserved when it is made, so no space shows there and not in the middle of a batch; zeros
/// are written ahead in chunks, because syncing into written blocks is cheaper than into reserved ones (measured:
/// 59 against 74 to 90 us for 324 bytes).
struct RawFileWriter: Sendable {
    private let file: FileReference
    /// Descriptors through which nobody syncs at the moment.
    private var syncable: [FileReference]
    let header: JournalFileHeader
    /// Where the next frame goes.
    private(set) var offset = JournalFileHeader.byteCount
    private(set) var nextBatch: UInt64
    private var chain: UInt32
    private let seed: UInt32
    private let capacity: Int
    private var zeroedThrough: Int
    private let zeros: [UInt8]

    /// Makes the file under a temporary name, syncs it, and gives it its own name.
    static func create(
        _ fileSystem: any FileSystem, directory: String, header: JournalFileHeader, capacity: Int, zeroChunkBytes: Int
    ) throws(FileSystemError) -> RawFileWriter {
        let name = JournalFileName.journal(header.number, header.generation)
        let temporary = "\(directory)/\(name).tmp"
        try fileSystem.unlinkIfPresent(temporary)
        let file: FileReference
        let second: FileReference
        do {
            file = try FileReference(fileSystem, temporary, .create)
            second = try FileReference(fileSystem, temporary, .read)
            try file.preallocate(0..<capacity)
            let bytes = header.encoded
            try file.writeAll(bytes, range: 0..<bytes.count, at: 0)
            try file.sync()
        } catch {
            // Space that a half-made file holds is what others wait for.
            if ErrorCode.meansNoSpace(error.code) { try fileSystem.unlinkIfPresent(temporary) }
            throw error
        }
        try fileSystem.rename(temporary, to: "\(directory)/\(name)")
        try fileSystem.syncDirectoryFully(directory)
        return RawFileWriter([second, file], header: header, capacity: capacity, zeroChunkBytes: zeroChunkBytes)
    }

    private init(_ files: [FileReference], header: JournalFileHeader, capacity: Int, zeroChunkBytes: Int) {
        self.file = files[files.count - 1]
        self.syncable = files
        self.header = header
        self.nextBatch = header.firstBatch
        self.seed = header.seed
        self.chain = header.seed
        self.capacity = capacity
        self.zeroedThrough = JournalFileHeader.byteCount
        self.zeros = [UInt8](repeating: 0, count: zeroChunkBytes)
    }

    /// Whether a frame of this size and the end frame still fit.
    func hasRoom(for byteCount: Int) -> Bool { offset + byteCount + BatchFormat.headerBytes <= capacity }

    /// Writes the frame; it counts once it is synced. `overlaps`: the one before is not. After an error the file must
    /// not be written to again.
    mutating func write(
        _ frame: inout FrameBuffer, writtenAt: Timestamp, overlaps: Bool
    ) throws(FileSystemError) {
        let next = frame.close(
            sequence: nextBatch, writtenAt: writtenAt, seed: seed, chain: chain, overlaps: overlaps)
        let bytes = frame.bytes
        let end = offset + bytes.count
        if end > zeroedThrough {
            let count = max(0, min(zeros.count, capacity - end))
            try file.writeAll(zeros, range: 0..<count, at: end)
            zeroedThrough = end + count
        }
        try file.writeAll(bytes, range: 0..<bytes.count, at: offset)
        offset += bytes.count
        nextBatch += 1
        chain = next
    }

    /// A descriptor to sync what was written, until it is given back; nil while all are in use.
    mutating func takeSyncable() -> FileReference? { syncable.popLast() }
    mutating func giveBack(_ file: FileReference) { syncable.append(file) }

    /// Writes and syncs a batch without records, for a sequence that was given back.
    mutating func appendEmpty(writtenAt: Timestamp) throws(FileSystemError) -> FrameBuffer {
        var empty = FrameBuffer()
        try write(&empty, writtenAt: writtenAt, overlaps: false)
        try file.sync()
        return empty
    }

    /// Writes the end frame, gives the rest of the file back and syncs: the file takes no more batches.
    mutating func finish(at time: Timestamp) throws(FileSystemError) {
        let bytes = BatchFormat.endFrame(nextBatch: nextBatch, writtenAt: time, seed: seed, chain: chain)
        try file.writeAll(bytes, range: 0..<bytes.count, at: offset)
        offset += bytes.count
        try file.truncate(to: offset)
        try file.sync()
    }
}
