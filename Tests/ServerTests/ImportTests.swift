import Adapters
import Catalog
import Collect
import Events
import Foundation
import Journal
import ServerCore
import Testing

struct ImportTests {
    @Test func theSameFileTwiceAddsNothing() async throws {
        let bench = try await ImportBench()
        let log = try bench.write(
            logLine("/a") + logLine("/a") + logLine("/style.css") + "nonsense\n" + logLine("/b", at: 5),
            to: "access.log")
        let first = try await bench.counts(["access-log", log])
        #expect(first.read == 5 && first.imported == 3 && first.skipped == ["asset": 1])
        #expect(first.rejected == ["not_a_log_line": 1])
        #expect(bench.errors == ["\(log):4: not_a_log_line: nonsense"])
        let second = try await bench.counts(["access-log", log])
        #expect(second.imported == 0 && second.skipped == ["asset": 1, "duplicate": 3])
        #expect(try bench.eventCount() == 3)
    }

    @Test func theLedgerKnowsLinesThatTheJournalHasForgotten() async throws {
        let bench = try await ImportBench()
        let log = try bench.write(logLine("/a") + logLine("/a") + logLine("/b", at: 5), to: "access.log")
        #expect(try await bench.counts(["access-log", log]).imported == 3)
        try FileManager.default.removeItem(atPath: bench.data + "/journal")
        #expect(try await bench.counts(["access-log", log]).skipped == ["duplicate": 3])
    }

    @Test func aCrashBetweenJournalAndLedgerAddsNothingTwice() async throws {
        let bench = try await ImportBench()
        let log = try bench.write(logLine("/a") + logLine("/a") + logLine("/b", at: 5), to: "access.log")
        #expect(try await bench.counts(["access-log", log]).imported == 3)
        // The events are durable, the ledger was never written.
        try FileManager.default.removeItem(atPath: bench.data + "/imports")
        #expect(try await bench.counts(["access-log", log]).skipped == ["duplicate": 3])
        #expect(try bench.eventCount() == 3)
        // The repetition has written it.
        try FileManager.default.removeItem(atPath: bench.data + "/journal")
        #expect(try await bench.counts(["access-log", log]).skipped == ["duplicate": 3])
    }

    @Test func aTornLedgerFileIsNotBelieved() async throws {
        let bench = try await ImportBench()
        let log = try bench.write(logLine("/a") + logLine("/b", at: 5), to: "access.log")
        #expect(try await bench.counts(["access-log", log]).imported == 2)
        let ledger = bench.data + "/imports/1"
        try Data("half".utf8).write(to: URL(fileURLWithPath: ledger + "/00000002.keys.tmp"))
        #expect(try await bench.counts(["access-log", log]).imported == 0)
        #expect(!FileManager.default.fileExists(atPath: ledger + "/00000002.keys.tmp"))
        let file = ledger + "/00000001.keys"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        bytes[40] ^= 1
        try bytes.write(to: URL(fileURLWithPath: file))
        #expect(await bench.run(["import", "access-log", "--site", "shop.test", log]) == 1)
        #expect(bench.errors.last?.contains("is damaged") == true)
    }

    @Test func aGrownLogAddsItsNewLinesOnly() async throws {
        let bench = try await ImportBench()
        var text = ""
        for second in 0..<40 { text += logLine("/p\(second % 3)", at: second / 4) }
        let log = try bench.write(text, to: "access.log")
        #expect(try await bench.counts(["access-log", log]).imported == 40)
        for second in 40..<60 { text += logLine("/p\(second % 3)", at: second / 4) }
        try bench.write(text, to: "access.log")
        let counts = try await bench.counts(["access-log", log])
        #expect(counts.imported == 20 && counts.skipped == ["duplicate": 40])
        #expect(try await bench.counts(["access-log", log, "--source", "web2"]).imported == 60)
    }

    @Test func filesAreReadInTheirOrderPackedOrNot() async throws {
        let bench = try await ImportBench()
        let plain = try bench.write(
            "\n" + logLine("/a") + "\r\n" + logLine("/b", at: 1).dropLast() + "\r\n", to: "a.log")
        let packed = try bench.write(
            gzip(Array(logLine("/c", at: 2).utf8)) + gzip(Array(logLine("/d", at: 3).dropLast().utf8)) + [0, 0],
            to: "b.gz")
        let again = try bench.write(logLine("/a"), to: "c.log")
        let counts = try await bench.counts(["access-log", plain, packed, again])
        #expect(counts.read == 5 && counts.imported == 4 && counts.skipped == ["duplicate": 1])
        var paths: [String] = []
        try bench.forEachEvent { paths.append($0.text(.url) ?? "") }
        #expect(paths == ["a", "b", "c", "d"].map { "https://shop.test/\($0)" })
    }

