/// A piece of a file held in memory for reading forwards. Memory: one chunk, or the longest range asked for.
struct FileWindow: Sendable {
    let file: FileReference
    private(set) var bytes: [UInt8] = []
    /// Where `bytes` begins in the file.
    private(set) var start = 0
    private(set) var fileBytes: Int
    private let chunkBytes: Int

    init(_ file: FileReference, chunkBytes: Int = 256 << 10) throws(FileSystemError) {
        self.file = file
        self.chunkBytes = chunkBytes
        self.fileBytes = try file.size()
    }

    /// Forgets what was read; the file may have changed.
    mutating func refresh() throws(FileSystemError) {
        bytes.removeAll(keepingCapacity: true)
        fileBytes = try file.size()
    }

    /// The range's place in `bytes` after reading what was missing; nil when the file ends before it does.
    mutating func load(_ range: Range<Int>) throws(FileSystemError) -> Range<Int>? {
        guard range.lowerBound >= 0, range.upperBound <= fileBytes else { return nil }
        if range.lowerBound < start || range.upperBound > start + bytes.count || bytes.isEmpty {
            let count = min(max(range.count, chunkBytes), fileBytes - range.lowerBound)
            bytes.appendZeros(count - bytes.count)
            if bytes.count > count { bytes.removeLast(bytes.count - count) }
            let read = try file.readFully(into: &bytes, range: 0..<count, at: range.lowerBound)
            bytes.removeLast(count - read)
            start = range.lowerBound
            if read < range.count { return nil }
        }
        return range.lowerBound - start..<range.upperBound - start
    }

    /// Whether all bytes from `offset` to the end of the file are zero.
    mutating func isZero(from offset: Int) throws(FileSystemError) -> Bool {
        var offset = offset
        while offset < fileBytes {
            let count = min(chunkBytes, fileBytes - offset)
            guard let place = try load(offset..<offset + count) else { return false }
            if !bytes.isZero(place) { return false }
            offset += count
        }
        return true
    }
}
