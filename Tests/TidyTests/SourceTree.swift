import Foundation

/// The project's own files, read once: what the tidy tests look at.
struct SourceTree {
    struct File: Sendable {
        /// From the project's root.
        let path: String
        let lines: [String]
        /// The lines with comments and string contents blanked, so that searches see code alone.
        let code: [String]
    }

    static let root: URL = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static let swiftSources = files(below: ["Sources", "load-tests"], endingIn: ".swift")
    static let swiftTests = files(below: ["Tests", "Fuzz"], endingIn: ".swift")
    static let scripts = files(below: ["scripts", "load-tests", "tags", "public", ".ci"], endingIn: nil)

    static func text(_ path: String) -> String {
        (try? String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)) ?? ""
    }

    static func files(below folders: [String], endingIn suffix: String?) -> [File] {
        var found: [File] = []
        for folder in folders {
            let base = root.appendingPathComponent(folder)
            guard let walk = FileManager.default.enumerator(at: base, includingPropertiesForKeys: [.isRegularFileKey])
            else { continue }
            for case let url as URL in walk {
                let path = folder + url.path.dropFirst(base.path.count)
                if let suffix, !path.hasSuffix(suffix) { continue }
                guard (try? url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true,
                    let text = try? String(contentsOf: url, encoding: .utf8)
                else { continue }
                let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
                found.append(File(path: path, lines: lines, code: path.hasSuffix(".swift") ? blanked(lines) : lines))
            }
        }
        return found.sorted { $0.path < $1.path }
    }

    /// Blanks `//` comments and what stands between quotes. Multi-line string literals are blanked whole.
    private static func blanked(_ lines: [String]) -> [String] {
        var inMultiline = false
        return lines.map { line in
            if inMultiline {
                if line.contains("\"\"\"") { inMultiline = false }
                return ""
            }
            var result = ""
            var inString = false
            var previous: Character = " "
            var rest = Substring(line)
            while let character = rest.first {
                if !inString, rest.hasPrefix("\"\"\"") {
                    inMultiline = !rest.dropFirst(3).contains("\"\"\"")
                    return result
                }
                if !inString, rest.hasPrefix("//") { return result }
                if character == "\"", previous != "\\" { inString.toggle() }
                if !inString || character == "\"" { result.append(character) }
                previous = previous == "\\" && character == "\\" ? " " : character
                rest = rest.dropFirst()
            }
            return result
        }
    }
}
