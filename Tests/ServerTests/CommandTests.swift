import Adapters
import Catalog
import Events
import Foundation
import ServerCore
import Synchronization
import Testing

/// What tests and commands have in common: one open store.
final class SharedStore: Sendable {
    let store: CatalogStoreSQLite
    init(_ directory: String) throws { store = try CatalogStoreSQLite(directory: directory) }
}

/// The program with its output caught.
final class Run: Sendable {
    private let captured = Mutex<(output: String, errors: [String])>(("", []))
    var output: String { captured.withLock { $0.output } }
    var errors: [String] { captured.withLock { $0.errors } }

    func callAsFunction(
        _ arguments: [String], environment: [String: String] = [:],
        serve: (@Sendable (LoadedConfiguration, Directories) async throws -> Int32)? = nil
    ) async -> Int32 {
        captured.withLock { $0 = ("", []) }
        let context = CommandContext(
            environment: environment, output: { text in self.captured.withLock { $0.output += text } },
            error: { line in self.captured.withLock { $0.errors.append(line) } }, serve: serve)
        return await HighlandProgram.run(arguments, in: context)
    }

    /// The output as the one JSON object it is to be.
    func json() throws -> [String: Any] {
        #expect(output.hasSuffix("}\n") && output.dropLast().firstIndex(of: "\n") == nil)
        return try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
    }
}

struct CommandTests {
    @Test(arguments: [false, true])
    func sitesAndKeysAreManagedWithAndWithoutAServer(isServerRunning: Bool) async throws {
        let directory = try TemporaryDirectory()
        let shared = try SharedStore(directory.path)
        let server = AdminServer(directory: directory.path)
        let holder = CatalogHolder(try shared.store.load())
        server.registerCatalog(store: shared.store, holder: holder)
        if isServerRunning { try server.start() }
        defer { server.stop() }
        let run = Run()
        let data = ["--data", directory.path]

        #expect(await run(["site", "list"] + data) == 0)
        #expect(run.output.contains("no sites yet"))
        let add = [
            "site", "add", "--domain", "Shop.test", "--domain", "blog.test", "--name", "Shop", "--time-zone",
            "Europe/Zurich",
        ]
        #expect(
            await run(
                add + [
                    "--currency", "CHF", "--unknown-consent", "none", "--consent-default", "granted", "--retention",
                    "2y", "--json",
                ] + data) == 0)
        let added = try run.json()
        #expect(Set(added.keys) == ["id", "key"])
        #expect(added["id"] as? Int == 1)
        #expect((added["key"] as? String)?.utf8.count == 22)

