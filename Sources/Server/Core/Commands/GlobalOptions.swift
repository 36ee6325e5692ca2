package import ArgumentParser
internal import Foundation

/// The options that every command takes.
package struct GlobalOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The data directory (HIGHLAND_DATA; ./data).", valueName: "directory"))
    package var data: String?

    @Option(name: .long, help: ArgumentHelp("A YAML file of settings (HIGHLAND_CONFIG).", valueName: "file"))
    package var config: String?

    package init() {}

    /// The configuration as this command sees it; `flags` are its own options.
    package func load(flags: [ConfigurationFlag] = []) throws -> LoadedConfiguration {
        let own = data.map { [ConfigurationFlag(flag: "--data", key: "storage.data", value: $0)] } ?? []
        return try ConfigurationLoader.load(
            file: config, environment: CommandContext.current.environment, flags: own + flags)
    }

    /// Where the installation is.
    package func directories() throws -> Directories {
        Directories(try load().configuration.storage)
    }
}

/// `--json`, for scripts.
package struct OutputOptions: ParsableArguments {
    @Flag(name: .long, help: "Print one JSON object.")
    package var json = false

    package init() {}

    /// Prints `value` as one JSON object on one line, or what `text` gives.
    package func show(_ value: some Encodable, _ text: () -> String) throws {
        guard json else { return CommandContext.current.output(text()) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        CommandContext.current.output(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n")
    }
}

/// Rows of text in columns for a terminal.
enum TextTable {
    /// Each column as wide as its longest value (in characters), two spaces between, the last one ragged. Control
    /// characters are replaced, so that stored text cannot steer a terminal.
    static func render(_ rows: [[String]]) -> String {
        let rows = rows.map { $0.map(\.withoutControls) }
        var widths: [Int] = []
        for row in rows {
            for (column, value) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], value.count)
            }
        }
        return rows.map { row in
            var line = ""
            for (column, value) in row.enumerated() {
                line +=
                    column == row.count - 1
                    ? value : value + String(repeating: " ", count: widths[column] - value.count + 2)
            }
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}

extension String {
    /// Control characters replaced by U+FFFD.
    var withoutControls: String {
        String(unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : Character($0) })
    }
}
