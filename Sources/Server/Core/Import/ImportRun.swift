internal import Adapters
package import Catalog
package import Collect
package import Events
internal import Foundation
package import Journal
internal import Synchronization

/// How a command imports: in the server that has the data directory, or on the files when none is running.
package struct ImportAccess {
    private let configuration: Configuration
    private let directories: Directories

    package init(_ configuration: Configuration, _ directories: Directories) {
        self.configuration = configuration
        self.directories = directories
    }

    /// Performs the import; gives the counts. `report` takes what there is to say on the way and ends the import with
    /// false. Standard input is kept in a file without a name while a server reads it.
    package func perform(
        _ request: ImportRequest, report: @escaping (ImportMessage) -> Bool
    ) throws -> ImportCounts {
        let client = AdminClient(directory: directories.data)
        guard client.isServerRunning() else { return try performHere(request, report: report) }
        guard let place = request.files.firstIndex(of: "-") else {
            return try performThere(request, client: client, report: report)
        }
        let spool = try ImportSpool(data: directories.data)
        try spool.copyStandardInput()
        var spooled = request
        spooled.files[place] = spool.path
        let path = spool.path
        let counts = try performThere(spooled, client: client) { message in
            var message = message
            message.note = message.note?.replacing(path, with: "standard input")
            return report(message)
        }
        withExtendedLifetime(spool) {}
        return counts
    }

    /// Has the running server import.
    private func performThere(
        _ request: ImportRequest, client: AdminClient, report: @escaping (ImportMessage) -> Bool
    ) throws -> ImportCounts {
        let result = ImportResult()
        try client.stream(ImportHost.requestName, request, of: ImportMessage.self) { message in
            guard let counts = message.result else { return report(message) }
            result.counts = counts
            return true
        }
        guard let counts = result.counts else { throw ImportError.cancelled }
        return counts
    }

    /// Opens the installation, imports and closes it.
    private func performHere(
        _ request: ImportRequest, report: @escaping (ImportMessage) -> Bool
    ) throws -> ImportCounts {
        try directories.prepare()
        let store = try CatalogStoreSQLite(directory: directories.data)
        let catalog = try store.load()
        guard catalog.site(reference: request.site) != nil else { throw ImportError.noSuchSite(request.site) }
        let secrets = try InstallationSecrets.load(directories) { _ = report(ImportMessage(note: $0)) }
        let geo = try GeoSource.open(databasePath: configuration.collect.geoDatabase)
        let journal = try FileJournal.open(JournalOptions(configuration, directories))
        let patient = PatientJournal(journal)
        journal.start()
        let counts: ImportCounts
        do {
            var importer = try Importer.open(
                request,
                ImportParts(
                    catalog: catalog, secrets: secrets, geo: geo, journal: patient, data: directories.data,
                    time: SystemTimeSource(), report: report))
            counts = try importer.run()
        } catch {
            try? journal.close()
            throw error
        }
        try journal.close()
        return counts
    }
}

extension JournalOptions {
    /// As the configuration says, in the data directory.
    init(_ configuration: Configuration, _ directories: Directories) {
        self.init(directory: directories.data + "/journal")
        fileBytes = configuration.journal.fileBytesMax
        queueBytesMax = configuration.journal.queueBytesMax
        queueAgeMillisecondsMax = UInt64(clamping: configuration.journal.queueAgeMax.milliseconds)
        ringBytesMax = configuration.journal.tailRingBytes
        keyWindowMilliseconds = configuration.journal.idempotencyWindow.milliseconds
        keyWindowCount = configuration.journal.idempotencyIDsMax
        acceptsDamage = configuration.journal.acceptsDamage
        reserveBytes = Reserve.bytes(configuration.storage, on: directories.data)
    }
}

/// Where the counts of an import by the server arrive.
private final class ImportResult {
    var counts: ImportCounts?
}