        #expect(
            await run(
                [
                    "site", "set", "--site", "shop.test", "--exclude-network", "10.0.0.0/8", "--split-at-midnight",
                    "true", "--json",
                ] + data) == 0)
        #expect(await run(["site", "show", "--site", "1", "--json"] + data) == 0)
        let shown = try run.json()
        #expect(shown["domains"] as? [String] == ["shop.test", "blog.test"])
        #expect(shown["retentionMonths"] as? Int == 24)
        #expect(shown["excludedNetworks"] as? [String] == ["10.0.0.0/8"])
        #expect(shown["splitsVisitsAtMidnight"] as? Bool == true)
        #expect(shown["unknownConsent"] as? String == "none")
        #expect(shown["timeZone"] as? String == "Europe/Zurich")
        #expect(shown["pathPrefix"] as? String == PathPrefix.derived(from: try #require(shown["key"] as? String)))

        #expect(await run(["key", "add", "--role", "server", "--site", "blog.test", "--json"] + data) == 0)
        let key = try #require(try run.json()["key"] as? String)
        let printed = try run.json()
        #expect(key.hasPrefix("hlk_") && printed.count == 1)
        #expect(await run(["key", "list", "--json"] + data) == 0)
        #expect(!run.output.contains(key))
        let keys = try run.json()["keys"] as? [[String: Any]]
        #expect(keys?.first?["sites"] as? [Int] == [1])
        #expect(await run(["key", "revoke", "--id", key] + data) == 0)
        #expect(try shared.store.load().keys.isEmpty)

        #expect(await run(["site", "remove", "--site", "shop.test"] + data) == 64)
        #expect(await run(["site", "remove", "--site", "shop.test", "--yes"] + data) == 0)
        #expect(await run(["site", "show", "--site", "shop.test"] + data) == 1)
        #expect(run.errors == ["highland: no site 'shop.test'"])
        #expect(try shared.store.load().sites.isEmpty)
        #expect((holder.current.generation > 1) == isServerRunning)
    }

    @Test(arguments: [false, true])
    func aliasesAreManagedWithAndWithoutAServer(isServerRunning: Bool) async throws {
        let directory = try TemporaryDirectory()
        let shared = try SharedStore(directory.path)
        _ = try shared.store.addSite(SiteDraft(domains: ["shop.test"]), by: "t")
        _ = try shared.store.addSite(SiteDraft(domains: ["blog.test"]), by: "t")
        let server = AdminServer(directory: directory.path)
        let holder = CatalogHolder(try shared.store.load())
        server.registerCatalog(store: shared.store, holder: holder)
        if isServerRunning { try server.start() }
        defer { server.stop() }
        let run = Run()
        let data = ["--data", directory.path]
        func add(_ site: String, _ named: String, _ value: String) -> [String] {
            ["site", "alias", "add", "--site", site, "--protocol", named, "--value", value] + data
        }

        #expect(await run(["site", "alias", "list"] + data) == 0)
        #expect(run.output.contains("no aliases yet"))
        #expect(await run(add("shop.test", "snowplow", "my-app") + ["--json"]) == 0)
        #expect(
            run.output == #"{"consent":"required","protocol":"snowplow","site":1,"value":"my-app"}"# + "\n")
        #expect(run.errors.count == 1 && run.errors[0].contains("dropped unless the request carries a grant"))
        #expect(await run(add("2", "ga4", "g-1a2b3c") + ["--consent", "client"]) == 0)
        #expect(run.output == "site 2 is ga4 G-1A2B3C\n")
        #expect(run.errors.count == 1 && run.errors[0].contains("are kept"))
        #expect(await run(add("2", "snowplow", "my-app")) == 1)
        #expect(
            run.errors == ["highland: value: 'my-app' already belongs to site 1; expected one that is free"])
        #expect(await run(add("2", "matomo", "01")) == 1)
        #expect(run.errors[0].hasPrefix("highland: value: '01' is not valid; expected Matomo's idsite"))

        #expect(await run(["site", "alias", "list", "--site", "blog.test", "--json"] + data) == 0)
        let listed = try run.json()["aliases"] as? [[String: Any]]
        #expect(listed?.count == 1 && listed?.first?["value"] as? String == "G-1A2B3C")
        #expect(await run(["site", "alias", "list"] + data) == 0)
        #expect(run.output.split(separator: "\n").count == 3)

        let remove = ["site", "alias", "remove", "--protocol", "snowplow", "--value", "my-app"]
        #expect(await run(remove + data) == 0)
        #expect(run.output == "snowplow my-app removed from site 1\n")
        #expect(await run(remove + data) == 1)
        #expect(try shared.store.load().aliases.map(\.value) == ["G-1A2B3C"])
        #expect((holder.current.aliases.map(\.value) == ["G-1A2B3C"]) == isServerRunning)
    }

    @Test(
        arguments: [
            (["site", "add"], 64, "--domain"),
            (["site", "add", "--domain", "https://x.test"], 1, "domains[0]: 'https://x.test' is not valid"),
            (["site", "add", "--domain", "x.test", "--time-zone", "Mars"], 1, "timeZone: 'Mars'"),
            (["site", "add", "--domain", "x.test", "--currency", "Fr"], 1, "currency: 'Fr'"),
            (["site", "add", "--domain", "x.test", "--retention", "forever"], 1, "retention: 'forever'"),
            (["site", "add", "--domain", "x.test", "--unknown-consent", "some"], 64, "cookieless"),
            (["site", "set", "--site", "1"], 64, "nothing to change"),
            (["site", "show", "--site", "x.test"], 1, "no site 'x.test'"),
            (["site", "alias", "add", "--site", "1", "--protocol", "gtm", "--value", "x"], 64, "snowplow"),
            (["site", "alias", "add", "--site", "9", "--protocol", "matomo", "--value", "1"], 1, "no site '9'"),
            (["site", "alias", "list", "--site", "x.test"], 1, "no site 'x.test'"),
            (["site", "alias", "remove", "--protocol", "matomo", "--value", "1"], 1, "no alias 'matomo 1'"),
            (["key", "add", "--role", "boss"], 64, "owner"),
            (["key", "add", "--role", "viewer", "--site", "9"], 1, "no site '9'"),
            (["key", "revoke", "--id", "gone"], 1, "no key 'gone'"), (["bogus"], 64, "bogus"),
            (["site", "list", "--bogus"], 64, "--bogus"), (["tail"], 1, "no server runs"),
            (["journal", "verify"], 1, "no such directory"), (["journal", "stat"], 1, "no such directory"),
            (["journal", "dump", "--json"], 1, "no such directory"),
            (["report", "--site", "x.test", "--json", "--format", "csv"], 64, "--format: csv"),
            (["serve", "--listen", "nowhere"], 1, "--listen: public.listen: 'nowhere'"),
            (["serve", "--set", "public.loops"], 64, "--set"), (["serve", "--set", "a.b=1"], 1, "no key 'a.b'"),
        ] as [([String], Int32, String)])
    func wrongUseIsOneLineThatNamesWhatWasWrong(arguments: [String], code: Int32, named: String) async throws {
        let directory = try TemporaryDirectory()
        let run = Run()
        #expect(await run(arguments, environment: ["HIGHLAND_DATA": directory.path]) == code)
        #expect(run.output.isEmpty)
        #expect(run.errors.count == 1)
        let line = try #require(run.errors.first)
        #expect(line.hasPrefix("highland: ") && !line.contains("\n"))
        #expect(line.contains(named), "\(line)")
    }

    @Test(arguments: [
        ["--help"], ["site", "--help"], ["site", "add", "--help"], ["site", "alias", "add", "--help"],
        ["help", "key", "add"], ["serve", "-h"],
    ])
    func helpGoesToStandardOutput(arguments: [String]) async {
        let run = Run()
        #expect(await run(arguments) == 0)
        #expect(run.output.contains("USAGE: highland"))
        #expect(run.errors.isEmpty)
    }

    @Test func versionAndCompletionsArePrinted() async {
        let run = Run()
        #expect(await run(["--version"]) == 0)
        #expect(run.output == HighlandProgram.version + "\n")
        for shell in ["bash", "zsh", "fish"] {
            #expect(await run(["--generate-completion-script", shell]) == 0)
            #expect(run.output.contains("doctor"))
        }
    }

    @Test func serveGetsTheConfigurationAndItsExitCodeIsTheProgrammes() async throws {
        let directory = try TemporaryDirectory()
        let seen = Mutex<LoadedConfiguration?>(nil)
        let run = Run()
        let arguments = [
            "serve", "--data", directory.path + "/data", "--runtime", directory.path + "/run", "--listen", "[::1]:0",
            "--set", "public.loops=2",
        ]
        let code = await run(arguments, environment: ["HIGHLAND_LOG_LEVEL": "debug"]) { loaded, directories in
            seen.withLock { $0 = loaded }
            #expect(directories.data == directory.path + "/data")
            return 74
        }
        #expect(code == 74)
        let loaded = try #require(seen.withLock { $0 })
        #expect(loaded.configuration.publicPlane.loops == 2)
        #expect(loaded.configuration.log.level == .debug)
        #expect(loaded.origins["public.listen"] == "--listen")
        for name in ["data", "run", "data/secrets"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: directory.path + "/" + name)
            #expect(attributes[.posixPermissions] as? Int == 0o700)
        }
        #expect(await run(arguments) { _, _ in 0 } == 0)
    }

    @Test func configShowsEverySettingWithItsOrigin() async throws {
        let run = Run()
        #expect(await run(["config", "--json"], environment: ["HIGHLAND_LOOPS": "3", "HIGHLAND_NOPE": "1"]) == 0)
        let settings = try #require(try run.json()["settings"] as? [[String: String]])
        #expect(settings.map { $0["key"] } == ConfigurationKey.all.map(\.name))
        let loops = try #require(settings.first { $0["key"] == "public.loops" })
        #expect(loops["value"] == "3" && loops["origin"] == "HIGHLAND_LOOPS")
        #expect(run.errors.count == 1 && run.errors[0].contains("HIGHLAND_NOPE"))
    }

    @Test func storedTextCannotSteerATerminal() async throws {
        let directory = try TemporaryDirectory()
        let shared = try SharedStore(directory.path)
        _ = try shared.store.addSite(SiteDraft(name: "Shop", domains: ["a.example"]), by: "t")
        let run = Run()
        #expect(await run(["site", "show", "--site", "a\u{1B}[31m", "--data", directory.path]) == 1)
        #expect(!run.errors.joined().contains("\u{1B}"))
    }
}

