internal import Events

// The manifest of a checkpoint, `columns.manifest` in the checkpoint's directory.
//
// Constraints: little-endian; refers to files of the parts directory by number, size and checksum, never by path;
// with those files it is the whole state.
// Layout:
//   u8 version = 1 | "HCM" | u64 next file number | u64 unmatched moves
//   u32 sites, per site: file
//   u32 parts, per part: u32 site | i32 day | file | zone map (2 x i64, 2 x u64, 2 x u32)
//                        | u32 words of the event deletion vector, u64 each | the same for visits
//   u32 tails, per tail: counted bytes in the format of a part (`PartFormat.swift`)
//   u32 sites with events that wait for their visit, per site: counted bytes in the format of a part
//   u32 CRC-32C of everything before
//   where file = u64 number | u64 bytes | u32 checksum
// Life cycle: parts and dictionaries are synced first, then their directory, then this file, then the checkpoint's
// directory; the caller publishes the checkpoint by a rename and then calls `retireUnreferencedParts`.
extension EmbeddedColumnStore {
    static var manifestVersion: UInt8 { 1 }
    static var manifestMagic: [UInt8] { Array("HCM".utf8) }
    static var manifestName: String { "columns.manifest" }

    package func checkpoint(into directory: String) throws {
        try rewriteMostlyDeadParts()
        try sealTailsOfDaysGoneBy()
        for site in dictionaries.values where site.file == nil {
            let file = try write(site.encoded()) { dictionaryPath($0) }
            site.file = file
        }
        let live = liveFiles
        for (number, path) in unsynced where live.contains(number) { try StoreFiles.sync(path) }
        unsynced = [:]
        try StoreFiles.sync(partsDirectory)
        var writer = ByteWriter()
        writer.append(EmbeddedColumnStore.manifestVersion)
        writer.bytes += EmbeddedColumnStore.manifestMagic
        writer.append(nextFile)
        writer.append(counters.unmatchedMoves)
        let files = encodeFiles(to: &writer)
        encodeTails(to: &writer)
        writer.seal()
        let path = "\(directory)/\(EmbeddedColumnStore.manifestName)"
        try StoreFiles.write(writer.bytes, to: path)
        try StoreFiles.sync(path)
        try StoreFiles.sync(directory)
        checkpointedFiles = files
    }

    private func encodeFiles(to writer: inout ByteWriter) -> Set<UInt64> {
        var files: Set<UInt64> = []
        let dictionaryFiles = dictionaries.values.compactMap(\.file).sorted { $0.number < $1.number }
        writer.append(UInt32(clamping: dictionaryFiles.count))
        for file in dictionaryFiles {
            files.insert(file.number)
            writer.append(file: file)
        }
        let slots = partitions.sorted { $0.key < $1.key }.flatMap { entry in entry.value.parts.map { (entry.key, $0) } }
        writer.append(UInt32(clamping: slots.count))
        for (key, slot) in slots {
            files.insert(slot.part.file.number)
            writer.append(key.site.rawValue)
            writer.append(key.day)
            writer.append(file: slot.part.file)
            writer.append(zone: slot.part.zone)
            writer.append(words: slot.deadEvents.words)
            writer.append(words: slot.deadVisits.words)
        }
        return files
    }

    private func encodeTails(to writer: inout ByteWriter) {
        let tails = partitions.values.filter { $0.tailRows > 0 }.sorted { $0.key < $1.key }
        writer.append(UInt32(clamping: tails.count))
        for tail in tails { writer.append(counted: PartEncoder.encode(tail.key, tail.events, tail.visits).bytes) }
        let waiting = Dictionary(grouping: pending, by: \.site).sorted { $0.key < $1.key }
        writer.append(UInt32(clamping: waiting.count))
        for (site, events) in waiting {
            writer.append(counted: PartEncoder.encode(PartitionKey(site: site, day: 0), events, []).bytes)
        }
    }

    package func restore(from directory: String) throws {
        let path = "\(directory)/\(EmbeddedColumnStore.manifestName)"
        var reader = try ByteReader(
            sealed: try StoreFiles.read(path), path: path, version: EmbeddedColumnStore.manifestVersion,
            magic: EmbeddedColumnStore.manifestMagic)
        let next = try reader.read(UInt64.self)
        let unmatched = try reader.read(UInt64.self)
        var files: Set<UInt64> = []
        var sites: [SiteID: SiteDictionaries] = [:]
        for _ in 0..<(try reader.readCount(itemBytes: 20)) {
            let file = try reader.readFile()
            let loaded = try dictionaries(of: file)
            sites[loaded.site] = loaded
            files.insert(file.number)
        }
        var loaded: [PartitionKey: Partition] = [:]
        for _ in 0..<(try reader.readCount(itemBytes: 68)) {
            let (key, slot) = try readSlot(&reader)
            let partition = loaded[key] ?? Partition(key: key)
            loaded[key] = partition
            partition.parts.append(slot)
            files.insert(slot.part.file.number)
        }
        var waiting: [EventRow] = []
        for _ in 0..<(try reader.readCount(itemBytes: 4)) {
            let tail = try readTail(&reader)
            let partition = loaded[tail.key] ?? Partition(key: tail.key)
            loaded[tail.key] = partition
            (partition.events, partition.visits) = (tail.events, tail.visits)
        }
        for _ in 0..<(try reader.readCount(itemBytes: 4)) { waiting += try readTail(&reader).events }
        guard reader.isAtEnd else {
            throw ColumnError.damaged(path: path, offset: reader.offset, reason: "more bytes than the manifest has")
        }
        adopt(loaded, sites, waiting)
        nextFile = max(nextFile, next)
        counters.unmatchedMoves = unmatched
        checkpointedFiles = files
    }

