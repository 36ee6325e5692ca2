internal import Events

/// A request head put together from parts that another decoder has read and checked (NIOHTTP1), in the same form as the
/// head parser's result, so that responders need not know who read it. Allocates; not for the fast path.
package struct RequestHeadAssembly {
    package private(set) var head = RequestHead()
    /// What the head's offsets point into.
    package private(set) var bytes: [UInt8] = []

    /// Nil for a method that is not understood or a target beyond 32 KiB.
    package init?(method: String, minorVersion: Int, target: String, keepsAlive: Bool) {
        guard let known = HTTPMethod.allCases.first(where: { "\($0.name)" == method }), target.utf8.count <= 32 << 10
        else {
            return nil
        }
        head.reset()
        head.method = known
        head.minorVersion = minorVersion == 0 ? 0 : 1
        head.keepsAlive = keepsAlive
        bytes = Array(target.utf8)
        let mark = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.count
        head.path = 0..<mark
        head.query = min(mark + 1, bytes.count)..<bytes.count
        head.byteCount = bytes.count
    }

    /// Adds a header line; false when the head is full.
    package mutating func addField(name: String, value: String) -> Bool {
        let nameStart = bytes.count
        bytes.append(contentsOf: name.utf8)
        let valueStart = bytes.count
        bytes.append(contentsOf: value.utf8)
        while bytes.count > valueStart, let last = bytes.last, LineScan.isBlank(last) { bytes.removeLast() }
        guard bytes.count <= Int(UInt16.max), head.fieldCount < RequestHead.fieldCountMax else { return false }
        let all = bytes
        let known = KnownHeader.recognise(all.span.bytes.extracting(nameStart..<valueStart))
        let trimmed = all.span.bytes.extracting(valueStart..<bytes.count)
        switch known {
        case .contentLength: head.contentLength = Int(trimmed.text)
        case .transferEncoding: head.isChunked = true
        case .expect: head.expectsContinue = head.minorVersion == 1 && trimmed.equalsIgnoringCase("100-continue")
        default: break
        }
        head.append(name: nameStart..<valueStart, value: valueStart..<bytes.count, known: known)
        head.byteCount = bytes.count
        return true
    }
}