    @Test func longAndHostileLinesAreCountedAndPassedOver() async throws {
        let bench = try await ImportBench()
        var bytes = Array(logLine("/a").utf8)
        bytes += [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20) + [10]
        bytes += Array(logLine("/\u{1}b\u{7F}").utf8)
        bytes +=
            Array("203.0.113.9 - - [17/May/2015:00:00:09 +0000] \"GET /".utf8) + [0xFF, 0xC3]
            + Array("x HTTP/1.1\" 200 1\n".utf8)
        bytes += [0, 1, 2, 255, 10]
        bytes += Array("1.2.3.4 ".utf8) + [UInt8](repeating: 92, count: 70_000)
        let log = try bench.write(bytes, to: "hostile.log")
        let counts = try await bench.counts(["access-log", log])
        #expect(counts.read == 6 && counts.imported == 3)
        #expect(counts.rejected == ["line_too_long": 2, "not_a_log_line": 1])
        #expect(bench.errors.allSatisfy { $0.utf8.allSatisfy { $0 >= 32 && $0 != 127 } && $0.count < 900 })
        #expect(bench.errors.contains { $0.contains("hostile.log:5: not_a_log_line: \\x00\\x01\\x02\\xff") })
        var urls: [String] = []
        try bench.forEachEvent { urls.append($0.text(.url) ?? "") }
        #expect(urls == ["https://shop.test/a", "https://shop.test/b", "https://shop.test/\u{FFFD}\u{FFFD}x"])
    }

