import Foundation
import Testing

/// The rules of the house, held over the source text itself.
struct TidyTests {
    /// Which targets a target may import; the order of the river.
    private static let river: [[String]] = [
        ["Events", "Threads"], ["RequestParsing", "Catalog", "Journal"],
        ["Serving", "Collect", "Tagging", "Columns", "Projector"],
        ["Visits"],
        ["Reports"], ["Adapters", "Admin"], ["ServerCore"], ["Server"],
    ]
    private static let mayImportNIO: Set<String> = ["Serving", "Admin", "Adapters", "ServerCore", "Server"]

    private static func target(of path: String) -> String? {
        let parts = path.split(separator: "/").map(String.init)
        guard parts.first == "Sources", parts.count > 2 else { return nil }
        switch parts[1] {
        case "Projections", "Query": return parts[2]
        case "Server": return parts[2] == "Core" ? "ServerCore" : "Server"
        default: return parts[1]
        }
    }

    @Test func importsFollowTheRiver() {
        let rank = Dictionary(
            uniqueKeysWithValues: Self.river.enumerated().flatMap { level, names in names.map { ($0, level) } })
        var files = 0
        for file in SourceTree.swiftSources {
            guard let target = Self.target(of: file.path) else { continue }
            guard let level = rank[target] else {
                Issue.record("\(file.path): target \(target) has no place in the river")
                continue
            }
            files += 1
            for line in file.code where line.contains("import ") {
                let words = line.split(separator: " ").map(String.init)
                guard let at = words.firstIndex(of: "import"), at + 1 < words.count else { continue }
                let module = words[at + 1]
                if let other = rank[module] {
                    #expect(other < level, "\(file.path) imports \(module), which does not stand before \(target)")
                }
                if module.hasPrefix("NIO") {
                    #expect(Self.mayImportNIO.contains(target), "\(file.path) imports \(module); only the edges may")
                }
            }
        }
        #expect(files > 20)
    }

    @Test func filesAndFunctionsAreShort() {
        // Generated from public/, which has its own shape.
        let written = SourceTree.swiftSources.filter { !$0.path.hasSuffix("EmbeddedFiles.swift") }
        for file in written + SourceTree.swiftTests {
            #expect(file.lines.count <= 501, "\(file.path) has \(file.lines.count) lines; 500 is the bound")
            // A text between quotes is as long as it is; code and comments around it wrap.
            for (number, line) in file.lines.enumerated() {
                let isComment = line.drop { $0 == " " }.hasPrefix("//")
                let columns = isComment ? line.count : file.code[number].count
                if columns > 130 { Issue.record("\(file.path):\(number + 1) has \(columns) columns") }
            }
        }
        for file in SourceTree.swiftSources {
            for (name, start, count) in functions(in: file) where count > 70 {
                Issue.record("\(file.path):\(start) \(name) has \(count) lines; 70 is the bound")
            }
        }
    }

    @Test(arguments: [
        (#"(^|[^.\w])print\("#, "print"), (#"\btry!"#, "try!"), (#"\bas!"#, "as!"), (#"\bfatalError\("#, "fatalError"),
        (#"[\w\)\]]!(?![=\w])"#, "a forced unwrap"), (#"^\s*public\b"#, "public"), (#"-Ounchecked"#, "-Ounchecked"),
    ])
    func sourcesDoWithout(pattern: String, name: String) throws {
        let expression = try NSRegularExpression(pattern: pattern)
        for file in SourceTree.swiftSources where file.path.hasPrefix("Sources/") {
            for (number, line) in file.code.enumerated() {
                let range = NSRange(line.startIndex..., in: line)
                #expect(expression.firstMatch(in: line, range: range) == nil, "\(file.path):\(number + 1) uses \(name)")
            }
        }
    }

    @Test func uncheckedThingsSayWhyTheyAreSafe() {
        let words = [
            "@unchecked Sendable", "nonisolated(unsafe)", "UnsafeMutable", "UnsafePointer", "UnsafeRaw", "UnsafeBuffer",
        ]
        for file in SourceTree.swiftSources where file.path.hasPrefix("Sources/") {
            let uses = file.code.enumerated().filter { _, line in words.contains { line.contains($0) } }
            guard let first = uses.first else { continue }
            let said = file.lines.filter { $0.contains("SAFETY:") }.count
            #expect(said > 0, "\(file.path):\(first.offset + 1) is unchecked and has no SAFETY: line")
        }
    }

    @Test func nothingSpeaksOfThisMachineOrUnfinishedWork() {
        let all =
            SourceTree.swiftSources + SourceTree.swiftTests.filter { !$0.path.hasPrefix("Tests/TidyTests") }
            + SourceTree.scripts
        for file in all {
            for (number, line) in file.lines.enumerated() {
                for word in ["/work/", "/root/", "TODO", "FIXME"] where line.contains(word) {
                    Issue.record("\(file.path):\(number + 1) contains \(word)")
                }
            }
        }
    }

    @Test func readmeNamesEveryTarget() {
        let readme = SourceTree.text("README.md")
        let manifest = SourceTree.text("Package.swift")
        var named = 0
        for part in manifest.components(separatedBy: "name: \"").dropFirst() {
            guard let name = part.split(separator: "\"").first.map(String.init), name.first?.isUppercase == true else {
                continue
            }
            guard !name.hasSuffix("Tests"), !part.prefix(60).contains("package:") else { continue }
            named += 1
            #expect(readme.contains(name), "README.md does not name the target \(name)")
        }
        #expect(named > 8)
    }

    @Test func readmeNamesEverySetting() {
        let readme = SourceTree.text("README.md")
        let keys = SourceTree.text("Sources/Server/Core/Configuration/ConfigurationKey+All.swift")
        let quoted = keys.components(separatedBy: "\"")
        let names = Set(quoted.filter { $0.contains(".") && !$0.contains(" ") && $0.first?.isLowercase == true })
        #expect(names.count > 20)
        for name in names { #expect(readme.contains("`\(name)`"), "README.md does not name the setting \(name)") }
    }

    /// Functions with their first line's number and length, by counting braces in blanked code.
    private func functions(in file: SourceTree.File) -> [(name: String, start: Int, count: Int)] {
        var found: [(String, Int, Int)] = []
        for (number, line) in file.code.enumerated() {
            let words = line.split(separator: " ")
            guard words.contains("func") || words.first == "init" || line.contains(" init("), line.contains("(") else {
                continue
            }
            var depth = 0
            var opened = false
            for end in number..<min(file.code.count, number + 400) {
                for character in file.code[end] {
                    if character == "{" { depth += 1; opened = true }
                    if character == "}" { depth -= 1 }
                }
                if opened, depth <= 0 {
                    let name = line.trimmingCharacters(in: .whitespaces)
                    found.append((String(name.prefix(60)), number + 1, end - number + 1))
                    break
                }
                if !opened, end > number + 15 { break }
            }
        }
        return found
    }
}
