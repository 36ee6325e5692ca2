import Glibc

/// Reads the test files of uap-core: cases of `key: value` lines, values bare, in single or in double quotes.
struct AgentCases {
    static let folder = "/usr/share/uap-core"

    private(set) var cases: [[String: String]] = []

    /// Nil where the package is not installed.
    init?(_ file: String) {
        guard let text = Self.read(Self.folder + "/" + file) else { return nil }
        for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
            var body = line.drop { $0 == " " || $0 == "\t" }
            guard let first = body.first, first != "#", body.startIndex != line.startIndex else { continue }
            if first == "-" {
                cases.append([:])
                body = body.dropFirst().drop { $0 == " " }
            }
            guard let colon = body.firstIndex(of: ":"), !cases.isEmpty else { continue }
            let value = Self.unquoted(body[body.index(after: colon)...])
            if !value.isEmpty { cases[cases.count - 1][String(body[..<colon])] = value }
        }
    }

    static func unquoted(_ text: Substring) -> String {
        var value = text.drop { $0 == " " }
        while value.last == " " || value.last == "\r" { value = value.dropLast() }
        guard let quote = value.first, quote == "'" || quote == "\"", value.count >= 2 else { return String(value) }
        let inner = value.dropFirst().dropLast()
        var result = ""
        var isEscaped = false
        for character in inner {
            if !isEscaped, (quote == "'" && character == "'") || (quote == "\"" && character == "\\") {
                isEscaped = true
                continue
            }
            isEscaped = false
            result.append(character)
        }
        return result
    }

    static func read(_ path: String) -> String? {
        bytes(path).map { String(decoding: $0, as: UTF8.self) }
    }

    static func bytes(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            if count == 0 { return text }
            text.append(contentsOf: chunk[0..<count])
        }
    }
}
