internal import Events

/// The methods that are understood. Others are refused with 501 before their body could be misread.
package enum HTTPMethod: UInt8, CaseIterable, Sendable {
    case get, head, post, options, put, delete, patch

    package var name: StaticString {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .options: "OPTIONS"
        case .put: "PUT"
        case .delete: "DELETE"
        case .patch: "PATCH"
        }
    }
}

/// Where one header line stands in the head: offsets from the request's first byte. The value is without the white
/// space around it.
package struct HeaderField: Sendable {
    package let nameStart: UInt16
    package let nameEnd: UInt16
    package let valueStart: UInt16
    package let valueEnd: UInt16
    /// The raw value of its `KnownHeader`, or 255.
    fileprivate let known: UInt8

    package var header: KnownHeader? { KnownHeader(rawValue: known) }
    package var name: Range<Int> { Int(nameStart)..<Int(max(nameStart, nameEnd)) }
    package var value: Range<Int> { Int(valueStart)..<Int(max(valueStart, valueEnd)) }
}

/// The header lines of one connection's heads, one head after another: about 1 KiB, allocated once.
///
/// SAFETY: written by the parser that owns it, read through the heads it hands out, all on one loop at a time.
private final class HeaderLines: @unchecked Sendable {
    var fields = InlineArray<100, HeaderField>(
        repeating: HeaderField(nameStart: 0, nameEnd: 0, valueStart: 0, valueEnd: 0, known: 255))
    var first = InlineArray<30, UInt8>(repeating: 255)
}

/// A request head as offsets into the bytes it was read from, in fixed storage: no allocation, whatever the head holds.
/// It owns no bytes; whoever keeps it keeps them beside it. A copy shares the header lines with the one it was made
/// from, and is good until that one is `reset`.
///
///     GET /collect.gif?site=k HTTP/1.1⏎Host: shop.test⏎Cookie: a=1⏎⏎
///         ^path        ^query          ^fields[0]      ^fields[1]    ^byteCount
package struct RequestHead: Sendable {
    /// The most header lines a head can hold.
    package static let fieldCountMax = 100
    private static let absent: UInt8 = 255

    package internal(set) var method = HTTPMethod.get
    /// 0 or 1, after `HTTP/1.`.
    package internal(set) var minorVersion: UInt8 = 1
    package internal(set) var path = 0..<0
    /// After the first `?` of the target, without it; empty when there is none.
    package internal(set) var query = 0..<0
    /// The value of Content-Length; nil when the header is absent.
    package internal(set) var contentLength: Int?
    package internal(set) var isChunked = false
    package internal(set) var expectsContinue = false
    /// From the Connection header and the version: the sender wants to go on after the answer.
    package internal(set) var keepsAlive = true
    /// The whole head with its closing empty line.
    package internal(set) var byteCount = 0
    package private(set) var fieldCount = 0
    private let lines = HeaderLines()
    /// Bit n: `KnownHeader` n stands there more than once.
    private var repeated: UInt64 = 0

    package init() {}

    /// The n-th header line, 0 ..< fieldCount.
    package func field(_ index: Int) -> HeaderField { lines.fields[index] }

    /// Where the first header line with this name has its value; nil when there is none. O(1).
    @inline(__always)
    package func value(_ header: KnownHeader) -> Range<Int>? {
        let index = lines.first[Int(header.rawValue)]
        return index == Self.absent ? nil : lines.fields[Int(index)].value
    }

    /// Whether more than one line has this name.
    package func isRepeated(_ header: KnownHeader) -> Bool { repeated & (1 << UInt64(header.rawValue)) != 0 }

    /// Calls `body` with the value of every line of this name, in the order sent. O(fields) when it is repeated.
    package func forEachValue(_ header: KnownHeader, _ body: (Range<Int>) -> Void) {
        guard let value = value(header) else { return }
        guard isRepeated(header) else { return body(value) }
        for index in 0..<fieldCount where lines.fields[index].known == header.rawValue {
            body(lines.fields[index].value)
        }
    }

    /// The values of every line of this name, joined with `separator`: a copy. Nil unless there are several, since a
    /// single one is read in place.
    package func joinedValues(_ header: KnownHeader, separator: StaticString, in bytes: borrowing RawSpan) -> [UInt8]? {
        guard isRepeated(header) else { return nil }
        var joined: [UInt8] = []
        for index in 0..<fieldCount where lines.fields[index].known == header.rawValue {
            if !joined.isEmpty { separator.withUTF8Buffer { joined.append(contentsOf: $0) } }
            bytes.extracting(lines.fields[index].value).withUnsafeBytes { joined.append(contentsOf: $0) }
        }
        return joined
    }

    /// Empties the head for the next request of the connection. O(known headers), not O(fields).
    mutating func reset() {
        contentLength = nil
        isChunked = false
        expectsContinue = false
        keepsAlive = true
        byteCount = 0
        fieldCount = 0
        repeated = 0
        for index in 0..<KnownHeader.count { lines.first[index] = Self.absent }
    }

    /// Adds a header line; the offsets must be below 65,536 and `fieldCount` below `fieldCountMax`.
    @inline(__always)
    mutating func append(name: Range<Int>, value: Range<Int>, known: KnownHeader?) {
        lines.fields[fieldCount] = HeaderField(
            nameStart: UInt16(truncatingIfNeeded: name.lowerBound),
            nameEnd: UInt16(truncatingIfNeeded: name.upperBound),
            valueStart: UInt16(truncatingIfNeeded: value.lowerBound),
            valueEnd: UInt16(truncatingIfNeeded: value.upperBound),
            known: known?.rawValue ?? Self.absent)
        if let known {
            let slot = Int(known.rawValue)
            if lines.first[slot] == Self.absent {
                lines.first[slot] = UInt8(truncatingIfNeeded: fieldCount)
            } else {
                repeated |= 1 << UInt64(known.rawValue)
            }
        }
        fieldCount += 1
    }
}

/// What a head may cost. The sum of request line and list must stay below 64 KiB, since offsets are 16 bits wide;
/// larger settings are cut to that.
package struct HeadLimits: Sendable {
    /// Method, target and version together.
    package let requestLineBytesMax: Int
    /// One header line: name, colon, value.
    package let fieldBytesMax: Int
    /// All header lines with their line ends.
    package let listBytesMax: Int
    package let fieldCountMax: Int

    package init(
        requestLineBytesMax: Int = 8 << 10, fieldBytesMax: Int = 8 << 10, listBytesMax: Int = 32 << 10,
        fieldCountMax: Int = 100
    ) {
        self.requestLineBytesMax = min(max(requestLineBytesMax, 16), 24 << 10)
        self.fieldBytesMax = min(max(fieldBytesMax, 16), 32 << 10)
        self.listBytesMax = min(max(listBytesMax, 16), 38 << 10)
        self.fieldCountMax = min(max(fieldCountMax, 1), RequestHead.fieldCountMax)
    }

    /// More bytes than a head within these limits can have.
    package var headBytesMax: Int { requestLineBytesMax + listBytesMax + 8 }
}