    @Test func linesAreTheSameWhereverPiecesEnd() async throws {
        let bench = try await ImportBench()
        var text = ""
        for number in 0..<6_000 {
            text += logLine(
                "/page/\(number % 700)?utm_source=s\(number)", at: number * 10, host: "198.51.100.\(number % 250)")
        }
        #expect(text.utf8.count > 2 * 256 << 10)
        let counts = try await bench.counts(["access-log", try bench.write(text, to: "long.log")])
        #expect(counts.read == 6_000 && counts.imported == 6_000)
        #expect(
            try await bench.counts(["access-log", try bench.write(gzip(Array(text.utf8)), to: "long.gz")]).skipped == [
                "duplicate": 6_000
            ])
        #expect(try bench.eventCount() == 6_000)
    }

    @Test func firstTenRejectedLinesAreShown() async throws {
        let bench = try await ImportBench()
        let text = logLine("/a") + String(repeating: "nonsense\n", count: 50)
        let counts = try await bench.counts(["access-log", try bench.write(text, to: "bad.log")])
        #expect(counts.rejected == ["not_a_log_line": 50] && bench.errors.count == 10)
        #expect(bench.errors.last?.hasSuffix("bad.log:11: not_a_log_line: nonsense") == true)
    }

    @Test func whatCannotBeImportedSaysWhy() async throws {
        let bench = try await ImportBench()
        let good = try bench.write(logLine("/a"), to: "good.log")
        let noLog = try bench.write(String(repeating: "{\"name\":\"pageview\"}\n", count: 100), to: "events.ndjson")
        let cut = try bench.write(Array(gzip(Array(logLine("/z").utf8)).dropLast(20)), to: "cut.gz")
        let table = try bench.write("event,when\nx,1\n", to: "table.csv")
        let cases: [(arguments: [String], code: Int32, message: String)] = [
            (["access-log", "--site", "shop.test", bench.path("none.log")], 1, "No such file"),
            (["access-log", "--site", "shop.test", bench.path("data")], 1, "is a directory"),
            (["access-log", "--site", "other.test", good], 1, "no site 'other.test'"),
            (["access-log", "--site", "shop.test", noLog], 1, "expected the Common or Combined format"),
            (["access-log", "--site", "shop.test", cut], 1, "in the middle of its gzip data"),
            (["csv", "--site", "shop.test", table], 1, "no column is the event's 'name'"),
            (["csv", "--site", "shop.test", table, "--map", "event"], 64, "is no mapping"),
            (["access-log", "--site", "shop.test", "-", "-"], 64, "can be read once"),
            (["access-log", good], 64, "--site"),
        ]
        for (arguments, code, message) in cases {
            #expect(await bench.run(["import"] + arguments) == code, "\(arguments)")
            #expect(bench.errors.last?.contains(message) == true, "\(arguments): \(bench.errors)")
        }
        // What came before the failure stays and is known.
        #expect(await bench.run(["import", "access-log", "--site", "shop.test", good, bench.path("none.log")]) == 1)
        #expect(try await bench.counts(["access-log", good]).skipped == ["duplicate": 1])
    }

    @Test func eventsWithAnIDAreOneHoweverTheyCome() async throws {
        let bench = try await ImportBench()
        let lines = [
            #"{"name":"order","id":"o-1","time":"2020-01-01T00:00:00Z","anonymousID":"v","revenue":{"amount":"12.30","currency":"CHF"}}"#,
            #"{"name":"order","id":"o-2","time":"2020-01-01T00:00:00Z"}"#, #"{"name":"ping"}"#, #"{"name":"ping"}"#,
            "nonsense",
        ]
        let file = try bench.write(lines.joined(separator: "\n"), to: "a.ndjson")
        let first = try await bench.counts(["ndjson", file])
        #expect(first.imported == 4 && first.rejected == ["not_an_object": 1])
        let table = try bench.write("name,id,extra\r\norder,o-1,\"x\r\ny\"\r\norder,o-3,\r\n", to: "b.csv")
        let second = try await bench.counts(["csv", table])
        #expect(second.imported == 1 && second.skipped == ["duplicate": 1])
        #expect(bench.errors == ["\(table): columns passed over: extra"])
        #expect(try await bench.counts(["ndjson", file]).skipped == ["duplicate": 4])
    }

    /// Times to the millisecond, numbers as numbers, an order's lines.
    @Test func theDumpShowsWhatWasImported() async throws {
        let bench = try await ImportBench()
        let times = (0..<200).map { Int64(1_795_817_343_000) + $0 * 7 } + [0, 1, 999]
        var lines = times.map { "{\"name\":\"t\",\"time\":\($0)}" }
        lines.append(
            #"{"name":"order","time":1,"properties":{"n":12.50,"s":"7"},"items":[{"id":"a","name":"A","quantity":2,"price":"1.5"}]}"#
        )
        _ = try await bench.counts(["ndjson", try bench.write(lines.joined(separator: "\n"), to: "e.ndjson")])
        #expect(await bench.run(["journal", "dump"]) == 0)
        let dumped = try bench.output.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        let shown = try dumped.filter { $0["name"] as? String == "t" }.map {
            let text = try #require($0["occurredAt"] as? String)
            #expect(text.utf8.count == 24 && text.hasSuffix("Z"))
            return Int64((try Date(text, strategy: format).timeIntervalSince1970 * 1_000).rounded())
        }
        #expect(Set(shown) == Set(times))
        #expect(bench.output.contains(#""properties":{"n":12.50,"s":"7"}"#))
        #expect(bench.output.contains(#""items":[{"id":"a","name":"A","quantity":"2","price":"1.5"}]"#))
    }

    @Test func aRunningServerImportsAsTheCommandDoes() async throws {
        let bench = try await ImportBench()
        let store = try CatalogStoreSQLite(directory: bench.data)
        let journal = try FileJournal.open(JournalOptions(directory: bench.data + "/journal"))
        journal.start()
        let admin = AdminServer(directory: bench.data)
        admin.registerImport(
            catalog: CatalogHolder(try store.load()), journal: journal, secrets: .random(), geo: .none,
            data: bench.data,
            time: SystemTimeSource())
        try admin.start()
        var text = ""
        for number in 0..<3_000 { text += logLine("/p\(number)", at: number) }
        let log = try bench.write(text + "nonsense\n", to: "access.log")
        let first = try await bench.counts(["access-log", log])
        #expect(first.imported == 3_000 && bench.errors.count == 1)
        #expect(try await bench.counts(["access-log", log]).skipped == ["duplicate": 3_000])
        #expect(await bench.run(["import", "access-log", "--site", "other.test", log]) == 1)
        #expect(bench.errors.last?.contains("no site 'other.test'") == true)
        admin.stop()
        try journal.close()
        #expect(try bench.eventCount() == 3_000)
    }

    @Test func aJournalThatIsClosedEndsTheImportWithItsCounts() async throws {
        let bench = try await ImportBench()
        let store = try CatalogStoreSQLite(directory: bench.data)
        let journal = try FileJournal.open(JournalOptions(directory: bench.data + "/journal"))
        journal.start()
        let admin = AdminServer(directory: bench.data)
        admin.registerImport(
            catalog: CatalogHolder(try store.load()), journal: journal, secrets: .random(), geo: .none,
            data: bench.data,
            time: SystemTimeSource())
        try admin.start()
        try journal.close()
        let log = try bench.write(logLine("/a"), to: "access.log")
        #expect(await bench.run(["import", "access-log", "--site", "shop.test", log]) == 1)
        #expect(bench.errors.last?.contains("0 events were imported before that") == true, "\(bench.errors)")
        admin.stop()
    }

    @Test func theDemoFillsItsSiteOnce() async throws {
        let bench = try await ImportBench()
        #expect(await bench.run(["demo", "--days", "3"]) == 0, "\(bench.errors)")
        #expect(bench.output.contains("demo.test") && bench.output.contains(", 0 rejected"))
        let count = try bench.eventCount()
        #expect(count > 1_000)
        #expect(await bench.run(["demo", "--days", "3"]) == 0)
        #expect(bench.output == "demo.test has events already\n")
        #expect(try bench.eventCount() == count)
        #expect(try FileManager.default.contentsOfDirectory(atPath: bench.data + "/imports") == ["2"])
        #expect(await bench.run(["site", "show", "--site", "demo.test", "--json"]) == 0)
        #expect(bench.output.contains("Alpine Outfitters (demo)") && bench.output.contains("Europe/Zurich"))
    }
}

