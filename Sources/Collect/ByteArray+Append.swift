internal import Events

extension [UInt8] {
    /// Appends a piece of a span; one copy.
    @inline(__always)
    mutating func append(_ bytes: borrowing RawSpan, _ range: Range<Int>) {
        bytes.extracting(range).withUnsafeBytes { append(contentsOf: $0) }
    }

    /// Writes a span over what stands from `start` on, where there must be as many bytes; one copy.
    @inline(__always)
    mutating func overwrite(from start: Int, with bytes: borrowing RawSpan) {
        precondition(start >= 0 && bytes.byteCount <= count - start, "there is room for what is written")
        bytes.withUnsafeBytes { source in
            withUnsafeMutableBytes { target in
                // SAFETY: the precondition says that the slice is as long as the source.
                UnsafeMutableRawBufferPointer(rebasing: target[start..<start + source.count]).copyMemory(from: source)
            }
        }
    }
}
