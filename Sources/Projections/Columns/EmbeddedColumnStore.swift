package import Events

/// The embedded column store: dictionaries, tails and immutable parts (`PartFormat.swift`) below one directory.
///
/// One thread writes (the projector's); queries run on any thread over a snapshot. The writer changes state only under
/// `lock` and reads it without; everybody else reads under `lock`. Files are written outside the lock.
///
/// Cost of an event: one look-up of its visit, one of its partition, one row of about 100 bytes appended.
///
// SAFETY: `@unchecked` because of the discipline above, which no type states: each stored property that changes is
// written by the one writer under `lock`, and read by others under `lock` only.
package final class EmbeddedColumnStore: ColumnStore, @unchecked Sendable {
    let partsDirectory: String
    let limits: ColumnLimits
    let lock = StoreLock()

    var partitions: [PartitionKey: Partition] = [:]
    var dictionaries: [SiteID: SiteDictionaries] = [:]
    /// Where the live version of each visit is that lies in a tail.
    var tailPlaces = VisitPlaces()
    /// Events whose visit has no row yet; no query sees them.
    var pending: [EventRow] = []
    /// The highest visit number in any part: beyond it no part is searched.
    var sealedVisitMax: VisitNumber = 0
    var tailRows = 0
    /// Tails that have reached their bound since the last look at them.
    var fullTails: [Partition] = []
    /// Why what is due is in no part: no space or no descriptor. While it stands nothing is written but checkpoints.
    private var shortage: ColumnError?
    var nextFile: UInt64 = 1
    /// Part and dictionary files that are written and not yet synced.
    var unsynced: [UInt64: String] = [:]
    /// What the last checkpoint that was written or restored refers to.
    var checkpointedFiles: Set<UInt64> = []
    var counters = Statistics()
    private var lastPartition: Partition?
    private var lastDictionaries: SiteDictionaries?

    typealias TailPlace = VisitPlaces.Place

    /// What the store holds and has done, for metrics.
    package struct Statistics: Sendable, Hashable {
        package var parts = 0
        package var partBytes: UInt64 = 0
        package var tailRows = 0
        package var pendingEvents = 0
        /// Rows written into parts, merges included: over rows appended it is the write amplification.
        package var rowsWritten: UInt64 = 0
        /// Events that were to move and were not there: more than 0 tells of a bug upstream.
        package var unmatchedMoves: UInt64 = 0
    }

    /// Opens an empty store; `restore` fills it. Makes `partsDirectory` when missing; its files are kept until
    /// `retireUnreferencedParts`.
    package init(partsDirectory: String, limits: ColumnLimits = ColumnLimits()) throws {
        self.partsDirectory = partsDirectory
        self.limits = limits
        try StoreFiles.makeDirectory(partsDirectory)
        for name in try StoreFiles.names(in: partsDirectory) {
            if let number = EmbeddedColumnStore.fileNumber(of: name) { nextFile = max(nextFile, number &+ 1) }
        }
    }

    /// What the store waits for; nil while every tail that was due has become a part. Any thread.
    package var waitsFor: ColumnError? {
        lock.lock()
        defer { lock.unlock() }
        return shortage
    }

    /// It waits, and its tails are at their bound: no further batch is to be appended until `sealAgain` has made room.
    /// Any thread.
    package var isFull: Bool {
        lock.lock()
        defer { lock.unlock() }
        return shortage != nil && tailRows >= limits.tailRowsMax
    }

    func note(shortage found: ColumnError?) {
        lock.lock()
        shortage = found
        lock.unlock()
    }

    /// What the store holds and has done. Any thread. O(parts).
    package var statistics: Statistics {
        lock.lock()
        defer { lock.unlock() }
        var result = counters
        result.tailRows = tailRows
        result.pendingEvents = pending.count
        for partition in partitions.values {
            result.parts += partition.parts.count
            for slot in partition.parts { result.partBytes += slot.part.file.byteCount }
        }
        return result
    }

    package func code(of value: borrowing RawSpan, site: SiteID, dimension: Dimension) -> ValueCode {
        if value.byteCount == 0 { return 0 }
        let dictionary = siteDictionaries(site).dictionary(dimension, limits: limits)
        if let code = dictionary.code(of: value) { return code }
        let site = siteDictionaries(site)
        lock.lock()
        defer { lock.unlock() }
        site.file = nil
        return dictionary.add(value)
    }

    /// The value of a code; nil for 0 and unknown ones. Any thread.
    package func value(of code: ValueCode, site: SiteID, dimension: Dimension) -> [UInt8]? {
        lock.lock()
        let snapshot = dictionaries[site]?.snapshot(dimension)
        lock.unlock()
        guard let snapshot, code > 0, code <= snapshot.count else { return nil }
        return snapshot.bytes(of: code)
    }

    private func siteDictionaries(_ site: SiteID) -> SiteDictionaries {
        if let last = lastDictionaries, last.site == site { return last }
        if let known = dictionaries[site] {
            lastDictionaries = known
            return known
        }
        let made = SiteDictionaries(site: site)
        lock.lock()
        dictionaries[site] = made
        lock.unlock()
        lastDictionaries = made
        return made
    }

    package func append(_ events: [EventRow]) throws {
        guard pending.count + events.count <= limits.pendingEventsMax else {
            throw ColumnError.bound(
                name: "events without a visit", limit: limits.pendingEventsMax,
                hint: "append is to be followed by amend with the visits of its events")
        }
        lock.lock()
        for index in events.indices { if !place(events[index]) { pending.append(events[index]) } }
        lock.unlock()
        try sealFullTails()
    }

    package func amend(_ amendments: VisitAmendments) throws {
        lock.lock()
        if !amendments.moved.isEmpty { take(amendments.moved) }
        for removed in amendments.removed { _ = takeVisit(removed.number, site: removed.site) }
        for index in amendments.visits.indices { upsert(amendments.visits[index]) }
        if !pending.isEmpty {
            let waiting = pending
            pending = []
            for event in waiting { if !place(event) { pending.append(event) } }
        }
        lock.unlock()
        try sealFullTails()
    }

    /// Puts an event into its visit's partition; false when the visit is not known yet.
    private func place(_ event: borrowing EventRow) -> Bool {
        let partition: Partition
        if event.visit == 0 {
            partition = self.partition(PartitionKey(site: event.site, day: event.occurredAt.utcDay))
        } else if let tail = tailPlaces.partition(of: event.visit) {
            partition = tail
        } else if let sealed = sealedPartition(of: event.visit, site: event.site) {
            partition = sealed.partition
        } else {
            return false
        }
        partition.events.append(copy event)
        tailRows += 1
        noteIfFull(partition, rows: partition.events.count)
        return true
    }

    /// The partition of a key, made when missing. The caller holds the lock or is the only thread.
    func partition(_ key: PartitionKey) -> Partition {
        if let last = lastPartition, last.key == key { return last }
        let partition = partitions[key] ?? Partition(key: key)
        partitions[key] = partition
        lastPartition = partition
        return partition
    }

    /// Forgets a partition that became empty.
    func remove(_ partition: Partition) {
        partitions[partition.key] = nil
        if lastPartition === partition { lastPartition = nil }
    }

    /// Drops the shortcuts to the last partition and site.
    func forgetCaches() {
        lastPartition = nil
        lastDictionaries = nil
    }

    /// Where the live version of a visit is, when a part holds it. O(site's parts) zone maps.
    private func sealedPartition(
        of number: VisitNumber, site: SiteID
    ) -> (partition: Partition, slot: Int, row: Int)? {
        guard number <= sealedVisitMax else { return nil }
        for (key, partition) in partitions where key.site == site {
            if let place = partition.place(ofVisit: number) { return (partition, place.slot, place.row) }
        }
        return nil
    }

    /// Takes a visit's live version out; gives the partition it was in.
    private func takeVisit(_ number: VisitNumber, site: SiteID) -> Partition? {
        if let place = tailPlaces.removeValue(forKey: number) {
            let last = place.partition.visits.count - 1
            if place.row != last {
                let moved = place.partition.visits[last]
                place.partition.visits[place.row] = moved
                tailPlaces[moved.number] = TailPlace(partition: place.partition, row: place.row)
            }
            place.partition.visits.removeLast()
            tailRows -= 1
            return place.partition
        }
        guard let sealed = sealedPartition(of: number, site: site) else { return nil }
        sealed.partition.parts[sealed.slot].deadVisits.insert(sealed.row)
        return sealed.partition
    }

    private func upsert(_ visit: borrowing VisitRow) {
        let key = PartitionKey(site: visit.site, day: visit.startedAt.utcDay)
        if let place = tailPlaces[visit.number], place.partition.key == key {
            place.partition.visits[place.row] = copy visit
            return
        }
        if let old = takeVisit(visit.number, site: visit.site), old.key != key {
            // A late event moved the start to another day: the visit's events go with it.
            pending += takeEvents(of: old, ofVisit: visit.number) { _ in true }
            if old.isEmpty { remove(old) }
        }
        let partition = partition(key)
        tailPlaces[visit.number] = TailPlace(partition: partition, row: partition.visits.count)
        partition.visits.append(copy visit)
        tailRows += 1
        noteIfFull(partition, rows: partition.visits.count)
    }

    private func noteIfFull(_ partition: Partition, rows: Int) {
        guard rows >= limits.partitionTailRowsMax, fullTails.last !== partition else { return }
        // While nothing can be written the same few come again and again.
        if !fullTails.contains(where: { $0 === partition }) { fullTails.append(partition) }
    }

    /// Takes moved events out of where they are and puts them, with their new visit, with the pending ones.
    private func take(_ moved: [VisitAmendments.MovedEvent]) {
        var routes: [Position: (from: VisitNumber, to: VisitNumber)] = [:]
        for move in moved { routes[move.position] = (routes[move.position]?.from ?? move.from, move.to) }
        var found = 0
        for index in pending.indices {
            guard let route = routes[pending[index].position] else { continue }
            pending[index].visit = route.to
            routes[pending[index].position] = nil
            found += 1
        }
        guard !routes.isEmpty else { return }
        var origins: [VisitNumber: SiteID] = [:]
        for move in moved { if let route = routes[move.position] { origins[route.from] = move.site } }
        for (number, site) in origins {
            let partition = tailPlaces[number]?.partition ?? sealedPartition(of: number, site: site)?.partition
            guard let partition else { continue }
            var events = takeEvents(of: partition, ofVisit: number) { routes[$0]?.from == number }
            for index in events.indices {
                guard let route = routes.removeValue(forKey: events[index].position) else { continue }
                events[index].visit = route.to
            }
            pending += events
        }
        counters.unmatchedMoves += UInt64(routes.count)
    }

    /// Takes events of a visit out of a partition and keeps `tailRows` true.
    private func takeEvents(
        of partition: Partition, ofVisit number: VisitNumber, where wanted: (Position) -> Bool
    ) -> [EventRow] {
        let before = partition.tailRows
        defer { tailRows -= before - partition.tailRows }
        return partition.takeEvents(ofVisit: number, where: wanted)
    }

    /// `7` for `part-7.hcp`.
    static func fileNumber(of name: String) -> UInt64? {
        guard name.hasSuffix(".hcp") || name.hasSuffix(".hcd"), let dash = name.firstIndex(of: "-") else { return nil }
        return UInt64(name[name.index(after: dash)...].dropLast(4))
    }

    /// The path of a part's file.
    func partPath(_ number: UInt64) -> String { "\(partsDirectory)/part-\(number).hcp" }
    /// The path of a dictionary file.
    func dictionaryPath(_ number: UInt64) -> String { "\(partsDirectory)/dictionary-\(number).hcd" }
}
