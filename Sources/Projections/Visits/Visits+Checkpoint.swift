package import Columns
internal import Events
internal import Journal
internal import Projector

// The state of Visits in a checkpoint: the file `visits.state`, framed by `StateFile.swift`.
//
// Constraints: holds no identifier but those the anchors are; sums of visits are not stored, they are made again from
// the events; slots of memory are not stored, streams and classes are renumbered from 1 in the order they stand here.
//
// Payload
//   u64 applied batch · u64 next visit · u32 next anchor · u32 clock, s · u64 early final streams
//   u64 first generation · u64 generations, each: u32 events · u32 opened · u32 closed (clock, s)
//   u64 sites, each: u32 site · u32 bytes and the control record's payload
//   u64 anchors, each: 16 id · u32 site · u32 number · u8 kind · u16 day last seen
//   u64 context classes, each: u32 site · 10 x u32 codes; the same for traffic classes
//   u64 streams, generation by generation in list order, each:
//       u64 generation of its list · u64 generation of its last touch · u32 touched · 16 id · u32 site · u32 anchor
//       u8 kind · u8 bot · u64 visits, each:
//           u64 number · i64 written start · u32 keep until · u64 events, each:
//               i64 occurredAt · u64 batch · u32 index · u32 tie · u32 context · u32 traffic · u32 page · u32 engaged
//               u32 a mark's target stream, a guest's routes · u32 facts
//
// Life cycle: version 3. Written at the cut, between two batches; read once, at the start. Version 1 had no routes,
// version 2 its length in front; they are refused, and the visits are made again from the journal.
extension Visits {
    private static let magic: UInt64 = 0x5449_5349_5648_4748  // "HGHVISIT"
    private static let version: UInt32 = 3
    private static let fileName = "visits.state"

    package func checkpoint(into directory: String) throws {
        var writer = try StateWriter(
            path: "\(directory)/\(Visits.fileName)", magic: Visits.magic, version: Visits.version, files: files)
        writer.put(appliedBatch)
        let payloads = sites.payloads.sorted { $0.key < $1.key }
        core.writeCounters(to: &writer)
        writer.put(UInt64(payloads.count))
        for (site, payload) in payloads {
            writer.put(site.rawValue)
            writer.put(counted: payload)
        }
        core.writeAnchors(to: &writer)
        core.writeStreams(to: &writer)
        try writer.finish()
        try files.syncDirectory(directory)
    }

    package func restore(from directory: String, appliedBatch batch: UInt64) throws {
        let path = "\(directory)/\(Visits.fileName)"
        var reader = try StateReader(path: path, magic: Visits.magic, version: Visits.version, files: files)
        let stored: UInt64 = try reader.next()
        guard stored == batch else {
            throw VisitsError.state(path: path, reason: "it is of batch \(stored), the manifest says \(batch)")
        }
        try core.readCounters(from: &reader)
        for _ in 0..<(try reader.nextCount(itemBytes: 8)) {
            let site = SiteID(try reader.next())
            let payload = try reader.nextCounted()
            _ = sites.apply(payload: payload.span.bytes, id: site)
        }
        try core.readAnchors(from: &reader)
        try core.readStreams(from: &reader, path: path)
        try reader.finish()
        restored(appliedBatch: batch)
    }
}

extension Sessionizer {
    func writeCounters(to writer: inout StateWriter) {
        writer.put(nextVisit)
        writer.put(anchors.nextNumber)
        writer.put(clock)
        writer.put(earlyFinalStreams)
        writer.put(firstGeneration)
        writer.put(UInt64(generations.count))
        for generation in generations {
            writer.put(generation.events)
            writer.put(generation.openedAt)
            writer.put(generation.closedAt)
        }
    }

    mutating func readCounters(from reader: inout StateReader) throws(ProjectorError) {
        nextVisit = try reader.next()
        batchFirstVisit = nextVisit
        anchors.restore(nextNumber: try reader.next())
        clock = try reader.next()
        earlyFinalStreams = try reader.next()
        firstGeneration = try reader.next()
        generations.removeAll()
        for _ in 0..<(try reader.nextCount(itemBytes: 12)) {
            let events: UInt32 = try reader.next()
            let openedAt: UInt32 = try reader.next()
            generations.append(Generation(events: events, openedAt: openedAt, closedAt: try reader.next()))
        }
        if generations.isEmpty { generations.append(Generation(openedAt: clock)) }
    }

