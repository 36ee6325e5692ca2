internal import RequestParsing

/// The fields of a page's form, decoded, in the order in which they came: `application/x-www-form-urlencoded` or
/// `multipart/form-data` (RFC 7578), whose files count as fields. Line ends are single line feeds in fields, as people
/// typed them; files stay as they are.
struct FormFields: Sendable {
    /// More is refused: the largest form has some hundred.
    static let fieldsMax = 5_000

    struct Field: Sendable {
        var name: String
        var bytes: [UInt8]
        var isFile = false

        /// As text, with the line ends that forms add taken back.
        var text: String {
            let text = String(decoding: bytes, as: UTF8.self)
            return FormFields.plain(text)
        }
    }

    private(set) var fields: [Field] = []

    init() {}

    /// Reads a body. O(bytes). Throws `invalid` where it does not read or has too many fields.
    init(_ body: [UInt8], contentType: String) throws(AdminError) {
        if contentType.lowercased().hasPrefix(AdminRoute.filesType) {
            try readParts(body, boundary: FormFields.boundary(contentType))
        } else {
            try readPairs(body)
        }
    }

    /// The first text of that name.
    subscript(_ name: String) -> String? { fields.first { $0.name == name }?.text }

    /// The first text of that name without blanks around it; empty where there is none.
    func trimmed(_ name: String) -> String { FormFields.trimmed(self[name] ?? "") }

    /// All texts of that name.
    func all(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.text) }

    /// The bytes of a file, or of the field of that name.
    func bytes(_ name: String) -> [UInt8]? { fields.first { $0.name == name }?.bytes }

    /// Whether a box of that name was ticked.
    func isOn(_ name: String) -> Bool { self[name] != nil }

    static func trimmed(_ text: String) -> String {
        let rest = text.drop(while: \.isWhitespace)
        guard let last = rest.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(rest[...last])
    }

    /// With line feeds alone, as forms send carriage returns before them.
    static func plain(_ text: String) -> String {
        guard text.utf8.contains(13) else { return text }
        var out: [UInt8] = []
        var isAfterReturn = false
        for byte in text.utf8 {
            if byte == 13 {
                out.append(10)
            } else if byte != 10 || !isAfterReturn {
                out.append(byte)
            }
            isAfterReturn = byte == 13
        }
        return String(decoding: out, as: UTF8.self)
    }

    // MARK: Reading

    private mutating func readPairs(_ body: [UInt8]) throws(AdminError) {
        for pair in body.split(separator: UInt8(ascii: "&"), maxSplits: FormFields.fieldsMax) {
            try add(
                pair.firstIndex(of: UInt8(ascii: "=")).map { equals in
                    Field(
                        name: String(decoding: FormFields.decoded(pair[..<equals]), as: UTF8.self),
                        bytes: FormFields.decoded(pair[pair.index(after: equals)...]))
                } ?? Field(name: String(decoding: FormFields.decoded(pair), as: UTF8.self), bytes: []))
        }
    }

    private static func decoded(_ slice: ArraySlice<UInt8>) -> [UInt8] {
        let source = Array(slice)
        var bytes: [UInt8] = []
        PercentDecoding.append(source.span.bytes, plusIsSpace: true, to: &bytes)
        return bytes
    }

    private mutating func add(_ field: Field) throws(AdminError) {
        guard fields.count < FormFields.fieldsMax else {
            throw AdminError(.invalid, "The form has too many fields.", expected: "at most \(FormFields.fieldsMax)")
        }
        fields.append(field)
    }

    private static func boundary(_ contentType: String) -> [UInt8] {
        for part in contentType.split(separator: ";").dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1).map { trimmed(String($0)) }
            guard pair.count == 2, pair[0].lowercased() == "boundary" else { continue }
            return Array(pair[1].utf8.filter { $0 != UInt8(ascii: "\"") })
        }
        return []
    }

    /// `--boundary CRLF fields CRLF CRLF bytes CRLF --boundary … --`.
    private mutating func readParts(_ body: [UInt8], boundary: [UInt8]) throws(AdminError) {
        let wrong = AdminError(.invalid, "The form does not read.", field: "body", expected: "multipart/form-data")
        guard (1...70).contains(boundary.count) else { throw wrong }
        let line = Array("\r\n--".utf8) + boundary
        // The first delimiter has no line end before it.
        guard body.starts(with: line.dropFirst(2)) else { throw wrong }
        var place = line.count - 2
        while true {
            if body[place...].starts(with: "--".utf8) { return }
            guard body[place...].starts(with: "\r\n".utf8),
                let head = FormFields.find(Array("\r\n\r\n".utf8), in: body, from: place),
                let end = FormFields.find(line, in: body, from: head + 4)
            else { throw wrong }
            let fields = String(decoding: body[place..<head], as: UTF8.self)
            guard let name = FormFields.attribute("name", fields) else { throw wrong }
            try add(
                Field(
                    name: name, bytes: Array(body[(head + 4)..<end]),
                    isFile: FormFields.attribute("filename", fields) != nil))
            place = end + line.count
        }
    }

    /// O(bytes): the needle begins with a carriage return, which is rare.
    private static func find(_ needle: [UInt8], in body: [UInt8], from start: Int) -> Int? {
        guard start <= body.count, let first = needle.first else { return nil }
        var place = start
        while let next = body[place...].firstIndex(of: first) {
            if body[next...].starts(with: needle) { return next }
            place = next + 1
        }
        return nil
    }

    private static func attribute(_ name: String, _ head: String) -> String? {
        for part in head.split(whereSeparator: { $0 == ";" || $0.isNewline }) {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, trimmed(String(pair[0])) == name else { continue }
            return trimmed(String(pair[1])).filter { $0 != "\"" }
        }
        return nil
    }
}