struct DoctorTests {
    private func findings(_ run: Run) throws -> [String: (status: String, advice: String)] {
        let checks = try #require(try run.json()["checks"] as? [[String: String]])
        return Dictionary(
            uniqueKeysWithValues: checks.map { ($0["check"] ?? "", ($0["status"] ?? "", $0["advice"] ?? "")) })
    }

    @Test func aFreshDirectoryIsInOrder() async throws {
        let directory = try TemporaryDirectory()
        chmod(directory.path, 0o700)
        let run = Run()
        let environment = [
            "HIGHLAND_DATA": directory.path, "HIGHLAND_LISTEN": "127.0.0.1:0", "HIGHLAND_ADMIN_LISTEN": "[::1]:0",
            "HIGHLAND_RESERVE_BYTES": "0", "HIGHLAND_RESERVE_PERCENT": "0",
        ]
        _ = await run(["doctor", "--json", "--data", directory.path], environment: environment)
        let all = try findings(run)
        for check in [
            "configuration", "data directory", "catalog", "server", "time zones", "hash seeds", "clock",
            "library sqlite3",
        ] {
            #expect(all[check]?.status == "OK", "\(check)")
        }
    }

    @Test func whatFailsIsSaidWithWhatToDo() async throws {
        let directory = try TemporaryDirectory()
        chmod(directory.path, 0o700)
        let secrets = directory.path + "/secrets"
        try FileManager.default.createDirectory(atPath: secrets, withIntermediateDirectories: true)
        chmod(secrets, 0o700)
        _ = try directory.write("secret", to: "secrets/signing.key")
        chmod(secrets + "/signing.key", 0o644)
        _ = try directory.write("no database", to: "catalog.sqlite")
        let mmdb = try directory.write("no mmdb", to: "geo.mmdb")
        let run = Run()
        let environment = [
            "HIGHLAND_DATA": directory.path, "HIGHLAND_GEOIP": mmdb, "SWIFT_DETERMINISTIC_HASHING": "1",
            "HIGHLAND_RESERVE_BYTES": "16TiB", "HIGHLAND_LISTEN": "192.0.2.1:8080",
        ]
        #expect(await run(["doctor", "--json"], environment: environment) == 1)
        let all = try findings(run)
        for check in ["secrets directory", "catalog", "geo database", "hash seeds", "free space", "public port"] {
            #expect(all[check]?.status == "FAIL", "\(check)")
        }
        for check in ["secrets directory", "geo database", "hash seeds", "free space", "public port"] {
            #expect(all[check]?.advice.isEmpty == false, "\(check)")
        }
        #expect(await run(["doctor"], environment: environment) == 1)
        #expect(run.output.split(separator: "\n").count == all.count)
        #expect(run.output.contains("FAIL  hash seeds: "))
    }

