import Foundation
import Serving
import Testing

/// Every file of the corpus over a raw socket: the statuses of its verdict, in order, then the end of the connection.
@Suite(.serialized) struct SmugglingCorpusTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var file: String
        var statuses: [Int]
        var testDescription: String { file }
    }

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/smuggling")

    static func cases() throws -> [Case] {
        try String(contentsOf: folder.appendingPathComponent("verdicts.tsv"), encoding: .utf8)
            .split(separator: "\n").filter { !$0.hasPrefix("#") }
            .map { line in
                let cells = line.split(separator: "\t")
                return Case(file: String(cells[0]), statuses: cells[1].split(separator: " ").compactMap { Int($0) })
            }
    }

    @Test func everyFileGetsItsVerdictAndNoRequestGetsTwoAnswers() async throws {
        let cases = try Self.cases()
        #expect(cases.count >= 60)
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).filter {
            $0.hasSuffix(".http")
        }
        #expect(Set(files) == Set(cases.map(\.file)))
        try await withServer { listener in
            for item in cases {
                let bytes = try [UInt8](Data(contentsOf: Self.folder.appendingPathComponent(item.file)))
                for partBytes in [bytes.count, 7, 1] {
                    let client = try TestClient(port: listener.port)
                    var start = 0
                    while start < bytes.count {
                        let end = min(bytes.count, start + partBytes)
                        // The server may have closed already: what it answered still counts.
                        do { try client.send(Array(bytes[start..<end])) } catch { break }
                        start = end
                    }
                    client.finishSending()
                    let answers = try client.answersToEnd()
                    #expect(answers.map(\.status) == item.statuses, "\(item.file) in parts of \(partBytes)")
                    for answer in answers {
                        #expect(!answer.text.contains("smuggled"), "\(item.file)")
                        if answer.status >= 400 { #expect(answer.header("connection") == "close", "\(item.file)") }
                    }
                }
            }
        }
    }
}
