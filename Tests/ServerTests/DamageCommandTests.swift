import Foundation
import ServerCore
import Testing

/// What commands say and do on an installation whose files are not what was written. The journal has two files with
/// events, each of an import of its own.
struct DamageCommandTests {
    private let bench: ImportBench
    private let program = Run()

    init() async throws {
        bench = try await ImportBench()
        for (name, target) in [("first.log", "/first"), ("second.log", "/second")] {
            let lines = (0..<20).map { logLine(target, at: $0) }.joined()
            let log = try bench.write(lines, to: name)
            #expect(try await bench.counts(["access-log", log]).imported == 20)
        }
    }

    private func run(_ arguments: [String], accepting: Bool = false) async -> Int32 {
        var environment = [
            "HIGHLAND_RUNTIME": bench.path("runtime"), "HIGHLAND_LISTEN": "127.0.0.1:0",
            "HIGHLAND_ADMIN_LISTEN": "[::1]:0", "HIGHLAND_RESERVE_BYTES": "0", "HIGHLAND_RESERVE_PERCENT": "0",
        ]
        if accepting { environment["HIGHLAND_JOURNAL_ACCEPT_DAMAGE"] = "true" }
        return await program(arguments + ["--data", bench.data], environment: environment)
    }

    /// Paths of files below the data directory, by ending, oldest first.
    private func files(_ folder: String, _ ending: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: bench.data + "/" + folder).sorted()
            .filter { $0.hasSuffix(ending) }.map { "\(bench.data)/\(folder)/\($0)" }
    }

    private func flip(_ path: String, at offset: Int) throws {
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        bytes[offset] ^= 0x10
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    @Test func aReportWithoutTheJournalOfItsCheckpointSaysSoAndThrowsNothingAway() async throws {
        let report = ["report", "--site", "shop.test", "--range", "all"]
        #expect(await run(report) == 0)
        let columns = try files("columns", "").count
        try FileManager.default.removeItem(atPath: bench.data + "/journal")
        for _ in 0..<2 {
            #expect(await run(report) == 1)
            #expect(program.errors.count == 1)
            let line = try #require(program.errors.first)
            #expect(
                line.hasPrefix("highland: \(bench.data)/journal: ends with batch 0, and \(bench.data)/checkpoints is"))
            #expect(line.contains("highland rebuild"))
            #expect(try files("columns", "").count == columns)
        }
        #expect(await run(["rebuild"]) == 0)
        #expect(await run(report) == 0)
    }

    @Test func aReportOfAnInstallationWithoutEventsIsEmpty() async throws {
        for folder in ["journal", "checkpoints", "columns"] {
            try? FileManager.default.removeItem(atPath: bench.data + "/" + folder)
        }
        #expect(await run(["report", "--site", "shop.test"]) == 0, "\(program.errors)")
    }

    /// The status and the advice of each of doctor's checks.
    private func doctor(_ arguments: [String] = [], accepting: Bool = false) async throws -> [String: [String]] {
        _ = await run(["doctor", "--json"] + arguments, accepting: accepting)
        let checks = try #require(try program.json()["checks"] as? [[String: String]])
        return Dictionary(
            uniqueKeysWithValues: checks.map { ($0["check"] ?? "", [$0["status"] ?? "", $0["advice"] ?? ""]) })
    }

    @Test func doctorFindsNothingInWhatIsWhole() async throws {
        #expect(await run(["report", "--site", "shop.test", "--range", "all"]) == 0)
        let before = try files("journal", "")
        let found = try await doctor()
        for check in ["secrets", "journal", "checkpoint"] { #expect(found[check] == ["OK", ""], "\(check)") }
        #expect(try files("journal", "") == before)
    }

    enum JournalHarm: CaseIterable { case emptied, flipped, newer }

    @Test(arguments: JournalHarm.allCases)
    func doctorOpensTheJournalAsTheServerDoes(harm: JournalHarm) async throws {
        let newest = try #require(try files("journal", ".journal").last)
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: newest)))
        switch harm {
        case .emptied: bytes = []
        case .flipped: bytes[50] ^= 1
        case .newer:
            bytes[8] = 2
            bytes[40] ^= 0xFF
        }
        try Data(bytes).write(to: URL(fileURLWithPath: newest))
        let before = try files("journal", "")
        let finding = try #require(try await doctor()["journal"])
        #expect(finding[0] == "FAIL" && !finding[1].isEmpty)
        #expect(await run(["doctor"]) == 1)
        #expect(try files("journal", "") == before)
        #expect([UInt8](try Data(contentsOf: URL(fileURLWithPath: newest))) == bytes)
        if harm != .newer { #expect(try await doctor(accepting: true)["journal"]?[0] == "WARN") }
    }

    @Test(arguments: [nil, 0, 50] as [Int?])
    func doctorReadsTheSecrets(bytesLeft: Int?) async throws {
        let path = bench.data + "/secrets/secrets"
        if let bytesLeft {
            let handle = try #require(FileHandle(forWritingAtPath: path))
            try handle.truncate(atOffset: UInt64(bytesLeft))
            try handle.close()
        } else {
            try FileManager.default.removeItem(atPath: path)
        }
        let finding = try #require(try await doctor()["secrets"])
        #expect(finding[0] == "FAIL" && finding[1].contains("imported lines are no longer recognised"))
        #expect(FileManager.default.fileExists(atPath: path) == (bytesLeft != nil), "looking makes nothing")
    }

    @Test func doctorOpensTheGeoDatabase() async throws {
        let marked = [UInt8](repeating: 0, count: 100) + [0xAB, 0xCD, 0xEF] + Array("MaxMind.com".utf8) + [0xE9, 0x42]
        let path = try bench.write(marked, to: "damaged.mmdb")
        let config = try bench.write("collect:\n  geoDatabase: \(path)\n", to: "highland.yaml")
        let finding = try #require(try await doctor(["--config", config])["geo database"])
        #expect(finding[0] == "FAIL" && finding[1].contains(path))
    }

    @Test func doctorMissesAJournalThatACheckpointIsOf() async throws {
        #expect(await run(["report", "--site", "shop.test", "--range", "all"]) == 0)
        try FileManager.default.removeItem(atPath: bench.data + "/journal")
        #expect(try await doctor()["checkpoint"]?[0] == "FAIL")
    }

    @Test("damage stops what reads it with one line, until its loss is accepted", arguments: [0, 1])
    func damageStopsWhatReadsIt(file: Int) async throws {
        let journal = try files("journal", ".journal")
        try #require(journal.count == 2)
        // In the first batch, behind the file's header and the batch's own. The last file is read by the opening, the
        // one before by the projections.
        try flip(journal[file], at: 150)
        #expect(await run(["rebuild"]) == 1)
        #expect(program.errors.count == 1, "\(program.errors)")
        #expect(program.errors.first?.contains("HIGHLAND_JOURNAL_ACCEPT_DAMAGE") == true)
        #expect(await run(["rebuild", "--json"], accepting: true) == 0, "\(program.errors)")
        #expect(program.errors.contains { $0.contains("damage of the journal is passed over") })
        let report = ["report", "--site", "shop.test", "--metrics", "events", "--range", "all", "--format", "csv"]
        #expect(await run(report, accepting: true) == 0, "\(program.errors)")
    }
}
