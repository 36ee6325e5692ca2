internal import Adapters
internal import Catalog
internal import Events
internal import Foundation

extension Doctor {
    /// Either a server answers, or its ports are free.
    static func network(_ configuration: Configuration, _ data: String, isRunning: Bool) -> [Finding] {
        if isRunning {
            return [Finding("server", .ok, "running on this data directory")] + stages(data)
        }
        let ports = [
            ("public port", configuration.publicPlane.listen, "HIGHLAND_LISTEN"),
            ("admin port", configuration.adminPlane.listen, "HIGHLAND_ADMIN_LISTEN"),
        ]
        return [Finding("server", .ok, "not running")]
            + ports.map { check, address, variable in
                guard let problem = bindProblem(address) else { return Finding(check, .ok, "\(address) is free") }
                return Finding(check, .fail, "\(address): \(problem)", "stop what has it, or set \(variable)")
            }
    }

    /// How the stages of the running server are; none where it does not say.
    private static func stages(_ data: String) -> [Finding] {
        let answer = try? AdminClient(directory: data).call(
            StageHealth.requestName, AdminNothing(), as: [StageHealth].self)
        return (answer ?? []).map(finding)
    }

    /// The judgement alone.
    static func finding(_ stage: StageHealth) -> Finding {
        if let failure = stage.failure {
            let advice = stage.name == "journal" ? "see the server's log" : "run 'highland rebuild'"
            return Finding(stage.name, .fail, failure, advice)
        }
        guard let shortage = stage.waitsFor else { return Finding(stage.name, .ok, "working") }
        return Finding(stage.name, .warn, "waits for space: \(shortage)", "it goes on by itself once there is some")
    }

    /// What stands in the way of binding `address`, or nil. Binds and lets go; nothing listens.
    static func bindProblem(_ address: ListenAddress) -> String? {
        let descriptor = socket(address.isIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return SystemCall.message(errno) }
        let owned = OwnedDescriptor(descriptor)
        var one: Int32 = 1
        setsockopt(owned.number, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        guard let bytes = IPAddress(address.host)?.networkBytes else { return "not an address" }
        var result: Int32 = -1
        if address.isIPv6 {
            var target = sockaddr_in6()
            target.sin6_family = sa_family_t(AF_INET6)
            target.sin6_port = address.port.bigEndian
            let padded = bytes.count == 16 ? bytes : [UInt8](repeating: 0, count: 10) + [255, 255] + bytes
            withUnsafeMutableBytes(of: &target.sin6_addr) {
                // SAFETY: 16 bytes into a field of 16.
                $0.copyBytes(from: padded)
            }
            result = bound(owned, &target)
        } else {
            var target = sockaddr_in()
            target.sin_family = sa_family_t(AF_INET)
            target.sin_port = address.port.bigEndian
            withUnsafeMutableBytes(of: &target.sin_addr) {
                // SAFETY: an IPv4 address has 4 bytes, and so has the field.
                $0.copyBytes(from: bytes.prefix(4))
            }
            result = bound(owned, &target)
        }
        return result == 0 ? nil : SystemCall.message(errno)
    }

    private static func bound<Address>(_ socket: OwnedDescriptor, _ target: inout Address) -> Int32 {
        let size = socklen_t(MemoryLayout<Address>.size)
        // SAFETY: every sockaddr_… begins with a sockaddr; the pointer lives for the call only.
        return withUnsafePointer(to: &target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket.number, $0, size) }
        }
    }

    /// Whether the process may open what the limits allow.
    static func descriptors(_ settings: PublicPlaneSettings) -> Finding {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return Finding("file descriptors", .warn, SystemCall.message(errno))
        }
        let needed = UInt64(clamping: DescriptorBudget.limitNeeded(for: settings.connectionsMax))
        let most = UInt64(limit.rlim_max)
        let message = "\(limit.rlim_cur) allowed, at most \(most == .max ? "any number" : "\(most)"), \(needed) needed"
        guard most >= needed else {
            return Finding(
                "file descriptors", .warn, message,
                "the server takes fewer connections; raise the hard limit (LimitNOFILE=\(needed)) "
                    + "or lower public.connectionsMax")
        }
        return Finding("file descriptors", .ok, message)
    }

    /// The versions of the C libraries that are loaded.
    static func libraries() -> [Finding] {
        var findings: [Finding] = []
        do {
            let version = try CatalogStoreSQLite(inMemory: SystemTimeSource()).libraryVersion()
            findings.append(Finding("library sqlite3", .ok, version))
        } catch {
            findings.append(
                Finding("library sqlite3", .fail, "\(error)", "install libsqlite3-0, version 3.37 or later"))
        }
        let others = [
            ("zlib", "libz.so.1", "zlibVersion", "zlib1g"),
            ("maxminddb", "libmaxminddb.so.0", "MMDB_lib_version", "libmaxminddb0"),
        ]
        for (name, file, symbol, package) in others {
            if let version = version(file: file, symbol: symbol) {
                findings.append(Finding("library \(name)", .ok, version))
            } else {
                findings.append(Finding("library \(name)", .fail, "\(file) cannot be loaded", "install \(package)"))
            }
        }
        return findings
    }

    /// What a library's function `const char *f(void)` says of its version.
    private static func version(file: String, symbol: String) -> String? {
        guard let library = dlopen(file, RTLD_LAZY) else { return nil }
        defer { dlclose(library) }
        guard let address = dlsym(library, symbol) else { return nil }
        typealias Version = @convention(c) () -> UnsafePointer<CChar>?
        // SAFETY: both functions are declared `const char *f(void)` in zlib.h and maxminddb.h; the text is static and
        // is copied before the library is closed.
        let function = unsafeBitCast(address, to: Version.self)
        return function().map { String(cString: $0) }
    }

    /// A clock that is decades off or behind its own files. Whether it is synchronised is not asked.
    static func clock(_ data: String, now: Int64 = SystemTimeSource().wallClock().milliseconds / 1_000) -> Finding {
        let advice = "set the clock and run chrony, ntpd or systemd-timesyncd"
        // 2025-01-01: before this program was written.
        if now < 1_735_689_600 { return Finding("clock", .fail, "stands before 2025", advice) }
        var status = stat()
        if stat(data + "/" + CatalogStoreSQLite.fileName, &status) == 0, Int64(status.st_mtim.tv_sec) > now + 300 {
            return Finding("clock", .fail, "stands before the last change of the catalog", advice)
        }
        return Finding("clock", .ok, "plausible")
    }

    /// Reports need the zone files.
    static func zones(directory: String = SiteRules.zoneDirectory) -> Finding {
        guard (try? SiteRules.timeZone("Europe/Zurich", directory: directory)) != nil else {
            return Finding("time zones", .fail, "\(directory) has no zone files", "install tzdata")
        }
        return Finding("time zones", .ok, directory)
    }

    /// A fixed hash seed lets a sender crowd one slot of a table.
    static func hashing(_ environment: [String: String]) -> Finding {
        guard environment["SWIFT_DETERMINISTIC_HASHING"] == nil else {
            return Finding(
                "hash seeds", .fail, "SWIFT_DETERMINISTIC_HASHING is set: hash tables can be flooded", "unset it")
        }
        return Finding("hash seeds", .ok, "random")
    }
}
