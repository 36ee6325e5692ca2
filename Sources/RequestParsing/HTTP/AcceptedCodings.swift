internal import Events

/// How the bytes of an answer are packed.
package enum ContentCoding: Sendable { case identity, gzip }

/// What Accept-Encoding says of the two codings that are offered (RFC 9110 12.5.3). Weights are in thousandths; nil is
/// what was not named. Others' codings are passed over, an element with a broken weight too; of a coding named twice
/// the last counts. O(bytes), no allocation.
package struct AcceptedCodings: Equatable, Sendable {
    private var gzip: UInt16?
    private var identity: UInt16?
    private var others: UInt16?

    package init() {}

    /// Takes in one header line's value, at `value` in `bytes`.
    package mutating func read(_ value: Range<Int>, in bytes: borrowing RawSpan) {
        var elements = ListElements(value)
        while let element = elements.next(in: bytes) {
            let mark = bytes.firstOffset(of: UInt8(ascii: ";"), in: element) ?? element.upperBound
            let name = bytes.extracting(Self.trimmed(element.lowerBound..<mark, bytes))
            guard let weight = Self.weight(mark..<element.upperBound, bytes) else { continue }
            if name.equalsIgnoringCase("gzip") || name.equalsIgnoringCase("x-gzip") {
                gzip = weight
            } else if name.equalsIgnoringCase("identity") {
                identity = weight
            } else if name.byteCount == 1, name.byte(at: 0) == UInt8(ascii: "*") {
                others = weight
            }
        }
    }

    /// The coding to answer in: the one with the larger weight, gzip when they weigh the same, identity when nothing
    /// was said. Where both are refused the header is disregarded (RFC 9110 12.1), since an answer beats none; where
    /// only identity is, gzip is what everybody understands.
    package var preferred: ContentCoding {
        let packed = gzip ?? others ?? 0
        let plain = identity ?? others
        if packed > 0 { return packed >= plain ?? 0 ? .gzip : .identity }
        return identity == 0 && gzip == nil && others == nil ? .gzip : .identity
    }

    /// The weight in the parameters from the semicolon on: 1000 without one, nil where it is no weight.
    private static func weight(_ parameters: Range<Int>, _ bytes: borrowing RawSpan) -> UInt16? {
        guard !parameters.isEmpty else { return 1000 }
        let range = trimmed(parameters.lowerBound + 1..<parameters.upperBound, bytes)
        let text = bytes.extracting(range)
        guard (3...7).contains(text.byteCount), text.byte(at: 0) | 0x20 == UInt8(ascii: "q"),
            text.byte(at: 1) == UInt8(ascii: "="), text.byteCount == 3 || text.byte(at: 3) == UInt8(ascii: ".")
        else { return nil }
        let whole = text.byte(at: 2) &- UInt8(ascii: "0")
        guard whole <= 1 else { return nil }
        var weight = UInt16(whole) * 1000
        var unit: UInt16 = 100
        for index in 4..<max(text.byteCount, 4) {
            guard ASCII.isDigit(text.byte(at: index)) else { return nil }
            weight += UInt16(text.byte(at: index) &- UInt8(ascii: "0")) * unit
            unit /= 10
        }
        return weight <= 1000 ? weight : nil
    }

    /// The range without blanks at its ends.
    private static func trimmed(_ range: Range<Int>, _ bytes: borrowing RawSpan) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, LineScan.isBlank(bytes.byte(at: start)) { start += 1 }
        while end > start, LineScan.isBlank(bytes.byte(at: end - 1)) { end -= 1 }
        return start..<end
    }
}
