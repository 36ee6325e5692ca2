package import ArgumentParser
internal import Events
internal import Foundation
internal import Journal

/// `highland journal`: looks at the journal's files, with or without a running server; changes nothing.
package struct JournalCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "journal", abstract: "The journal's files: verify, stat, dump.",
        subcommands: [Verify.self, Stat.self, Dump.self])

    package init() {}

    /// `highland journal verify`.
    package struct Verify: ParsableCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Read every byte and check it; exit code 1 where something is damaged.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        package init() {}

        package func run() throws {
            let report = try JournalCommand.inspection(global).verify()
            try output.show(JournalSummary(report)) {
                var text = JournalCommand.table(report)
                for damage in report.damage { text += "damaged: \(damage)\n" }
                return text
                    + (report.isWhole ? "whole: \(report.recordCount) records in \(report.batchCount) batches\n" : "")
            }
            if !report.isWhole {
                CommandContext.current.error(JournalCommand.advice(report))
                throw CommandExit(code: 1)
            }
        }
    }

    /// `highland journal stat`.
    package struct Stat: ParsableCommand {
        package static let configuration = CommandConfiguration(abstract: "Sizes and counts of the files.")
        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        package init() {}

        package func run() throws {
            let report = try JournalCommand.inspection(global).stat()
            try output.show(JournalSummary(report)) {
                JournalCommand.table(report)
                    + "\(report.recordCount) records, \(report.batchCount) batches, \(report.byteCount) bytes, "
                    + "\(report.keyCount) idempotency keys in \(report.keyFileCount) files\n"
            }
        }
    }

    /// `highland journal dump`.
    package struct Dump: ParsableCommand {
        package static let configuration = CommandConfiguration(
            abstract: "Print every event as one JSON object a line, oldest first.",
            discussion: """
                An erased record shows its position and site alone. With --json everything is one object on one line: \
                the events in its list "events", then "isWhole".
                """)

        package enum Format: String, ExpressibleByArgument, CaseIterable { case ndjson }

        @OptionGroup package var global: GlobalOptions
        @OptionGroup package var output: OutputOptions
        @Option(name: .long, help: "ndjson.") package var format: Format = .ndjson
        @Option(name: .long, help: "The first batch to print.") package var from: UInt64 = 0
        @Option(name: .long, help: "The most lines to print.") package var limit: Int?
        package init() {}

        package func validate() throws {
            if let limit, limit < 1 { throw ValidationError("--limit: \(limit) is too small; expected 1 or more") }
        }

        package func run() throws {
            let inspection = try JournalCommand.inspection(global)
            var lines = LineBuffer()
            var left = limit ?? .max
            if output.json { lines.write("{\"events\":[") }
            var isFirst = true
            let report = try inspection.dump(from: Position(batch: from, index: 0)) { position, view in
                if output.json, !isFirst { lines.write(",") }
                isFirst = false
                lines.write { RecordLine.append(view, at: position, to: &$0) }
                if !output.json { lines.write("\n") }
                left -= 1
                return left > 0
            }
            let lost = report.lost.count
            if output.json { lines.write("],\"isWhole\":\(lost == 0)}\n") }
            lines.flush()
            if lost > 0 {
                CommandContext.current.error(
                    "\(lost) ranges of the journal are damaged and were passed over: 'highland journal verify'")
                throw CommandExit(code: 1)
            }
        }
    }

    private static func inspection(_ global: GlobalOptions) throws -> JournalInspection {
        let directory = try global.directories().data + "/journal"
        guard FileManager.default.fileExists(atPath: directory) else {
            throw CommandFailure(
                "\(directory): no such directory; expected a data directory that a server has run in (--data)")
        }
        return JournalInspection(directory: directory)
    }

    /// What an operator can do about the damage.
    private static func advice(_ report: JournalInspection.Report) -> String {
        let lost = report.lost.count
        guard lost > 0 else {
            return "the journal is damaged in \(report.damage.count) places, by which no event is lost; restore the "
                + "files from a backup"
        }
        return "the journal is damaged in \(report.damage.count) places; restore the files from a backup, or set "
            + "journal.acceptDamage to pass over what is lost"
    }

    fileprivate static func table(_ report: JournalInspection.Report) -> String {
        TextTable.render(
            [["file", "state", "bytes", "batches", "records", "erased"]]
                + report.files.map { file in
                    [
                        file.name, file.isSealed ? "sealed" : "open", "\(file.byteCount)",
                        file.batchCount > 0 ? "\(file.firstBatch)-\(file.nextBatch &- 1)" : "none",
                        "\(file.recordCount)",
                        "\(file.erasedRecordCount)",
                    ]
                })
    }
}

/// What `--json` prints of a journal.
private struct JournalSummary: Encodable {
    struct File: Encodable {
        let name: String
        let bytes: Int
        let batches: Int
        let records: Int
        let isSealed: Bool
    }
    let isWhole: Bool
    let files: [File]
    let bytes: Int
    let batches: Int
    let records: Int
    let erasedRecords: Int
    let lastBatch: UInt64
    let idempotencyKeys: Int
    let damage: [String]

    init(_ report: JournalInspection.Report) {
        isWhole = report.isWhole
        files = report.files.map {
            File(
                name: $0.name, bytes: $0.byteCount, batches: $0.batchCount, records: $0.recordCount,
                isSealed: $0.isSealed)
        }
        bytes = report.byteCount
        batches = report.batchCount
        records = report.recordCount
        erasedRecords = report.erasedRecordCount
        lastBatch = report.lastBatch
        idempotencyKeys = report.keyCount
        damage = report.damage.map { "\($0)" }
    }
}

/// Text for standard output, written in large pieces.
private struct LineBuffer {
    private var bytes: [UInt8] = []

    mutating func write(_ body: (inout [UInt8]) -> Void) {
        body(&bytes)
        if bytes.count > 1 << 16 { flush() }
    }

    mutating func write(_ text: String) { write { $0 += text.utf8 } }

    mutating func flush() {
        CommandContext.current.output(String(decoding: bytes, as: UTF8.self))
        bytes.removeAll(keepingCapacity: true)
    }
}