    private func adopt(
        _ loaded: [PartitionKey: Partition], _ sites: [SiteID: SiteDictionaries], _ waiting: [EventRow]
    ) {
        note(shortage: nil)
        lock.lock()
        defer { lock.unlock() }
        forgetCaches()
        fullTails = loaded.values.filter {
            max($0.events.count, $0.visits.count) >= limits.partitionTailRowsMax
        }
        partitions = loaded
        dictionaries = sites
        pending = waiting
        tailPlaces = VisitPlaces()
        tailRows = 0
        sealedVisitMax = 0
        for partition in loaded.values {
            tailRows += partition.tailRows
            for (row, visit) in partition.visits.enumerated() {
                tailPlaces[visit.number] = TailPlace(partition: partition, row: row)
            }
            for slot in partition.parts { sealedVisitMax = max(sealedVisitMax, slot.part.zone.visitMax) }
        }
    }

    private func dictionaries(of file: StoredFile) throws(ColumnError) -> SiteDictionaries {
        let path = dictionaryPath(file.number)
        let bytes = try StoreFiles.read(path)
        let loaded = try SiteDictionaries.decode(bytes, path: path, limits: limits)
        let checksum = bytes.suffix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard UInt64(bytes.count) == file.byteCount, checksum == file.checksum else {
            throw ColumnError.damaged(path: path, offset: 0, reason: "it is not the file the manifest names")
        }
        loaded.file = file
        return loaded
    }

    private func readSlot(_ reader: inout ByteReader) throws(ColumnError) -> (PartitionKey, PartSlot) {
        let site = SiteID(try reader.read(UInt32.self))
        let key = PartitionKey(site: site, day: try reader.read(Int32.self))
        let file = try reader.readFile()
        let zone = try reader.readZone()
        let part = try Part(path: partPath(file.number), file: file, zone: zone)
        var slot = PartSlot(part: part)
        slot.deadEvents = DeletionVector(words: try reader.readWords())
        slot.deadVisits = DeletionVector(words: try reader.readWords())
        let fits =
            slot.deadEvents.words.count <= (part.layout.eventCount + 63) / 64
            && slot.deadVisits.words.count <= (part.layout.visitCount + 63) / 64
        guard part.layout.key == key, fits else {
            throw ColumnError.damaged(
                path: reader.path, offset: reader.offset, reason: "a part is not as the manifest says")
        }
        return (key, slot)
    }

    private func readTail(
        _ reader: inout ByteReader
    ) throws(ColumnError) -> (key: PartitionKey, events: [EventRow], visits: [VisitRow]) {
        let bytes = try reader.readCounted()
        let span = bytes.span.bytes
        let layout = try PartLayout(span, path: reader.path)
        return (layout.key, layout.events(span), layout.visits(span))
    }

    /// Removes files of the parts directory that neither the store nor its last checkpoint refers to. Call it once
    /// that checkpoint is published: an older one can no longer be restored after. Queries that still read
    /// such a part go on. The writer's thread. Gives the number of files removed.
    @discardableResult
    package func retireUnreferencedParts() throws -> Int {
        let kept = checkpointedFiles.union(liveFiles)
        var removed = 0
        for name in try StoreFiles.names(in: partsDirectory) {
            guard let number = EmbeddedColumnStore.fileNumber(of: name), !kept.contains(number) else { continue }
            try StoreFiles.remove("\(partsDirectory)/\(name)")
            removed += 1
        }
        unsynced = unsynced.filter { kept.contains($0.key) }
        return removed
    }

    /// The files that the present state is in.
    private var liveFiles: Set<UInt64> {
        var files: Set<UInt64> = []
        for partition in partitions.values { for slot in partition.parts { files.insert(slot.part.file.number) } }
        for site in dictionaries.values { if let file = site.file { files.insert(file.number) } }
        return files
    }
}

extension ByteWriter {
    /// A file as a manifest names it.
    mutating func append(file: StoredFile) {
        append(file.number)
        append(file.byteCount)
        append(file.checksum)
    }

    /// A part's zone map.
    mutating func append(zone: ZoneMap) {
        append(zone.occurredMin)
        append(zone.occurredMax)
        append(zone.visitMin)
        append(zone.visitMax)
        append(zone.anchorMin)
        append(zone.anchorMax)
    }
}

extension ByteReader {
    /// A file as a manifest names it.
    mutating func readFile() throws(ColumnError) -> StoredFile {
        let number = try read(UInt64.self)
        let byteCount = try read(UInt64.self)
        return StoredFile(number: number, byteCount: byteCount, checksum: try read(UInt32.self))
    }

    /// A part's zone map.
    mutating func readZone() throws(ColumnError) -> ZoneMap {
        var zone = ZoneMap()
        zone.occurredMin = try read(Int64.self)
        zone.occurredMax = try read(Int64.self)
        zone.visitMin = try read(UInt64.self)
        zone.visitMax = try read(UInt64.self)
        zone.anchorMin = try read(UInt32.self)
        zone.anchorMax = try read(UInt32.self)
        return zone
    }
}
