internal import RequestParsing

/// What stands around a container's lists: an export, an answer of Google's API, or a bare container version.
struct GTMEnvelope {
    /// Members beside the container version, without what every export writes anew.
    var root: [JSONValue.Member]
    var version: GTMObject
    /// What Highland wrote into an export of its own.
    var highland: JSONValue?
    /// The number of the format; 2 where the text has none.
    private(set) var format = "2"
    var findings: [Finding] = []

    private static let lists = ["tag", "trigger", "variable"]

    /// Finds the container version in a text. Throws with the byte or path where there is none, and for containers that
    /// are not for web pages.
    init(_ bytes: [UInt8]) throws(TaggingError) {
        let value = try GTMEnvelope.json(bytes)
        guard case .object(let members) = value else {
            throw TaggingError.malformed(
                place: "byte 0",
                problem: "the text is \(value.kind)\(value.items.isEmpty ? "" : ", a list of containers?")",
                expected: "the export of one container, an object with \"containerVersion\"")
        }
        let object = try GTMObject(value, path: "the text")
        if object["resource"]?["macros"] != nil {
            throw TaggingError.malformed(
                place: "resource", problem: "this is taken out of a published script, not an export",
                expected: "the file that \"Export container\" gives")
        }
        if let inner = object["containerVersion"] {
            if case .array(let items) = inner {
                throw TaggingError.malformed(
                    place: "containerVersion", problem: "here is a list of \(items.count) versions",
                    expected: "one of them")
            }
            version = try GTMObject(inner, path: "containerVersion")
            root = members.filter { !["containerVersion", "exportFormatVersion", "highland"].contains($0.name) }
            highland = object["highland"]
            try checkFormat(object)
        } else if GTMEnvelope.lists.contains(where: { object[$0] != nil }) || object["containerVersionId"] != nil {
            version = try GTMObject(value, path: "the text")
            root = []
            findings.append(
                Finding(.notice, "the text", "It is a bare container version, as the API gives it, not an export."))
        } else {
            if case .array(let items)? = object["container"] {
                throw TaggingError.malformed(
                    place: "container", problem: "here is a list of \(items.count) containers without their tags",
                    expected: "the export of one container")
            }
            throw TaggingError.malformed(
                place: "the text", problem: "there is no \"containerVersion\"",
                expected: "the file that \"Export container\" gives")
        }
        try checkKind()
    }

    private static func json(_ bytes: [UInt8]) throws(TaggingError) -> JSONValue {
        guard bytes.count <= GTMExport.bytesMax else {
            throw TaggingError.tooMuch(what: "bytes of an export", count: bytes.count, allowed: GTMExport.bytesMax)
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw TaggingError.malformed(place: "byte 0", problem: "the text is UTF-16", expected: "UTF-8")
        }
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let text = Array(bytes[start...])
        guard let first = text.firstIndex(where: { ![32, 9, 10, 13].contains($0) }) else {
            throw TaggingError.malformed(place: "byte 0", problem: "the text is empty", expected: "an export")
        }
        if text[first] != UInt8(ascii: "{"), text[first] != UInt8(ascii: "[") {
            let rubbish = String(decoding: text[first...].prefix(20), as: UTF8.self).split(separator: "\n").first ?? ""
            throw TaggingError.malformed(
                place: "byte \(start + first)", problem: "before the first brace stands \"\(rubbish)\"",
                expected: "an export, which begins with {")
        }
        do throws(JSONTextError) {
            return try JSONReader.read(text)
        } catch {
            let before = text[..<min(error.offset, text.count)]
            let line = before.reduce(into: 1) { lines, byte in if byte == 10 { lines += 1 } }
            throw TaggingError.malformed(
                place: "byte \(start + error.offset), line \(line)", problem: error.problem,
                expected: "an export as JSON")
        }
    }

    private mutating func checkFormat(_ object: GTMObject) throws(TaggingError) {
        guard let format = try object.text("exportFormatVersion") else {
            findings.append(
                Finding(.notice, "exportFormatVersion", "The format has no number; it is read as format 2."))
            return
        }
        let isKnown = ["1", "2", "2.0"].contains(format) || (format.hasPrefix("1.") && format.dropFirst(2).count == 1)
        guard isKnown, Double(format) != nil else {
            throw TaggingError.malformed(
                place: "exportFormatVersion", problem: "here is \(format.prefix(20))", expected: "2 or 1.3")
        }
        self.format = format
    }

    private func checkKind() throws(TaggingError) {
        guard let container = version["container"] else {
            if !(try version.list("client")).isEmpty { throw TaggingError.notWeb(kind: "servers") }
            return
        }
        let kinds = try GTMObject(container, path: "\(version.path).container").texts("usageContext").map(
            GTMWords.camel)
        guard !kinds.isEmpty, !kinds.contains("web") else { return }
        let names = [
            "server": "servers", "amp": "AMP pages", "android": "Android apps", "androidSdk5": "Android apps",
            "ios": "iOS apps", "iosSdk5": "iOS apps",
        ]
        throw TaggingError.notWeb(
            kind: kinds.prefix(4).map { names[$0] ?? String($0.prefix(40)) }.joined(separator: ", "))
    }
}
