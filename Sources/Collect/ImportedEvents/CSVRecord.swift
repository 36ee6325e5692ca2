internal import Events

/// The fields of one CSV record, decoded. Keeps its buffers.
///
/// RFC 4180: fields between commas; a field that begins with `"` ends at the next `"` that is not doubled, and may hold
/// commas and line ends. Spaces belong to fields. A quote inside an unquoted field is a plain byte.
package struct CSVRecord: Sendable {
    package private(set) var bytes: [UInt8] = []
    /// One a field, in `bytes`.
    package private(set) var ranges: [Range<Int>] = []

    package init() {}

    /// Takes a record apart, without its line end. Throws `invalidQuotes`.
    package mutating func read(_ record: borrowing RawSpan) throws(ImportedEventRejection) {
        bytes.removeAll(keepingCapacity: true)
        ranges.removeAll(keepingCapacity: true)
        var offset = 0
        while true {
            let start = bytes.count
            if offset < record.byteCount, record.octet(at: offset) == UInt8(ascii: "\"") {
                offset = try quoted(record, from: offset + 1)
            } else {
                let end = record.firstOffset(of: UInt8(ascii: ","), or: UInt8(ascii: ","), from: offset)
                record.extracting(offset..<end).withUnsafeBytes { bytes.append(contentsOf: $0) }
                offset = end
            }
            ranges.append(start..<bytes.count)
            guard offset < record.byteCount else { return }
            guard record.octet(at: offset) == UInt8(ascii: ",") else { throw .invalidQuotes }
            offset += 1
        }
    }

    /// Reads from behind the opening quote; gives the place behind the closing one.
    private mutating func quoted(_ record: borrowing RawSpan, from start: Int) throws(ImportedEventRejection) -> Int {
        var offset = start
        while true {
            let quote = record.firstOffset(of: UInt8(ascii: "\""), or: UInt8(ascii: "\""), from: offset)
            guard quote < record.byteCount else { throw .invalidQuotes }
            record.extracting(offset..<quote).withUnsafeBytes { bytes.append(contentsOf: $0) }
            guard quote + 1 < record.byteCount, record.octet(at: quote + 1) == UInt8(ascii: "\"") else {
                return quote + 1
            }
            bytes.append(UInt8(ascii: "\""))
            offset = quote + 2
        }
    }

    func text(_ index: Int) -> String { String(decoding: bytes[ranges[index]], as: UTF8.self) }
}

/// Where the records of CSV text end: at a line feed outside quotes. Keeps its place over pieces of the text.
package struct CSVRecordScan: Sendable {
    private enum Place: Sendable { case fieldStart, plain, quoted, quoteInQuoted }
    private var place = Place.fieldStart

    package init() {}

    /// The offset of the line feed that ends the record which `start` goes on with; nil where the bytes end first.
    package mutating func end(in bytes: borrowing RawSpan, from start: Int) -> Int? {
        for offset in start..<bytes.byteCount {
            let byte = bytes.octet(at: offset)
            switch place {
            case .quoted:
                if byte == UInt8(ascii: "\"") { place = .quoteInQuoted }
                continue
            case .quoteInQuoted where byte == UInt8(ascii: "\""):
                place = .quoted
                continue
            case .fieldStart where byte == UInt8(ascii: "\""):
                place = .quoted
                continue
            default: break
            }
            if byte == UInt8(ascii: "\n") {
                place = .fieldStart
                return offset
            }
            place = byte == UInt8(ascii: ",") ? .fieldStart : .plain
        }
        return nil
    }

    /// A quote is open.
    package var isInQuotes: Bool { place == .quoted }
}
