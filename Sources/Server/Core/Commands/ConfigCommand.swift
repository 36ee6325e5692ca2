package import ArgumentParser

/// `highland config`: every setting with its value, where that came from, and what it is for.
package struct ConfigCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Check the configuration and list every setting.")
    @OptionGroup package var global: GlobalOptions
    @OptionGroup package var output: OutputOptions
    package init() {}

    package func run() throws {
        let loaded = try global.load()
        for warning in loaded.warnings { CommandContext.current.error("highland: warning: \(warning)") }
        let settings = ConfigurationKey.all.map { key in
            Setting(
                key: key.name, variable: key.variable, value: key.text(in: loaded.configuration),
                origin: loaded.origins[key.name] ?? "default", meaning: key.meaning)
        }
        try output.show(["settings": settings]) {
            let rows = settings.map { [$0.key, $0.variable, $0.value.isEmpty ? "-" : $0.value, $0.origin, $0.meaning] }
            return TextTable.render([["KEY", "VARIABLE", "VALUE", "FROM", "MEANING"]] + rows)
        }
    }

    private struct Setting: Encodable {
        let key: String
        let variable: String
        let value: String
        let origin: String
        let meaning: String
    }
}
