internal import COctets

/// Looking at 64 bytes at once; in a mask bit n stands for byte n.
extension RawSpan {
    /// What `body` makes of the 64 bytes from `offset` on; zeros stand behind the end. `offset` is within the span.
    @inlinable @inline(__always)
    package func withSixtyFour<Result>(at offset: Int, _ body: (UnsafeRawPointer) -> Result) -> Result {
        var spare = InlineArray<8, UInt64>(repeating: 0)
        return withBytes(64, at: offset, or: &spare, body)
    }

    /// The same of 16 bytes.
    @inlinable @inline(__always)
    package func withSixteen<Result>(at offset: Int, _ body: (UnsafeRawPointer) -> Result) -> Result {
        var spare = InlineArray<2, UInt64>(repeating: 0)
        return withBytes(16, at: offset, or: &spare, body)
    }

    /// `spare` has `count` zeros, for what there is near the end.
    @inlinable @inline(__always)
    func withBytes<Spare, Result>(
        _ count: Int, at offset: Int, or spare: inout Spare, _ body: (UnsafeRawPointer) -> Result
    ) -> Result {
        precondition(offset >= 0 && offset <= byteCount, "the bytes looked at begin in the text")
        return withUnsafeBytes { all in
            withUnsafeMutableBytes(of: &spare) { spare in
                // SAFETY: `count` bytes are read. The span is taken where it has as many left, else what it has fits
                // into `spare`, which has `count` bytes and an address.
                var place = UnsafeRawPointer(spare.baseAddress.unsafelyUnwrapped)
                if let start = all.baseAddress {
                    let rest = all.count &- offset
                    if rest >= count {
                        place = start + offset
                    } else {
                        spare.copyMemory(from: UnsafeRawBufferPointer(start: start + offset, count: rest))
                    }
                }
                return body(place)
            }
        }
    }

    /// Where one of two bytes first stands in `range`, which is within the span; nil where neither does. 64 bytes a
    /// step.
    package func first(of first: UInt8, or second: UInt8, in range: Range<Int>) -> Int? {
        var offset = range.lowerBound
        while offset < range.upperBound {
            let found = withSixtyFour(at: offset) { octets64_either($0, first, second) }
            if found != 0 {
                let place = offset + found.trailingZeroBitCount
                return place < range.upperBound ? place : nil
            }
            offset += 64
        }
        return nil
    }
}