    func writeAnchors(to writer: inout StateWriter) {
        writer.put(UInt64(anchors.count))
        anchors.forEach { entry in
            writer.put(entry.id)
            writer.put(entry.site)
            writer.put(entry.number)
            writer.put(entry.kind)
            writer.put(entry.seenDay)
        }
    }

    mutating func readAnchors(from reader: inout StateReader) throws(ProjectorError) {
        for _ in 0..<(try reader.nextCount(itemBytes: 27)) {
            var entry = AnchorTable.Entry.empty
            entry.id = try reader.nextID()
            entry.site = try reader.next()
            entry.number = try reader.next()
            entry.kind = try reader.next()
            entry.seenDay = try reader.next()
            anchors.restore(entry)
        }
    }

    // MARK: Streams

    func writeStreams(to writer: inout StateWriter) {
        let contextOrdinals = Sessionizer.write(contexts, to: &writer)
        let trafficOrdinals = Sessionizer.write(traffic, to: &writer)
        var ordinals = [UInt32](repeating: 0, count: streams.slotsEnd)
        var order: [(slot: UInt32, list: UInt64)] = []
        for (index, generation) in generations.enumerated() {
            var slot = generation.head
            while slot != 0 {
                order.append((slot, firstGeneration + UInt64(index)))
                ordinals[Int(slot)] = UInt32(clamping: order.count)
                slot = streams[slot].nextInGeneration
            }
        }
        writer.put(UInt64(order.count))
        for (slot, list) in order {
            let stream = streams[slot]
            writer.put(list)
            writer.put(stream.generation)
            writer.put(stream.touched)
            writer.put(stream.id)
            writer.put(stream.site)
            writer.put(stream.anchor)
            writer.put(stream.kind.rawValue)
            writer.put(UInt8(stream.isBot ? 1 : 0))
            writeSegments(of: slot, ordinals, contextOrdinals, trafficOrdinals, to: &writer)
        }
    }

    /// Gives each class's place in the file, from 1, by its id.
    private static func write(_ table: borrowing ClassTable, to writer: inout StateWriter) -> [UInt32] {
        var ordinals = [UInt32](repeating: 0, count: table.idsEnd)
        var written: UInt32 = 0
        writer.put(UInt64(table.count))
        table.forEach { id, codes in
            written += 1
            ordinals[Int(id)] = written
            writer.put(codes.site)
            for index in 0..<ClassCodes.width { writer.put(codes.codes[index]) }
        }
        return ordinals
    }

    private func writeSegments(
        of stream: UInt32, _ ordinals: [UInt32], _ contexts: [UInt32], _ traffic: [UInt32],
        to writer: inout StateWriter
    ) {
        var counts: [UInt64] = []
        var slot = streams[stream].first
        while slot != 0 {
            var count: UInt64 = 0
            var cursor = segments[slot].first
            while cursor != 0 {
                count += 1
                cursor = nodes[cursor].next
            }
            counts.append(count)
            slot = segments[slot].next
        }
        writer.put(UInt64(counts.count))
        slot = streams[stream].first
        for count in counts {
            let segment = segments[slot]
            writer.put(segment.number)
            writer.put(segment.writtenStart)
            writer.put(segment.keepUntil)
            writer.put(count)
            var cursor = segment.first
            while cursor != 0 {
                write(nodes[cursor], of: stream, ordinals, contexts, traffic, to: &writer)
                cursor = nodes[cursor].next
            }
            slot = segment.next
        }
    }

    @inline(__always)
    private func write(
        _ node: borrowing Node, of stream: UInt32, _ ordinals: [UInt32], _ contexts: [UInt32], _ traffic: [UInt32],
        to writer: inout StateWriter
    ) {
        writer.put(node.occurredAt)
        writer.put(node.batch)
        writer.put(node.index)
        writer.put(node.tie)
        writer.put(node.isMark ? node.context : contexts[Int(node.context)])
        writer.put(traffic[Int(node.traffic)])
        writer.put(node.page)
        writer.put(node.engaged)
        writer.put(node.isMark ? livingTarget(of: node, in: stream, ordinals) : node.target)
        writer.put(node.facts.rawValue)
    }

    /// Where a mark leads; its own stream, which never is a target, where that stream is final already.
    private func livingTarget(of mark: borrowing Node, in stream: UInt32, _ ordinals: [UInt32]) -> UInt32 {
        let target = streams[mark.target]
        let isAlive = target.anchor == mark.context && target.isBot == streams[stream].isBot
        return ordinals[Int(isAlive ? mark.target : stream)]
    }

