import Catalog
import Events
import Foundation
import ServerCore
import Testing

/// A directory that goes with the test.
final class TemporaryDirectory: Sendable {
    let path: String
    init(named name: String = UUID().uuidString) throws {
        path = NSTemporaryDirectory() + "highland-test-" + name
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to name: String) throws -> String {
        try text.write(toFile: path + "/" + name, atomically: true, encoding: .utf8)
        return path + "/" + name
    }
}

private func loadError(
    yaml: String? = nil, environment: [String: String] = [:], flags: [ConfigurationFlag] = []
) throws -> ConfigurationError? {
    let directory = try TemporaryDirectory()
    let file = try yaml.map { try directory.write($0, to: "highland.yaml") }
    do {
        _ = try ConfigurationLoader.load(file: file, environment: environment, flags: flags)
        return nil
    } catch { return error }
}

struct ConfigurationTests {
    @Test func nothingGivenMeansTheDefaultsOfTheContract() throws {
        let loaded = try ConfigurationLoader.load(file: nil, environment: [:], flags: [])
        #expect(loaded.configuration == Configuration())
        #expect(loaded.origins.isEmpty && loaded.warnings.isEmpty)
        #expect(loaded.configuration.storage.dataDirectory == "./data")
        #expect(loaded.configuration.publicPlane.listen.description == "0.0.0.0:8080")
        #expect(loaded.configuration.adminPlane.listen.description == "127.0.0.1:8081")
    }

