import Events
import Foundation
import ServerCore
import Testing

/// Files that are not quite what they should be: what is good in them is taken, and the rest is counted.
struct ImportDamageTests {
    /// One row's quote is never closed: that row alone is rejected, however the text is cut into pieces.
    @Test(arguments: [3, 900, 4_990], [false, true])
    func anUnclosedQuoteCostsItsOwnRowOnly(place: Int, hasQuotesBehind: Bool) async throws {
        let bench = try await ImportBench()
        var text = "name,time,anonymousID,note\n"
        for row in 0..<5_000 {
            let quoted = hasQuotesBehind && row > place && row % 50 == 7
            let note =
                row == place
                ? "\"open" : quoted ? "\"a, \"\"b\"\"\nc\"" : "note \(row) \(String(repeating: "x", count: 60))"
            text += "n\(row),2024-03-13 10:21:14,u\(row),\(note)\n"
        }
        let plain = try await bench.counts(["csv", try bench.write(text, to: "q.csv")])
        #expect(plain.read == 5_000 && plain.imported == 4_999 && plain.rejected.values.reduce(0, +) == 1)
        #expect(bench.errors.contains { $0.contains("q.csv:\(place + 2): ") }, "\(bench.errors)")
        let packed = try await bench.counts(["csv", try bench.write(gzip(Array(text.utf8)), to: "q.csv.gz")])
        #expect(packed.imported == 0 && packed.skipped == ["duplicate": 4_999] && packed.rejected == plain.rejected)
        #expect(try bench.eventCount() == 4_999)
    }

    @Test func aRowIsNamedByTheLineItBeginsIn() async throws {
        let bench = try await ImportBench()
        let text = "name,note\na,\"one\ntwo\nthree\"\nb,x\nc,too,many\n"
        let counts = try await bench.counts(["csv", try bench.write(text, to: "rows.csv")])
        #expect(counts.imported == 2 && counts.rejected == ["column_count": 1])
        #expect(bench.errors.contains { $0.contains("rows.csv:6: column_count") }, "\(bench.errors)")
    }

    @Test(arguments: [
        ("csv", "\"name\",\"note\"\na,b\n"), ("csv", "name,note\na,b\n"), ("ndjson", "{\"name\":\"a\"}\n"),
        ("access-log", logLine("/a")),
    ])
    func aByteOrderMarkIsPassedOver(kind: String, text: String) async throws {
        let bench = try await ImportBench()
        let marked = [0xEF, 0xBB, 0xBF] + Array(text.utf8)
        #expect(try await bench.counts([kind, try bench.write(marked, to: "marked")]).imported == 1, "\(bench.errors)")
        #expect(try await bench.counts([kind, try bench.write(gzip(marked), to: "marked.gz")]).imported == 0)
        #expect(try bench.eventCount() == 1)
    }

    /// The server is still writing the last line: it is taken once it is whole.
    @Test func aLineThatIsStillWrittenIsOneRequest() async throws {
        let whole = logLine("/b", at: 1)
        let fields = try #require(whole.range(of: " 10 \"-\""))
        var cut = fields.lowerBound
        while cut < whole.endIndex {
            let bench = try await ImportBench()
            let log = try bench.write(logLine("/a.css") + whole[..<cut], to: "access.log")
            let first = try await bench.counts(["access-log", log])
            #expect(first.read == 2)
            try bench.write(logLine("/a.css") + whole + logLine("/c", at: 2), to: "access.log")
            _ = try await bench.counts(["access-log", log])
            #expect(try bench.eventCount() == 2, "cut behind \(whole[..<cut])")
            cut = whole.index(cut, offsetBy: 3, limitedBy: whole.endIndex) ?? whole.endIndex
        }
    }

    /// What comes over standard input is in no file that could be left behind.
    @Test func theSpoolHasNoName() throws {
        let directory = try TemporaryDirectory()
        let spool = try ImportSpool(data: directory.path)
        try spool.write(Array("a line".utf8))
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path + "/imports").isEmpty)
        #expect(FileManager.default.contents(atPath: spool.path) == Data("a line".utf8))
    }

    /// Nothing was sent yet: that is a report too, from the first moment on.
    @Test func aSiteWithoutEventsHasAReport() async throws {
        let bench = try await ImportBench()
        for _ in 0..<5 {
            #expect(await bench.run(["report", "--site", "shop.test", "--range", "all", "--format", "csv"]) == 0)
            #expect(bench.errors.isEmpty)
        }
    }
}