/// The imports of a running server: one at a time, on the thread of the command's connection, with its own collector.
package final class ImportHost: Sendable {
    static let requestName = "import"

    private let catalog: CatalogHolder
    private let journal: PatientJournal
    private let secrets: Secrets
    private let geo: GeoSource
    private let data: String
    private let time: any TimeSource
    private let mayGoOn: @Sendable () -> Bool
    private let isRunning = Mutex(false)

    fileprivate init(
        catalog: CatalogHolder, journal: any EventJournal, secrets: Secrets, geo: GeoSource, data: String,
        time: any TimeSource, mayGoOn: @escaping @Sendable () -> Bool
    ) {
        self.catalog = catalog
        self.journal = PatientJournal(journal)
        self.secrets = secrets
        self.geo = geo
        self.data = data
        self.time = time
        self.mayGoOn = mayGoOn
    }

    fileprivate func perform(
        _ request: ImportRequest, report: @escaping (ImportMessage) -> Bool
    ) throws -> ImportCounts {
        let isFree = isRunning.withLock { running in
            defer { running = true }
            return !running
        }
        guard isFree else {
            throw AdminFailure(kind: "busy", message: "another import is running; start this one when it has ended")
        }
        defer { isRunning.withLock { $0 = false } }
        for file in request.files where !file.hasPrefix("/") {
            throw AdminFailure(kind: "badRequest", message: "'\(file.shownInError)' is no absolute path")
        }
        var importer = try Importer.open(
            request,
            ImportParts(
                catalog: catalog.current, secrets: secrets, geo: geo, journal: journal, data: data, time: time,
                mayGoOn: mayGoOn, report: report))
        return try importer.run()
    }
}

extension AdminServer {
    /// Answers `highland import` and `highland demo`.
    /// - mayGoOn: asked between pieces of 256 KiB on the import's thread; blocks while projections are too far behind,
    /// and
    ///   gives false when the server stops.
    package func registerImport(
        catalog: CatalogHolder, journal: any EventJournal, secrets: Secrets, geo: GeoSource, data: String,
        time: any TimeSource, mayGoOn: @escaping @Sendable () -> Bool = { true }
    ) {
        let host = ImportHost(
            catalog: catalog, journal: journal, secrets: secrets, geo: geo, data: data, time: time, mayGoOn: mayGoOn)
        registerStream(ImportHost.requestName, of: ImportMessage.self) {
            (request: ImportRequest, stream: AdminStream<ImportMessage>) throws in
            let counts = try host.perform(request) { stream.send($0) }
            _ = stream.send(ImportMessage(result: counts))
        }
    }
}

/// Text on its way into an import by the server, on the data directory's disk. The file has no name, since what is in it
/// may not outlive the command, however that ends; others of the same user reach it through this process.
package final class ImportSpool {
    /// Good while this object lives.
    package let path: String
    private let descriptor: Int32

    /// Makes it in `imports` of the data directory `data`.
    package init(data: String) throws {
        try Directories.prepare(data + "/imports", rootMayUseOthers: true)
        let name = data + "/imports/spool-\(ID128.random())"
        descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        path = "/proc/\(getpid())/fd/\(descriptor)"
        guard descriptor >= 0, unlink(name) == 0 else {
            throw ImportError.file(
                path: name, problem: "cannot be made: \(SystemCall.message(errno))", hint: "check the data directory")
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    package func write(_ bytes: [UInt8]) throws {
        var done = 0
        while done < bytes.count {
            let start = done
            // SAFETY: the pointer covers the array's bytes from `start` on and is used within the call only.
            let count = bytes.withUnsafeBytes { buffer in
                Foundation.write(descriptor, buffer.baseAddress.map { $0 + start }, buffer.count - start)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw ImportError.file(
                    path: path, problem: "cannot be written: \(SystemCall.message(errno))",
                    hint: "make space on the disk")
            }
            done += count
        }
    }

    func copyStandardInput() throws {
        var chunk = [UInt8](repeating: 0, count: 256 << 10)
        while true {
            let size = chunk.count
            // SAFETY: the pointer covers `size` bytes and is used within the call only.
            let count = chunk.withUnsafeMutableBytes { read(STDIN_FILENO, $0.baseAddress, size) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw ImportError.file(
                    path: "standard input", problem: "cannot be read: \(SystemCall.message(errno))",
                    hint: "check the pipe")
            }
            if count == 0 { return }
            try write(Array(chunk[..<count]))
        }
    }
}
