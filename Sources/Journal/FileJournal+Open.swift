package import Events

extension FileJournal {
    /// Opens the journal in `options.directory`, or makes it: takes the lock, recovers, and is ready. Blocks; costs the
    /// reading of the last file and of a tenth of the key files, and after a crash the copying of the last file.
    ///
    /// Throws `inUse`, `newerFormat` (nothing was written), `damaged` (nothing was written; see `acceptsDamage`) or
    /// `fileSystem`.
    package static func open(
        _ options: JournalOptions, fileSystem: any FileSystem = PosixFileSystem(),
        clock: any TimeSource = SystemTimeSource()
    ) throws(JournalError) -> FileJournal {
        let lockFile: FileReference
        do {
            try fileSystem.makeDirectory(options.directory)
            // The folder's own name must last as well.
            try fileSystem.syncDirectoryFully(parent(of: options.directory))
            lockFile = try FileReference(
                locking: "\(options.directory)/\(JournalFileName.lockFile)", in: fileSystem)
        } catch {
            if error.operation == .lock, error.code == ErrorCode.wouldBlock {
                throw .inUse(directory: options.directory)
            }
            throw .fileSystem(error)
        }
        var recovery = Recovery(fileSystem, clock, options)
        let recovered = try recovery.run()
        return FileJournal(
            fileSystem: fileSystem, clock: clock, options: options, recovered: recovered, lockFile: lockFile)
    }

    /// What `open` would find, without the lock and changing nothing: headers, their order, the last file. Throws what
    /// would keep it from opening. For a directory that no process writes to.
    package static func judge(
        _ options: JournalOptions, fileSystem: any FileSystem = PosixFileSystem(),
        clock: any TimeSource = SystemTimeSource()
    ) throws(JournalError) -> RecoveryReport {
        var recovery = Recovery(fileSystem, clock, options)
        return try recovery.judge()
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// A reader whose first batch is the one after `batch` (0: the oldest possible). Any number of readers; each
    /// belongs to one thread.
    package func reader(after batch: UInt64) -> JournalReader { JournalReader(self, after: batch) }

    /// The oldest batch that is still there; one more than the last where there is none.
    package var oldestBatch: UInt64 { catalog.snapshot.files.first?.firstBatch ?? committedBatch + 1 }
}