    @Test func flagsBeatEnvironmentBeatsFileBeatsDefault() throws {
        let directory = try TemporaryDirectory()
        let file = try directory.write(
            "public:\n  loops: 1\n  connectionsMax: 11\n  bodyBytesMax: 2MiB\nlog:\n  level: debug\n", to: "c.yaml")
        let loaded = try ConfigurationLoader.load(
            file: file, environment: ["HIGHLAND_LOOPS": "2", "HIGHLAND_CONNECTIONS_MAX": "12", "PATH": "/bin"],
            flags: [ConfigurationFlag(flag: "--set", key: "public.loops", value: "3")])
        #expect(loaded.configuration.publicPlane.loops == 3)
        #expect(loaded.configuration.publicPlane.connectionsMax == 12)
        #expect(loaded.configuration.publicPlane.bodyBytesMax == 2 << 20)
        #expect(loaded.configuration.log.level == .debug)
        #expect(loaded.configuration.publicPlane.connectionsPerAddressMax == 200)
        #expect(
            loaded.origins == [
                "public.loops": "--set", "public.connectionsMax": "HIGHLAND_CONNECTIONS_MAX",
                "public.bodyBytesMax": file + ":4",
                "log.level": file + ":6",
            ])
    }

    @Test func theFileMayBeNamedByTheEnvironment() throws {
        let directory = try TemporaryDirectory()
        let file = try directory.write("public:\n  loops: 7\n", to: "c.yaml")
        let other = try directory.write("public:\n  loops: 8\n", to: "d.yaml")
        #expect(
            try ConfigurationLoader.load(file: nil, environment: ["HIGHLAND_CONFIG": file], flags: []).configuration
                .publicPlane.loops == 7)
        #expect(
            try ConfigurationLoader.load(file: other, environment: ["HIGHLAND_CONFIG": file], flags: []).configuration
                .publicPlane.loops == 8)
    }

    @Test func everyKeyIsKnownInAllThreeSources() throws {
        let directory = try TemporaryDirectory()
        #expect(Set(ConfigurationKey.all.map(\.name)).count == ConfigurationKey.all.count)
        #expect(Set(ConfigurationKey.all.map(\.variable)).count == ConfigurationKey.all.count)
        for key in ConfigurationKey.all {
            let value = key.defaultText
            let parts = key.name.split(separator: ".")
            let file = try directory.write("\(parts[0]):\n  \(parts[1]): \"\(value)\"\n", to: "c.yaml")
            let flag = ConfigurationFlag(flag: "--set", key: key.name, value: value)
            let loaded = [
                try ConfigurationLoader.load(file: file, environment: [:], flags: []),
                try ConfigurationLoader.load(file: nil, environment: [key.variable: value], flags: []),
                try ConfigurationLoader.load(file: nil, environment: [:], flags: [flag]),
            ]
            #expect(loaded.map { $0.origins[key.name] } == [file + ":2", key.variable, "--set"])
            #expect(loaded.allSatisfy { $0.configuration == Configuration() && $0.warnings.isEmpty })
            #expect(!key.meaning.isEmpty && !key.expected.isEmpty)
        }
    }

    @Test(arguments: [
        "DATA", "RUNTIME", "SECRETS", "LISTEN", "ADMIN_LISTEN", "PUBLIC_URL", "GEOIP", "TRUSTED_PROXIES", "LOG_LEVEL",
        "JOURNAL_URL", "COLUMNS_URL",
    ])
    func theVariablesOfTheContractExist(name: String) {
        #expect(ConfigurationKey.all.contains { $0.variable == "HIGHLAND_" + name })
    }

    @Test(arguments: [
        ("HIGHLAND_DATA", ""), ("HIGHLAND_DATA", "a\nb"), ("HIGHLAND_LISTEN", "8080"), ("HIGHLAND_LISTEN", ":8080"),
        ("HIGHLAND_LISTEN", "0.0.0.0"), ("HIGHLAND_LISTEN", "0.0.0.0:65536"), ("HIGHLAND_LISTEN", "0.0.0.0:-1"),
        ("HIGHLAND_LISTEN", "::1:8080"), ("HIGHLAND_LISTEN", "[::1]"), ("HIGHLAND_LISTEN", "[127.0.0.1]:80"),
        ("HIGHLAND_LISTEN", "shop.example:8080"), ("HIGHLAND_LISTEN", "http://0.0.0.0:8080"),
        ("HIGHLAND_LISTEN", "[]:80"),
        ("HIGHLAND_PUBLIC_URL", "data.shop.example"), ("HIGHLAND_PUBLIC_URL", "ftp://shop.example"),
        ("HIGHLAND_PUBLIC_URL", "https://shop.example/path"), ("HIGHLAND_PUBLIC_URL", "https://shop.example/"),
        ("HIGHLAND_PUBLIC_URL", "https://"), ("HIGHLAND_PUBLIC_URL", "https://user@shop.example"),
        ("HIGHLAND_PUBLIC_URL", "https://shop.example:0"), ("HIGHLAND_PUBLIC_URL", "https://shop.example:99999"),
        ("HIGHLAND_PUBLIC_URL", "https://shop.test:1KiB"), ("HIGHLAND_PUBLIC_URL", "https://shop.test:63KiB"),
        ("HIGHLAND_PUBLIC_URL", "https://shop.test:00443"), ("HIGHLAND_PUBLIC_URL", "https://shop.test:"),
        ("HIGHLAND_PUBLIC_URL", "https://1.2.3.4:0"), ("HIGHLAND_PUBLIC_URL", "http://[::1]:0"),
        ("HIGHLAND_PUBLIC_URL", "http://::1"), ("HIGHLAND_PUBLIC_URL", "http://2001:db8::1:80"),
        ("HIGHLAND_TRUSTED_PROXIES", "10.0.0.0/33"), ("HIGHLAND_TRUSTED_PROXIES", "10.0.0.0/8,proxy"),
        ("HIGHLAND_TRUSTED_PROXIES", "10.0.0.1/8"), ("HIGHLAND_LOG_LEVEL", "verbose"), ("HIGHLAND_LOG_LEVEL", "INFO"),
        ("HIGHLAND_LOOPS", "-1"), ("HIGHLAND_LOOPS", "257"), ("HIGHLAND_LOOPS", "two"), ("HIGHLAND_LOOPS", ""),
        ("HIGHLAND_LOOPS", "1.0"), ("HIGHLAND_BODY_BYTES_MAX", "1MB"), ("HIGHLAND_BODY_BYTES_MAX", "1023"),
        ("HIGHLAND_BODY_BYTES_MAX", "65MiB"), ("HIGHLAND_BODY_BYTES_MAX", "99999999999999999999"),
        ("HIGHLAND_BODY_BYTES_MAX", "999999999999999999TiB"), ("HIGHLAND_IDLE_TIMEOUT", "75"),
        ("HIGHLAND_IDLE_TIMEOUT", "0s"), ("HIGHLAND_IDLE_TIMEOUT", "2h"), ("HIGHLAND_IDLE_TIMEOUT", "-5s"),
        ("HIGHLAND_IDLE_TIMEOUT", "s"), ("HIGHLAND_JOURNAL_URL", "nats://localhost"),
        ("HIGHLAND_COLUMNS_URL", "http://ch:8123"),
        ("HIGHLAND_RESERVE_PERCENT", "51"), ("HIGHLAND_QUEUE_BYTES_MAX", "1KiB"), ("HIGHLAND_CONNECTIONS_MAX", "0"),
        ("HIGHLAND_SECURITY_CONTACT", "security@shop.test"), ("HIGHLAND_SECURITY_CONTACT", "http://shop.test/"),
        ("HIGHLAND_SECURITY_CONTACT", "mailto:"), ("HIGHLAND_SECURITY_CONTACT", "mailto:@shop.test"),
        ("HIGHLAND_SECURITY_CONTACT", "mailto:a@b c"), ("HIGHLAND_SECURITY_CONTACT", "https:///security"),
        ("HIGHLAND_SECURITY_CONTACT", "tel:me"), ("HIGHLAND_JOURNAL_ACCEPT_DAMAGE", ""),
        ("HIGHLAND_JOURNAL_ACCEPT_DAMAGE", "yes"),
        ("HIGHLAND_IDEMPOTENCY_WINDOW", "1s"), ("HIGHLAND_QUERY_THREADS", "0"), ("HIGHLAND_IDEMPOTENCY_IDS_MAX", "_1"),
    ])
    func aWrongValueStopsWithKeyValueAndExpectation(variable: String, value: String) throws {
        let error = try #require(try loadError(environment: [variable: value]))
        guard case .wrongValue(let key, _, let source, let expected) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(source == variable)
        #expect(ConfigurationKey.named(key)?.variable == variable)
        #expect(expected == ConfigurationKey.named(key)?.expected)
        #expect(error.description.hasPrefix("\(variable): \(key): '"))
        #expect(!error.description.utf8.contains { $0 < 32 })
    }

    @Test(
        arguments: [
            ("0.0.0.0:8080", "0.0.0.0", 8080, false), ("[::]:8080", "::", 8080, false),
            ("127.0.0.1:0", "127.0.0.1", 0, true),
            ("localhost:81", "127.0.0.1", 81, true), ("[::1]:65535", "::1", 65535, true),
            ("10.1.2.3:1", "10.1.2.3", 1, false),
        ] as [(String, String, UInt16, Bool)])
    func addressesAreReadAndWritten(text: String, host: String, port: UInt16, isLoopback: Bool) throws {
        let address = try #require(ListenAddress(text))
        #expect(address.host == host && address.port == port && address.isLoopback == isLoopback)
        #expect(ListenAddress(address.description) == address)
    }

    @Test(arguments: [
        "mailto:security@shop.example", "mailto:a.b+c@shop.example?subject=x", "https://shop.example",
        "https://shop.example:8443/security?x#y", "tel:+41-44-668-18-00",
    ])
    func contactsAreTaken(contact: String) throws {
        let loaded = try ConfigurationLoader.load(
            file: nil, environment: ["HIGHLAND_SECURITY_CONTACT": contact], flags: [])
        #expect(loaded.configuration.publicPlane.securityContact == contact)
    }

    @Test(arguments: [
        "https://data.shop.example", "http://localhost:8080", "https://shop.example:8443", "http://127.0.0.1:8080",
        "http://[::1]:8080", "http://[::1]", "https://shop.example:65535", "http://127.0.0.1",
    ])
    func originsAreTaken(url: String) throws {
        let loaded = try ConfigurationLoader.load(file: nil, environment: ["HIGHLAND_PUBLIC_URL": url], flags: [])
        #expect(loaded.configuration.publicPlane.url == url)
    }

    @Test(arguments: [
        ("public: [1, 2]\n", ":1", "a section"), ("public:\n  lisen: 0.0.0.0:1\n", ":2", "public.listen"),
        ("publik:\n  listen: 0.0.0.0:1\n", ":1", "one of the sections"), ("- a\n", ":1", "sections such as"),
        ("public:\n  loops: {a: 1}\n", ":2", "a whole number"), ("public:\n\n  loops: x\n", ":3", "a whole number"),
        ("public:\n  loops: 1\n  loops: 2\n", ":", "once"), ("public:\n\tloops: 1\n", ":2", "sections"),
        ("public: [\n", ":", "sections"),
        ("public:\n  loops: ~\n", ":2", "a whole number"), ("7\n", ":1", "sections such as"),
        ("public: yes\n", ":1", "a section"),
        ("a: &x [1]\npublic:\n  trustedProxies: *x\n", ":1", "one of the sections"),
    ])
    func aWrongFileStopsWithItsLine(yaml: String, place: String, expected: String) throws {
        let error = try #require(try loadError(yaml: yaml))
        #expect(error.description.contains("highland.yaml" + place), "\(error)")
        #expect(error.description.contains(expected), "\(error)")
        #expect(!error.description.contains("\n"))
    }

    @Test(arguments: ["", "\n", "# nothing\n", "public:\n", "---\n", "~\n"])
    func aFileMayBeEmpty(yaml: String) throws {
        #expect(try loadError(yaml: yaml) == nil)
    }

    @Test(arguments: ["/nonexistent/highland.yaml", "/tmp", "/dev/zero"])
    func anUnreadableFileIsNamed(path: String) {
        do {
            _ = try ConfigurationLoader.load(file: path, environment: [:], flags: [])
            Issue.record("\(path) was read")
        } catch {
            #expect(error.description.hasPrefix(path + ": "))
            #expect(error.description.contains("expected a readable YAML file"))
        }
    }

    @Test func unknownVariablesOnlyWarn() throws {
        let loaded = try ConfigurationLoader.load(
            file: nil, environment: ["HIGHLAND_LISTN": "0.0.0.0:1", "HIGHLAND_PORT": "tcp://10.0.0.1:8080"], flags: [])
        #expect(loaded.configuration == Configuration())
        #expect(loaded.warnings.count == 2)
        #expect(
            loaded.warnings[0].contains("HIGHLAND_LISTN is not")
                && loaded.warnings[0].contains("did you mean HIGHLAND_LISTEN?"))
        #expect(loaded.warnings[1].contains("HIGHLAND_PORT"))
    }

    @Test func anUnknownFlagKeyStops() throws {
        let error = try loadError(flags: [ConfigurationFlag(flag: "--set", key: "public.loop", value: "1")])
        #expect(
            error
                == .unknownKey(
                    key: "public.loop", source: "--set",
                    expected: "perhaps 'public.loops'; 'highland config' lists all keys"))
    }

    @Test(arguments: [
        ("admin.listen", ["HIGHLAND_LISTEN": "127.0.0.1:9000", "HIGHLAND_ADMIN_LISTEN": "127.0.0.1:9000"]),
        ("admin.listen", ["HIGHLAND_LISTEN": "[::]:8081"]),
        ("collect.eventBytesMax", ["HIGHLAND_EVENT_BYTES_MAX": "64KiB", "HIGHLAND_BODY_BYTES_MAX": "32KiB"]),
        ("journal.queueBytesMax", ["HIGHLAND_QUEUE_BYTES_MAX": "1MiB", "HIGHLAND_BODY_BYTES_MAX": "2MiB"]),
        ("storage.runtime", ["HIGHLAND_DATA": "/srv/h", "HIGHLAND_RUNTIME": "/srv/h/run"]),
        ("storage.runtime", ["HIGHLAND_DATA": "/srv/h", "HIGHLAND_RUNTIME": "/srv/x/../h"]),
    ])
    func valuesThatContradictEachOtherStop(key: String, environment: [String: String]) throws {
        guard case .contradiction(let named, _, _) = try loadError(environment: environment) else {
            Issue.record("\(environment) was taken")
            return
        }
        #expect(named == key)
    }

    @Test func portZeroNeverContradicts() throws {
        #expect(
            try loadError(environment: ["HIGHLAND_LISTEN": "127.0.0.1:0", "HIGHLAND_ADMIN_LISTEN": "127.0.0.1:0"])
                == nil)
    }

    private static let examples = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Examples").path

    @Test func theFullExampleNamesEveryKeyWithItsDefault() throws {
        let loaded = try ConfigurationLoader.load(
            file: ConfigurationTests.examples + "/full.yaml", environment: [:], flags: [])
        #expect(loaded.configuration == Configuration())
        #expect(Set(loaded.origins.keys) == Set(ConfigurationKey.all.map(\.name)))
    }

    @Test func theMinimalExampleLoads() throws {
        let loaded = try ConfigurationLoader.load(
            file: ConfigurationTests.examples + "/minimal.yaml", environment: [:], flags: [])
        #expect(loaded.configuration.storage.dataDirectory == "/var/lib/highland")
        #expect(loaded.configuration.publicPlane.trustedProxies.map(\.description) == ["127.0.0.1", "::1"])
    }

    @Test(arguments: [("4096", 4096), ("1KiB", 1024), ("64MiB", 64 << 20), ("1536KiB", 1536 << 10), ("0", 0)])
    func sizesAreReadAndWritten(text: String, bytes: Int) {
        #expect(ValueForms.bytes(text) == bytes)
        #expect(ValueForms.bytes(ValueForms.shown(bytes: bytes)) == bytes)
    }

    @Test(arguments: [("250ms", 250), ("10s", 10_000), ("5m", 300_000), ("24h", 86_400_000), ("90s", 90_000)])
    func timesAreReadAndWritten(text: String, milliseconds: Int) {
        #expect(ValueForms.duration(text) == .milliseconds(milliseconds))
        #expect(
            ValueForms.duration(ValueForms.shown(duration: .milliseconds(milliseconds))) == .milliseconds(milliseconds))
    }
}
