package import Events

// How tails become parts, parts are merged, and rows are taken back for good.
extension EmbeddedColumnStore {
    /// Turns tails at their bound into parts; where all tails together are at theirs, the oldest days' first.
    ///
    /// What finds no space or no descriptor stays a tail, where queries see it as before; then nothing more is tried
    /// until `sealAgain`, since each try encodes a tail. Memory stays bounded by a writer that looks at `isFull`.
    func sealFullTails() throws(ColumnError) {
        guard waitsFor == nil else { return }
        do throws(ColumnError) {
            while let partition = fullTails.first {
                try seal(partition)
                fullTails.removeFirst()
            }
            guard tailRows >= limits.tailRowsMax else { return }
            let byAge = partitions.values.filter { $0.tailRows > 0 }
                .sorted { ($0.key.day, $0.key) < ($1.key.day, $1.key) }
            for partition in byAge where tailRows > limits.tailRowsMax / 2 { try seal(partition) }
        } catch {
            guard error.meansNoSpace else { throw error }
            note(shortage: error)
        }
    }

    /// Turns the tails of days gone by into parts, where they are large enough or have stopped growing: their rows need no
    /// memory then, and the next checkpoints do not write them again. A site's last two days stay, since they grow.
    ///
    /// What finds no space stays a tail.
    func sealTailsOfDaysGoneBy() throws(ColumnError) {
        guard waitsFor == nil else { return }
        var newest: [SiteID: Int32] = [:]
        for key in partitions.keys { newest[key.site] = max(newest[key.site] ?? key.day, key.day) }
        let tails = partitions.values.filter { $0.tailRows > 0 }.sorted { $0.key < $1.key }
        do throws(ColumnError) {
            for tail in tails {
                let isGoneBy = tail.key.day < (newest[tail.key.site] ?? .min) &- 1
                let hasRows = tail.tailRows >= limits.sealedTailRowsMin
                guard isGoneBy, hasRows || tail.tailRows == tail.checkpointedTailRows else {
                    tail.checkpointedTailRows = tail.tailRows
                    continue
                }
                try seal(tail)
                tail.checkpointedTailRows = 0
            }
        } catch {
            guard error.meansNoSpace else { throw error }
            note(shortage: error)
        }
    }

    /// Tries again what found no space; `waitsFor` says whether it does now. Throws what is not about space. The
    /// writer's thread.
    package func sealAgain() throws {
        note(shortage: nil)
        try sealFullTails()
    }

    /// Writes a partition's tail as a part and merges small parts with it. Where a write fails, what it was to replace
    /// stays as it is, and a second call goes on from there.
    func seal(_ partition: Partition) throws(ColumnError) {
        if partition.tailRows > 0 { try sealTail(of: partition) }
        try mergeSmallParts(of: partition)
    }

    private func sealTail(of partition: Partition) throws(ColumnError) {
        let (events, visits) = (partition.events, partition.visits)
        let part = try write(PartEncoder.encode(partition.key, events, visits))
        lock.lock()
        for visit in visits { tailPlaces[visit.number] = nil }
        tailRows -= partition.tailRows
        partition.events = []
        partition.visits = []
        if let part { partition.parts.append(PartSlot(part: part)) }
        lock.unlock()
        // The rows go only now: nobody waits for the lock while they do.
        withExtendedLifetime((events, visits)) {}
    }

    /// Merges the newest four parts as long as the first of them is at most twice as large as the last: a row is
    /// rewritten once for each fourfold growth of its part, and a day of n tails has some 3 log4 n parts.
    private func mergeSmallParts(of partition: Partition) throws(ColumnError) {
        while partition.parts.count >= 4 {
            let newest = (partition.parts.count - 4)..<partition.parts.count
            let rows = partition.parts[newest].map(\.liveRows)
            guard rows[0] <= 2 * max(rows[3], 1), rows.reduce(0, +) <= limits.partRowsMax else { return }
            try rewrite(partition, slots: newest)
        }
    }

    /// Replaces neighbouring parts by one with their live rows, or by none.
    func rewrite(_ partition: Partition, slots: Range<Int>) throws(ColumnError) {
        try replace(slots, of: partition, with: Array(partition.parts[slots]))
    }

    /// Replaces neighbouring parts by one with the live rows of `slots`, or by none.
    private func replace(
        _ range: Range<Int>, of partition: Partition, with slots: [PartSlot]
    ) throws(ColumnError) {
        let part = try write(PartMerge.encode(partition.key, slots))
        lock.lock()
        partition.parts.replaceSubrange(range, with: part.map { [PartSlot(part: $0)] } ?? [])
        lock.unlock()
    }

