internal import Events

/// Writes a key file from keys that come in ascending order. Memory: a megabyte of output, the fences and the filter.
struct KeyFileWriter {
    private let file: FileReference
    private let seed: UInt32
    private let name: String
    private let coverage: KeyCoverage
    private var output: [UInt8]
    private var outputStart = 0
    /// Of the page that is being filled.
    private var keys: [ID128] = []
    private var page: [UInt8] = []
    private var fences: [UInt64] = []
    private var filter: KeyFilter
    private var keyCount = 0

    private init(file: FileReference, header: JournalFileHeader, name: String, coverage: KeyCoverage, keys: Int) {
        self.file = file
        self.seed = header.seed
        self.name = name
        self.coverage = coverage
        self.filter = KeyFilter(keys: keys)
        var start = header.encoded
        start.appendZeros(KeyFile.pageBytes - start.count)
        self.output = start
    }

    /// Writes, syncs and names the file and syncs the directory; `produce` hands every key over, ascending.
    static func write(
        _ fileSystem: any FileSystem, directory: String, journalID: ID128, coverage: KeyCoverage, keys: Int,
        clock: any TimeSource, produce: ((ID128) throws(FileSystemError) -> Void) throws(FileSystemError) -> Void
    ) throws(FileSystemError) -> KeyFile {
        let name = JournalFileName.keys(coverage.firstBatch, coverage.lastBatch)
        let temporary = "\(directory)/\(name).tmp"
        try fileSystem.unlinkIfPresent(temporary)
        let file = try FileReference(fileSystem, temporary, .create)
        let header = JournalFileHeader(
            kind: .keys, generation: 0, number: coverage.firstBatch, firstBatch: coverage.lastBatch,
            journalID: journalID,
            salt: .random(), createdAt: clock.wallClock())
        var writer = KeyFileWriter(file: file, header: header, name: name, coverage: coverage, keys: keys)
        do {
            try produce { (key) throws(FileSystemError) in try writer.append(key) }
            let written = try writer.finish(at: clock.monotonic())
            try fileSystem.rename(temporary, to: "\(directory)/\(name)")
            try fileSystem.syncDirectoryFully(directory)
            return written
        } catch {
            if ErrorCode.meansNoSpace(error.code) { try fileSystem.unlinkIfPresent(temporary) }
            throw error
        }
    }

    private mutating func append(_ key: ID128) throws(FileSystemError) {
        if keys.isEmpty { fences.append(key.high) }
        keys.append(key)
        filter.prefetch(key)
        if keys.count == KeyFile.keysPerPage { try closePage() }
    }

    private mutating func closePage() throws(FileSystemError) {
        guard !keys.isEmpty else { return }
        for key in keys {
            page.appendID(key)
            filter.insert(key)
        }
        keyCount += keys.count
        page.appendZeros(KeyFile.keysPerPage * ID128.byteCount - page.count)
        page.appendWord(UInt32(clamping: keys.count))
        page.appendWord(UInt64(0))
        page.appendWord(CRC32C.checksum(page, seed: seed))
        output.append(contentsOf: page)
        page.removeAll(keepingCapacity: true)
        keys.removeAll(keepingCapacity: true)
        if output.count >= 1 << 20 { try flush() }
    }

    private mutating func flush() throws(FileSystemError) {
        try file.writeAll(output, range: 0..<output.count, at: outputStart)
        outputStart += output.count
        output.removeAll(keepingCapacity: true)
    }

    private mutating func finish(at instant: MonotonicInstant) throws(FileSystemError) -> KeyFile {
        try closePage()
        var index: [UInt8] = []
        index.reserveCapacity((fences.count + filter.words.count) * 8 + KeyFile.trailerBytes)
        for fence in fences { index.appendWord(fence) }
        for word in filter.words { index.appendWord(word) }
        index.appendWord(KeyFile.trailerMagic)
        index.appendWord(UInt64(keyCount))
        index.appendWord(UInt64(fences.count))
        index.appendWord(UInt64(filter.words.count))
        index.appendWord(UInt64(bitPattern: coverage.oldest.milliseconds))
        index.appendWord(UInt64(bitPattern: coverage.newest.milliseconds))
        for _ in 0..<2 { index.appendWord(UInt64(0)) }
        index.appendWord(UInt32(0))
        index.appendWord(CRC32C.checksum(index, seed: seed))
        output.append(contentsOf: index)
        try flush()
        try file.sync()
        return KeyFile(
            file: file, name: name, coverage: coverage, keyCount: keyCount, seed: seed, fences: fences, filter: filter,
            writtenAt: instant)
    }
}

/// Several key files' keys as one ascending sequence. Memory: a page a file.
struct KeyMerge {
    private struct Source {
        let file: KeyFile
        var page = 0
        var keys: [ID128] = []
        var next = 0
    }

    private var sources: [Source]

    init(_ files: [KeyFile]) { sources = files.map { Source(file: $0) } }

    /// Hands every key to `take`. A page that cannot be read stops the merge.
    mutating func run(_ take: (ID128) throws(FileSystemError) -> Void) throws(FileSystemError) {
        for index in sources.indices { try fill(index) }
        while true {
            var least: Int?
            for index in sources.indices where sources[index].next < sources[index].keys.count {
                guard let known = least else {
                    least = index
                    continue
                }
                if head(index) < head(known) { least = index }
            }
            guard let least else { return }
            try take(head(least))
            sources[least].next += 1
            if sources[least].next == sources[least].keys.count { try fill(least) }
        }
    }

    private func head(_ index: Int) -> ID128 { sources[index].keys[sources[index].next] }

    private mutating func fill(_ index: Int) throws(FileSystemError) {
        guard sources[index].page < sources[index].file.pageCount else { return }
        guard let keys = sources[index].file.page(sources[index].page) else {
            throw FileSystemError(operation: .read, path: sources[index].file.name, code: ErrorCode.inputOutput)
        }
        sources[index].keys = keys
        sources[index].next = 0
        sources[index].page += 1
    }
}
