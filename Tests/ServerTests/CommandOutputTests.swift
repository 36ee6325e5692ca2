import Foundation
import ServerCore
import Testing

struct CommandOutputTests {
    @Test func reportsAndDumpsArePrintedAsOneObject() async throws {
        let bench = try await ImportBench()
        let log = try bench.write(logLine("/a") + logLine("/b", at: 5), to: "access.log")
        #expect(try await bench.counts(["access-log", log]).imported == 2)
        let report = ["report", "--site", "shop.test", "--range", "all"]
        #expect(await bench.run(report + ["--format", "json"]) == 0)
        let printed = bench.output
        #expect(await bench.run(report + ["--json"]) == 0)
        #expect(bench.output == printed && printed.hasPrefix("{"))

        #expect(await bench.run(["journal", "dump"]) == 0)
        let lines = bench.output.split(separator: "\n")
        #expect(await bench.run(["journal", "dump", "--json"]) == 0)
        #expect(bench.output == "{\"events\":[\(lines.joined(separator: ","))],\"isWhole\":true}\n")
        #expect(await bench.run(["journal", "dump", "--json", "--limit", "1"]) == 0)
        #expect(bench.output == "{\"events\":[\(lines[0])],\"isWhole\":true}\n")
    }

    /// Whatever else is asked, the help of a command that is none would say that all is well.
    @Test(arguments: [["bogus"], ["bogus", "--help"], ["help", "bogus"], ["backup", "--version"]])
    func whatIsNoCommandIsWrongUsage(arguments: [String]) async throws {
        let bench = try await ImportBench()
        #expect(await bench.run(arguments) == 64 && bench.output.isEmpty)
        #expect(bench.errors.count == 1 && bench.errors[0].contains("is no command; expected one of serve, site"))
        for known in [["--help"], ["site", "--help"], ["--version"]] {
            #expect(await bench.run(known) == 0 && !bench.output.isEmpty, "\(known)")
        }
    }
}