    /// Writes a part's file and maps it; nil when it has no rows. Synced at the next checkpoint.
    private func write(_ encoded: EncodedPart) throws(ColumnError) -> Part? {
        guard encoded.rows > 0 else { return nil }
        let file = try write(encoded.bytes) { partPath($0) }
        let part: Part
        do throws(ColumnError) { part = try Part(path: partPath(file.number), file: file, zone: encoded.zone) } catch {
            unsynced[file.number] = nil
            try? StoreFiles.remove(partPath(file.number))
            throw error
        }
        counters.rowsWritten += UInt64(encoded.rows)
        sealedVisitMax = max(sealedVisitMax, encoded.visitMax)
        return part
    }

    /// Writes a new immutable file of the parts directory.
    func write(_ bytes: [UInt8], path: (UInt64) -> String) throws(ColumnError) -> StoredFile {
        let number = nextFile
        lock.lock()
        nextFile += 1
        lock.unlock()
        do throws(ColumnError) { try StoreFiles.write(bytes, to: path(number)) } catch {
            // What half a file takes is what others wait for.
            try? StoreFiles.remove(path(number))
            throw error
        }
        unsynced[number] = path(number)
        let checksum = bytes.suffix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return StoredFile(number: number, byteCount: UInt64(bytes.count), checksum: checksum)
    }

    /// Rewrites what a deletion vector has mostly emptied.
    func rewriteMostlyDeadParts() throws(ColumnError) {
        for partition in Array(partitions.values) {
            for slot in partition.parts.indices.reversed() {
                let rows = partition.parts[slot]
                if rows.deadRows > rows.liveRows { try rewrite(partition, slots: slot..<(slot + 1)) }
            }
            if partition.isEmpty { removeLocked(partition) }
        }
    }

    private func removeLocked(_ partition: Partition) {
        lock.lock()
        remove(partition)
        lock.unlock()
    }

    /// Removes the events and visits of the anchors, and every event of a visit that hangs on one. Parts that hold
    /// them are written anew at once; the old files go with the next checkpoint and `retireUnreferencedParts`.
    /// The caller amends visits that lose only some of their events. O(rows of the parts that may hold them).
    package func erase(anchors: [AnchorNumber]) throws {
        let gone = Set(anchors).subtracting([0])
        guard let least = gone.min(), let most = gone.max() else { return }
        lock.lock()
        pending.removeAll { gone.contains($0.anchor) }
        lock.unlock()
        for partition in Array(partitions.values) {
            var goneVisits: Set<VisitNumber> = []
            for slot in partition.parts where slot.part.zone.anchorMin <= most && slot.part.zone.anchorMax >= least {
                for visit in slot.liveVisits() where gone.contains(visit.anchor) { goneVisits.insert(visit.number) }
            }
            for visit in partition.visits where gone.contains(visit.anchor) { goneVisits.insert(visit.number) }
            try removeRows(
                of: partition, event: { gone.contains($0.anchor) || goneVisits.contains($0.visit) },
                visit: { goneVisits.contains($0.number) })
        }
    }

    package func drop(site: SiteID, before: Timestamp) throws {
        lock.lock()
        pending.removeAll { $0.site == site && $0.occurredAt < before }
        lock.unlock()
        for partition in Array(partitions.values)
        where partition.key.site == site && partition.key.day <= before.utcDay {
            var goneVisits: Set<VisitNumber> = []
            for slot in partition.parts {
                for visit in slot.liveVisits() where visit.startedAt < before { goneVisits.insert(visit.number) }
            }
            for visit in partition.visits where visit.startedAt < before { goneVisits.insert(visit.number) }
            try removeRows(
                of: partition,
                event: { $0.visit == 0 ? $0.occurredAt < before : goneVisits.contains($0.visit) },
                visit: { $0.startedAt < before })
        }
    }

    /// Removes rows for good: out of the tail, and parts by writing them anew where they hold any.
    private func removeRows(
        of partition: Partition, event isGoneEvent: (EventRow) -> Bool, visit isGoneVisit: (VisitRow) -> Bool
    ) throws(ColumnError) {
        for slot in partition.parts.indices.reversed() {
            var rest = partition.parts[slot]
            guard rest.takeBack(event: isGoneEvent, visit: isGoneVisit) else { continue }
            try replace(slot..<(slot + 1), of: partition, with: [rest])
        }
        lock.lock()
        defer { lock.unlock() }
        tailRows -= partition.tailRows
        for visit in partition.visits { tailPlaces[visit.number] = nil }
        partition.events.removeAll(where: isGoneEvent)
        partition.visits.removeAll(where: isGoneVisit)
        for (row, visit) in partition.visits.enumerated() {
            tailPlaces[visit.number] = TailPlace(partition: partition, row: row)
        }
        tailRows += partition.tailRows
        if partition.isEmpty { remove(partition) }
    }
}
