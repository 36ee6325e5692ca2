package import ArgumentParser

/// `highland serve`: checks the configuration, makes the directories, then runs the server until it is told to stop.
package struct ServeCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the server.",
        discussion: "SIGTERM drains and ends it. 'highland config' lists every setting and its variable.")

    @OptionGroup package var global: GlobalOptions

    @Option(name: .long, help: "Address and port of the public plane (HIGHLAND_LISTEN).")
    package var listen: String?

    @Option(name: .long, help: "Address and port of the admin plane (HIGHLAND_ADMIN_LISTEN).")
    package var adminListen: String?

    @Option(name: .long, help: "How browsers reach the public plane (HIGHLAND_PUBLIC_URL).")
    package var publicURL: String?

    @Option(name: .long, help: "Path of an mmdb file (HIGHLAND_GEOIP).")
    package var geoip: String?

    @Option(name: .long, help: "Directory of the day's salt (HIGHLAND_RUNTIME).")
    package var runtime: String?

    @Option(name: .long, help: "Directory of signing keys (HIGHLAND_SECRETS).")
    package var secrets: String?

    @Option(name: .long, help: "Networks of proxies that are believed (HIGHLAND_TRUSTED_PROXIES).")
    package var trustedProxies: String?

    @Option(name: .long, help: "The least severe line that is logged (HIGHLAND_LOG_LEVEL).")
    package var logLevel: String?

    @Option(
        name: .customLong("set"), parsing: .singleValue,
        help: ArgumentHelp("Any other setting; may be repeated.", valueName: "key=value"))
    package var settings: [String] = []

    package init() {}

    /// The options as settings.
    package func flags() throws -> [ConfigurationFlag] {
        let named: [(String, String, String?)] = [
            ("--listen", "public.listen", listen), ("--admin-listen", "admin.listen", adminListen),
            ("--public-url", "public.url", publicURL), ("--geoip", "collect.geoDatabase", geoip),
            ("--runtime", "storage.runtime", runtime), ("--secrets", "storage.secrets", secrets),
            ("--trusted-proxies", "public.trustedProxies", trustedProxies), ("--log-level", "log.level", logLevel),
        ]
        var flags: [ConfigurationFlag] = []
        for setting in settings {
            let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else {
                throw ValidationError(
                    "--set: '\(setting.shownInError)' has no '='; expected a key and a value such as public.loops=2")
            }
            flags.append(ConfigurationFlag(flag: "--set", key: String(parts[0]), value: String(parts[1])))
        }
        for (flag, key, value) in named {
            if let value { flags.append(ConfigurationFlag(flag: flag, key: key, value: value)) }
        }
        return flags
    }

    package func run() async throws {
        let context = CommandContext.current
        let loaded = try global.load(flags: try flags())
        let directories = Directories(loaded.configuration.storage)
        guard let serve = context.serve else { throw ValidationError("this program cannot serve") }
        try directories.prepare()
        let code = try await serve(loaded, directories)
        if code != 0 { throw CommandExit(code: code) }
    }
}