    mutating func readStreams(from reader: inout StateReader, path: String) throws {
        let contextIDs = try Sessionizer.readClasses(into: &contexts, from: &reader)
        let trafficIDs = try Sessionizer.readClasses(into: &traffic, from: &reader)
        let count = try reader.nextCount(itemBytes: 54)
        for _ in 0..<count { _ = streams.take(.empty) }
        for ordinal in 0..<count {
            let slot = UInt32(clamping: ordinal + 1)
            let list: UInt64 = try reader.next()
            streams[slot].generation = try reader.next()
            streams[slot].touched = try reader.next()
            streams[slot].id = try reader.nextID()
            streams[slot].site = try reader.next()
            streams[slot].anchor = try reader.next()
            streams[slot].kind = AnchorKind(rawValue: try reader.next()) ?? .none
            let isBot: UInt8 = try reader.next()
            streams[slot].isBot = isBot != 0
            guard list >= firstGeneration, list - firstGeneration < UInt64(generations.count),
                let place = anchors.known(streams[slot].key)
            else { throw VisitsError.state(path: path, reason: "stream \(ordinal) has no place") }
            enqueue(slot, in: Int(list - firstGeneration))
            let other = anchors[place].stream
            if other == 0 {
                anchors.setStream(slot, at: place)
            } else {
                streams[slot].sibling = other
                streams[other].sibling = slot
            }
            for _ in 0..<(try reader.nextCount(itemBytes: 28)) {
                try readSegment(of: slot, streamCount: count, contextIDs, trafficIDs, from: &reader, path: path)
            }
        }
        for id in contextIDs.dropFirst() { contexts.release(id) }
        for id in trafficIDs.dropFirst() { traffic.release(id) }
        _ = takeAmendments()
    }

    private static func readClasses(
        into table: inout ClassTable, from reader: inout StateReader
    ) throws(ProjectorError) -> [UInt32] {
        var ids: [UInt32] = [0]
        for _ in 0..<(try reader.nextCount(itemBytes: 44)) {
            var codes = ClassCodes(site: try reader.next())
            for index in 0..<ClassCodes.width { codes.codes[index] = try reader.next() }
            ids.append(table.retainedID(of: codes))
        }
        return ids
    }

    private mutating func readSegment(
        of stream: UInt32, streamCount: Int, _ contextIDs: [UInt32], _ trafficIDs: [UInt32],
        from reader: inout StateReader, path: String
    ) throws {
        let slot = makeSegment(in: stream, after: streams[stream].last)
        segments[slot].number = try reader.next()
        segments[slot].writtenStart = try reader.next()
        segments[slot].keepUntil = try reader.next()
        let count = try reader.nextCount(itemBytes: 48)
        guard count > 0 else { throw VisitsError.state(path: path, reason: "a visit without events") }
        for _ in 0..<count {
            var node = Node.empty
            node.occurredAt = try reader.next()
            node.batch = try reader.next()
            node.index = try reader.next()
            node.tie = try reader.next()
            node.context = try reader.next()
            let traffic: UInt32 = try reader.next()
            let trafficOrdinal = Int(traffic)
            node.page = try reader.next()
            node.engaged = try reader.next()
            node.target = try reader.next()
            node.facts = NodeFacts(rawValue: try reader.next())
            let contextOrdinal = node.isMark ? 0 : Int(node.context)
            guard contextOrdinal < contextIDs.count, trafficOrdinal < trafficIDs.count,
                !node.isMark || Int(node.target) <= streamCount
            else {
                throw VisitsError.state(path: path, reason: "an event refers to what is not there")
            }
            if !node.isMark { node.context = contextIDs[contextOrdinal] }
            node.traffic = trafficIDs[trafficOrdinal]
            if !node.isMark { contexts.retain(node.context) }
            self.traffic.retain(node.traffic)
            link(node, after: segments[slot].last, in: slot)
            accumulate(node, into: slot)
        }
    }
}

/// Lets a column store take part in the projector's checkpoints.
package final class ColumnStoreCheckpoint: CheckpointParticipant {
    package let name = "columns"
    private let store: any ColumnStore
    private let afterPublishing: () throws -> Void

    /// - Parameter afterPublishing: what the store does once its checkpoint is the one a restart would use.
    package init(_ store: any ColumnStore, afterPublishing: @escaping () throws -> Void = {}) {
        self.store = store
        self.afterPublishing = afterPublishing
    }

    package func checkpoint(into directory: String) throws { try store.checkpoint(into: directory) }
    package func restore(from directory: String) throws { try store.restore(from: directory) }
    package func checkpointPublished() throws { try afterPublishing() }
}