    @Test func anOpenDirectoryIsAWarning() async throws {
        let directory = try TemporaryDirectory()
        chmod(directory.path, 0o755)
        let run = Run()
        _ = await run(["doctor", "--json", "--data", directory.path])
        let finding = try #require(try findings(run)["data directory"])
        #expect(finding.status == "WARN" && finding.advice == "chmod 700 \(directory.path)")
    }

    @Test func aConfigurationThatDoesNotLoadIsTheOnlyFinding() async throws {
        let run = Run()
        #expect(await run(["doctor", "--json"], environment: ["HIGHLAND_LISTEN": "x"]) == 1)
        #expect(try findings(run).map(\.key) == ["configuration"])
    }

    @Test func aRunningServerTakesThePlaceOfThePortChecks() async throws {
        let directory = try TemporaryDirectory()
        let server = AdminServer(directory: directory.path)
        try server.start()
        defer { server.stop() }
        let run = Run()
        _ = await run(["doctor", "--json", "--data", directory.path])
        let all = try findings(run)
        #expect(all["server"]?.status == "OK" && all["public port"] == nil)
    }
}

struct BudgetTests {
    @Test(
        "connections leave descriptors for files",
        arguments: [
            (524_288, 8_000, 8_000, 256, false), (8_384, 8_000, 8_000, 256, false), (8_383, 8_000, 7_999, 256, true),
            (1_024, 8_000, 768, 128, true), (256, 8_000, 96, 32, true), (64, 100, 1, 8, true),
            (Int.max, Int.max, Int.max - 384, 256, true),
        ])
    func connectionsLeaveDescriptorsForFiles(limit: Int, wanted: Int, open: Int, admin: Int, warns: Bool) {
        let budget = DescriptorBudget(limit: limit, wanted: wanted)
        #expect(budget.publicConnectionsMax == open && budget.adminConnectionsMax == admin)
        #expect((budget.warning != nil) == warns)
        if warns, wanted < .max { #expect(budget.warning?.contains("LimitNOFILE=\(wanted + 384)") == true) }
    }
}

struct RebuildTests {
    @Test(arguments: [false, true])
    func columnsAreBuiltAgainWithAndWithoutAServer(isServerRunning: Bool) async throws {
        let directory = try TemporaryDirectory()
        let run = Run()
        let data = ["--data", directory.path + "/data"]
        let log = try directory.write((0..<200).map { logLine("/page-\($0)", at: $0) }.joined(), to: "access.log")
        #expect(await run(["site", "add", "--domain", "shop.test"] + data) == 0)
        #expect(await run(["import", "access-log", "--site", "shop.test", log] + data) == 0)
        let report = ["report", "--site", "shop.test", "--range", "all", "--format", "json"] + data
        #expect(await run(report) == 0)
        let before = run.output
        #expect(before.contains("results"))
        var configuration = Configuration()
        configuration.storage.dataDirectory = directory.path + "/data"
        configuration.storage.runtimeDirectory = directory.path + "/runtime"
        configuration.storage.reserveBytes = 0
        configuration.storage.reservePercent = 0
        configuration.publicPlane.listen = ListenAddress(host: "127.0.0.1", port: 0)
        configuration.adminPlane.listen = ListenAddress(host: "127.0.0.1", port: 0)
        let directories = Directories(configuration.storage)
        try directories.prepare()
        let server = isServerRunning ? try await HighlandServer.start(configuration, directories: directories) : nil
        // What no checkpoint could be made of.
        try Data("x".utf8).write(to: URL(fileURLWithPath: directory.path + "/data/columns/part-999999.hcp"))

        #expect(await run(["rebuild", "--json"] + data) == 0)
        let done = try run.json()
        #expect(done["batches"] as? Int == done["ofBatches"] as? Int && (done["events"] as? Int ?? 0) > 0)
        #expect(run.errors.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: directory.path + "/data/columns/part-999999.hcp"))
        #expect(await run(report) == 0)
        #expect(run.output == before)
        #expect(await run(["rebuild"] + data) == 0)
        #expect(run.output.hasPrefix("built again: "))
        if isServerRunning {
            _ = await run(["doctor", "--json"] + data)
            #expect(run.output.contains("\"check\":\"visits\""))
        }
        await server?.stop()
    }
}