/// The numbers are those of Tests/Fixtures/import/expected.py, which shares nothing with the importer.
struct ImportRealDataTests {
    @Test func theRealLogGivesTheContractsNumbers() async throws {
        guard let log = ImportBench.dataFile("logs/semicomplete-combined.log.gz") else { return }
        let bench = try await ImportBench()
        #expect(await bench.run(["site", "add", "--domain", "semicomplete.com"]) == 0)
        let counts = try await bench.counts(["access-log", log], site: "semicomplete.com")
        #expect(counts.read == 10_000 && counts.imported == 4_213)
        #expect(counts.skipped == ["asset": 5_569, "status": 169, "method": 48])
        #expect(counts.rejected == ["unclosed_quote": 1] && bench.errors.count == 1)
        var names: [String: Int] = [:]
        var visitors: [Int32: Set<ID128>] = [:]
        var pages: [String: Int] = [:]
        try bench.forEachEvent { view in
            let name = view.text(.name) ?? ""
            names[name, default: 0] += 1
            if let id = view.id(.dailyID) { visitors[view.occurredAt.utcDay, default: []].insert(id) }
            if name != "404" { pages[view.text(.url) ?? "", default: 0] += 1 }
        }
        #expect(names == ["pageview": 3_905, "404": 202, "download": 106])
        #expect(visitors.sorted { $0.key < $1.key }.map(\.value.count) == [271, 458, 437, 390])
        #expect(pages["https://semicomplete.com/projects/xdotool/"] == 219)
        let again = try await bench.counts(["access-log", log], site: "semicomplete.com")
        #expect(again.imported == 0 && again.skipped["duplicate"] == 4_213)
    }

    @Test func theClickstreamIsImportedWithTheMapOfTheHelp() async throws {
        guard let table = ImportBench.dataFile("clickstream/ecom-clickstream.csv.gz") else { return }
        let bench = try await ImportBench()
        let map = ImportCommand.CSV.exampleMap.flatMap { ["--map", $0] }
        let counts = try await bench.counts(["csv", table] + map)
        #expect(counts.read == 31_106 && counts.imported == 31_106 && counts.skipped.isEmpty && counts.rejected.isEmpty)
        var names: [String: Int] = [:]
        var devices: Set<ID128> = []
        var users: Set<ID128> = []
        var times: Set<Int64> = []
        try bench.forEachEvent { view in
            names[view.text(.name) ?? "", default: 0] += 1
            if let id = view.id(.deviceID) { devices.insert(id) }
            if let id = view.id(.userHash) { users.insert(id) }
            times.insert(view.occurredAt.milliseconds)
        }
        #expect(names.count == 19 && names["product_view"] == 6_851 && names["catalog"] == 6_521)
        #expect(devices.count == 3_605 && users.count == 600)
        #expect(times.min() == 1_704_368_738_000 && times.max() == 1_719_698_560_000)
        #expect(try await bench.counts(["csv", table] + map).skipped == ["duplicate": 31_106])
    }
}
