internal import Events

extension [UInt8] {
    /// Appends a piece of a span; one copy.
    @inline(__always)
    mutating func append(_ bytes: borrowing RawSpan, _ range: Range<Int>) {
        bytes.extracting(range).withUnsafeBytes { append(contentsOf: $0) }
    }
}
