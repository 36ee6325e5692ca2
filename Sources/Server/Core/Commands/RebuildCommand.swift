package import ArgumentParser
internal import Foundation

/// `highland rebuild`: columns and visits anew from the journal.
package struct RebuildCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "rebuild", abstract: "Throw columns and visits away and build them again from the journal.",
        discussion: """
            The journal is not touched. Until it has ended, reports count what has been applied so far. Events are still \
            taken; where it takes longer than a minute they may be answered 503 until it has caught up.
            """)

    @OptionGroup package var global: GlobalOptions
    @OptionGroup package var output: OutputOptions
    package init() {}

    package func run() throws {
        let loaded = try global.load()
        let directories = Directories(loaded.configuration.storage)
        let line = RebuildProgressLine()
        var last = RebuildProgress(batches: 0, ofBatches: 0, events: 0)
        do {
            try AdminClient(directory: directories.data).stream(
                RebuildProgress.requestName, AdminNothing(), of: RebuildProgress.self
            ) { progress in
                last = progress
                line.show(progress)
                return true
            }
        } catch AdminError.notRunning {
            let offline = try OfflineInstallation(
                loaded.configuration, directories: directories, rebuilding: true)
            defer { offline.close() }
            try offline.followRebuild { progress in
                last = progress
                line.show(progress)
            }
        }
        line.end()
        try output.show(last) { "built again: \(last.events) events of \(last.ofBatches) batches\n" }
    }
}

/// How far it is, on a terminal.
private struct RebuildProgressLine {
    private let write = CommandContext.current.progress

    func show(_ progress: RebuildProgress) {
        let share = progress.ofBatches == 0 ? 100 : progress.batches * 100 / progress.ofBatches
        write?("\r\(share) %, \(progress.events) events ")
    }

    func end() { write?("\r\u{1B}[K") }
}
