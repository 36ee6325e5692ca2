internal import Events

extension RawSpan {
    /// Whether these bytes, the value of an If-None-Match line, name `tag` or everything (RFC 9110 13.1.2): a list of
    /// entity tags, weak or strong, compared weakly, or `*`. `tag` comes with its quotation marks. What is no entity
    /// tag is passed over up to the next comma. O(bytes), no allocation.
    package func namesEntityTag(_ tag: borrowing RawSpan) -> Bool {
        let quote = UInt8(ascii: "\"")
        var offset = 0
        while offset < byteCount {
            let first = byte(at: offset)
            if first == UInt8(ascii: ",") || LineScan.isBlank(first) {
                offset += 1
                continue
            }
            if first == UInt8(ascii: "*") { return isEnd(after: offset) }
            let isWeak =
                first == UInt8(ascii: "W") && offset + 1 < byteCount && byte(at: offset + 1) == UInt8(ascii: "/")
            let start = isWeak ? offset + 2 : offset
            guard start < byteCount, byte(at: start) == quote,
                let end = firstOffset(of: quote, in: start + 1..<byteCount)
            else {
                offset = firstOffset(of: UInt8(ascii: ","), in: offset..<byteCount) ?? byteCount
                continue
            }
            if extracting(start..<end + 1).equals(tag) { return true }
            offset = end + 1
        }
        return false
    }

    /// Nothing but blanks and commas follows the byte at `offset`.
    private func isEnd(after offset: Int) -> Bool {
        for index in offset + 1..<byteCount {
            guard LineScan.isBlank(byte(at: index)) || byte(at: index) == UInt8(ascii: ",") else { return false }
        }
        return true
    }
}
