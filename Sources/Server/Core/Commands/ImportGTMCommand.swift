package import ArgumentParser
internal import Catalog
internal import Events
internal import RequestParsing
internal import Tagging

extension ImportCommand {
    /// `highland import gtm`.
    package struct GTM: ParsableCommand {
        package static let configuration = CommandConfiguration(
            commandName: "gtm",
            abstract: "Import an export of Google Tag Manager into a container's draft, or check it.",
            discussion: """
                --check reads the file and says what runs, what is dead, what would send before consent, and which \
                vendors it has; it touches nothing and needs no installation. An import makes the container where there \
                is none; 'container publish' then takes it to pages.
                """)
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @Option(name: .long, help: "The container: its public id, name or number; made where there is none.")
        package var container: String?
        @OptionGroup package var workspace: WorkspaceOption
        @Option(
            name: .long, parsing: .singleValue,
            help: "A site where the container is used (a domain or number), in addition; may be repeated.")
        package var site: [String] = []
        @Flag(name: .long, help: "Only say what is in the file.")
        package var check = false
        @Option(
            name: .long,
            help: ArgumentHelp(
                "What becomes of what the draft has: it goes (overwrite), or stays, and of two objects with one name the "
                    + "imported one is taken (merge) or gets another name (rename)."))
        package var mode = ImportModeWord.overwrite
        @Option(name: .long, help: "Google's tags without a grant: basic (they wait outside) or advanced.")
        package var googleConsent: GoogleConsentWord?
        @Option(name: .long, help: "GA4 and UA event tags: keep, highland (Highland events instead) or both.")
        package var googleEvents: GoogleEventsWord?
        @Argument(help: "The export, a JSON file.")
        package var file: String
        package init() {}

        package func run() throws {
            var options = GTMImportOptions()
            options.mode = mode.mode.rawValue
            options.googleConsent = googleConsent?.rawValue
            options.googleEvents = googleEvents?.rawValue
            if !check, container == nil {
                throw ValidationError("--container: missing; expected a container to import into, or --check")
            }
            let text = try TextFile.read(file, bytesMax: GTMExport.bytesMax)
            // Read here in any case: who imports it does not know the file's name.
            let reading = try read(text, options)
            guard let container, !check else { return show(reading.report.json.encoded, reading.report.text) }
            var order = ContainerOperation.ImportOrder(container: container, export: text)
            order.workspace = workspace.workspace
            order.sites = site
            order.options = options
            guard case .imported(let record) = try ContainerCommand.perform(.importGTM(order), global) else {
                throw UnexpectedResult()
            }
            show(
                record.json,
                record.reportText + "imported into '\(record.workspace)' of \(record.container) (\(record.name)); "
                    + "publish with: highland container publish \(record.container)\n")
        }

        /// The export; an error names the file.
        private func read(_ text: String, _ options: GTMImportOptions) throws(TextFileError) -> GTMReading {
            do throws(TaggingError) {
                return try GTMReading(Array(text.utf8), options, now: SystemTimeSource().wallClock().milliseconds)
            } catch {
                throw TextFileError(path: file, problem: "\(error)")
            }
        }

        /// One object on one line, or text.
        private func show(_ json: [UInt8], _ text: String) {
            let shown = output.json ? String(decoding: json, as: UTF8.self) + "\n" : text
            CommandContext.current.output(shown.hasSuffix("\n") ? shown : shown + "\n")
        }
    }
}

/// `DefinitionMerge.Mode` in short.
package enum ImportModeWord: String, ExpressibleByArgument, CaseIterable, Sendable {
    case overwrite, merge, rename

    fileprivate var mode: DefinitionMerge.Mode {
        switch self {
        case .overwrite: .overwrite
        case .merge: .mergeOverwriting
        case .rename: .mergeRenaming
        }
    }
}

/// The words of `ContainerSettings.GoogleConsent`.
package enum GoogleConsentWord: String, ExpressibleByArgument, CaseIterable, Sendable { case basic, advanced }

/// The words of `ContainerSettings.GoogleEvents`.
package enum GoogleEventsWord: String, ExpressibleByArgument, CaseIterable, Sendable { case keep, highland, both }

extension ImportRecord {
    /// The report's object with where it went in front.
    fileprivate var json: [UInt8] {
        var members: [JSONValue.Member] = [
            .init("container", .string(container)), .init("name", .string(name)),
            .init("workspace", .string(workspace)),
            .init("revision", .integer(Int64(revision))), .init("isNew", .bool(isNew)),
        ]
        if case .object(let report)? = try? JSONReader.read(Array(reportJSON.utf8)) {
            // The report's `container` is what the export calls itself.
            members += report.map { $0.name == "container" ? .init("imported", $0.value) : $0 }
        }
        return JSONValue.object(members).encoded
    }
}

/// Files that a command reads whole.
enum TextFile {
    /// The text; an error names the file.
    static func read(_ path: String, bytesMax: Int) throws -> String {
        do throws(BoundedFile.Failure) {
            return try BoundedFile.text(path, bytesMax: bytesMax)
        } catch {
            throw TextFileError(path: path, problem: error.problem)
        }
    }
}

/// A file that cannot be read.
struct TextFileError: Error, CustomStringConvertible {
    let path: String
    let problem: String
    var description: String { "\(path): \(problem)" }
}
