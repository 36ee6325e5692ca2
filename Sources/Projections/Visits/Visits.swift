package import Catalog
package import Columns
package import Events
package import Journal
package import Projector

/// The projection that cuts events into visits and hands both to the column store.
///
/// For each journal batch it calls `append` once with a row an event and `amend` once with what changed in the
/// visits. Rules, guarantees and bounds: `VisitRules.swift`. Belongs to the projector's thread.
///
/// The store's dictionaries and this state refer to each other, so both belong into the same checkpoint.
package final class Visits: Projection {
    package let name = "visits"
    package private(set) var appliedBatch: UInt64 = 0

    let store: any ColumnStore
    let files: any CheckpointFiles
    var core: Sessionizer
    var sites: SiteBook
    private var codes: EventCodes
    private var classes: EventClasses
    private let localDays: any LocalDays
    // Flag sets as bits: set algebra on another module's option set is a generic call for each event.
    private let neverCountedBits = EventFlags.neverCounted.rawValue
    private let botBits = EventFlags.bot.rawValue | EventFlags.prefetch.rawValue
    private let pageviewBit = EventFlags.pageview.rawValue
    private let nonInteractiveBit = EventFlags.nonInteractive.rawValue
    /// A batch's events, and their rows in the same order.
    private var events: [SessionEvent] = []
    private var rows: [EventRow] = []
    /// Those of the record at hand.
    private var fields = RecordFields()

    /// - Parameters:
    ///   - definitions: reads site definitions out of control records.
    ///   - catalog: the present definitions, for sites without a journalled one; asked once a batch.
    package init(
        store: any ColumnStore, classifier: any VisitClassifier,
        definitions: any SiteDefinitionReader = NoSiteDefinitions(),
        catalog: @escaping @Sendable () -> CatalogSnapshot, rules: VisitRules = VisitRules(),
        localDays: any LocalDays = SystemLocalDays(), files: any CheckpointFiles = SystemCheckpointFiles()
    ) {
        self.store = store
        self.files = files
        self.localDays = localDays
        core = Sessionizer(rules: rules)
        sites = SiteBook(reader: definitions, catalog: catalog)
        codes = EventCodes(store: store)
        classes = EventClasses(store: store, classifier: classifier)
    }

    /// What is kept now, for metrics.
    package var statistics: VisitStatistics {
        VisitStatistics(
            anchors: core.anchors.count, streams: core.streams.used, visits: core.segments.used,
            events: core.nodes.used,
            earlyFinalStreams: core.earlyFinalStreams)
    }

    /// Kept events that were looked at or moved for events out of order, since the start.
    package var eventsTouched: UInt64 { core.nodesTouched }

    /// O(events of the batch). When it throws, memory and store may disagree: the caller starts over from a checkpoint.
    package func apply(_ batch: CommittedBatch) throws {
        if sites.refresh() { classes.forgetSites() }
        rows.removeAll(keepingCapacity: true)
        events.removeAll(keepingCapacity: true)
        let bytes = batch.bytes
        for index in 0..<batch.recordCount {
            try take(bytes.span.bytes.extracting(batch.ranges[index]), at: batch.position(of: index))
        }
        cut()
        var amendments = core.takeAmendments()
        patchRows(with: &amendments, batch: batch.sequence)
        if !rows.isEmpty { try store.append(rows) }
        if !amendments.isEmpty { try store.amend(amendments) }
        core.reuse(amendments)
        appliedBatch = batch.sequence
    }

    /// Gives the batch's events to their visits.
    private func cut() {
        var ahead = SessionLookahead()
        for place in -SessionLookahead.distance..<events.count {
            ahead.look(from: place, in: events, core)
            guard place >= 0 else { continue }
            let (visit, anchor) = core.add(events[place])
            rows[place].visit = visit
            rows[place].anchor = anchor
        }
    }

    /// Forgets the anchors here and in the store.
    package func erase(_ anchors: [Anchor]) throws {
        var numbers: [AnchorNumber] = []
        for anchor in anchors {
            guard let place = core.anchors.known(anchor) else { continue }
            numbers.append(core.anchors[place].number)
            core.erase(anchor)
        }
        let amendments = core.takeAmendments()
        if !amendments.isEmpty { try store.amend(amendments) }
        if !numbers.isEmpty { try store.erase(anchors: numbers) }
    }

    func restored(appliedBatch batch: UInt64) { appliedBatch = batch }

    /// An event of this very batch that moved is simply written where it is last.
    private func patchRows(with amendments: inout VisitAmendments, batch: UInt64) {
        guard !amendments.moved.isEmpty else { return }
        amendments.moved.removeAll { move in
            guard move.position.batch == batch else { return false }
            var low = 0
            var high = rows.count
            while low < high {
                let middle = (low + high) / 2
                if rows[middle].position < move.position { low = middle + 1 } else { high = middle }
            }
            if low < rows.count, rows[low].position == move.position { rows[low].visit = move.to }
            return true
        }
    }

    // MARK: One record

    private func take(_ bytes: RawSpan, at position: Position) throws(VisitsError) {
        fields.clear()
        let record: EventView
        do {
            record = try EventView(bytes) { fields.note($0, $1, $2) }
        } catch {
            throw .record(position: position, error: error)
        }
        switch record.kind {
        case .erased: return
        case .control:
            let payload = bytes.extracting(fields.range(.control))
            if !payload.isEmpty, sites.apply(payload: payload, id: record.site) { classes.forgetSites() }
        case .event:
            guard record.flags.rawValue & neverCountedBits == 0 else { return }
            takeEvent(record, at: position)
        }
    }

    private func takeEvent(_ record: borrowing EventView, at position: Position) {
        let bytes = record.bytes
        let flags = record.flags
        let siteID = record.site
        let site = sites.site(siteID)
        let url = bytes.extracting(fields.range(.url))
        let name = codes.name(bytes.extracting(fields.range(.name)), siteID)
        let page = codes.page(url, siteID)
        let properties = codes.properties(bytes.extracting(fields.propertyBytes), siteID)
        let context = classes.context(of: fields, in: bytes, site: siteID, table: &core.contexts)
        let referrer = bytes.extracting(fields.range(.referrer))
        let traffic =
            url.isEmpty
            ? 0 : classes.traffic(of: page, url: url, referrer: referrer, site: site, table: &core.traffic)
        let engaged = record.varint(.engagedMilliseconds, at: fields.range(.engagedMilliseconds))
        events.append(
            SessionEvent(
                anchor: anchor(at: siteID, in: bytes), daily: otherDaily(in: bytes),
                previousDaily: otherPreviousDaily(in: bytes), isBot: flags.rawValue & botBits != 0,
                position: position, occurredAt: record.occurredAt, receivedAt: record.receivedAt,
                tie: tie(in: bytes), facts: facts(of: flags, at: record.occurredAt, site), context: context,
                traffic: traffic, page: flags.rawValue & pageviewBit != 0 ? page.page : 0, engaged: engaged))

        var row = EventRow(position: position, site: siteID, occurredAt: record.occurredAt, flags: flags)
        row.name = name
        row.page = page.page
        row.hostname = page.hostname
        if !fields.range(.revenue).isEmpty { row.revenue = record.revenue }
        row.engagedMilliseconds = engaged
        row.properties = properties
        rows.append(row)
    }

    // MARK: Its fields

    /// As `EventView.anchor` has it.
    @inline(__always)
    private func anchor(at site: SiteID, in bytes: RawSpan) -> Anchor {
        if let id = fields.id(.deviceID, in: bytes) { return Anchor(kind: .device, site: site, id: id) }
        if let id = fields.id(.userHash, in: bytes) { return Anchor(kind: .user, site: site, id: id) }
        if let id = fields.id(.dailyID, in: bytes) { return Anchor(kind: .daily, site: site, id: id) }
        return Anchor(kind: .none, site: site, id: ID128(low: 0, high: 0))
    }

    @inline(__always)
    private var hasDeviceOrUser: Bool {
        fields.has(.deviceID, ID128.byteCount) || fields.has(.userHash, ID128.byteCount)
    }

    /// The day's hash where it is not the anchor itself.
    @inline(__always)
    private func otherDaily(in bytes: RawSpan) -> ID128? {
        hasDeviceOrUser ? fields.id(.dailyID, in: bytes) : nil
    }

    /// Yesterday's hash where the event has an anchor and that is another: it takes the hash's open visit with it.
    @inline(__always)
    private func otherPreviousDaily(in bytes: RawSpan) -> ID128? {
        guard let id = fields.id(.previousDailyID, in: bytes) else { return nil }
        if let daily = fields.id(.dailyID, in: bytes) { return daily == id ? nil : id }
        return hasDeviceOrUser ? id : nil
    }

    private func facts(of flags: EventFlags, at time: Timestamp, _ site: Site) -> NodeFacts {
        var facts = NodeFacts(rawValue: 0)
        if flags.rawValue & pageviewBit != 0 { facts.insert(.pageview) }
        if flags.rawValue & nonInteractiveBit == 0 { facts.insert(.interactive) }
        if site.splitsVisitsOnCampaign { facts.insert(.splitsOnCampaign) }
        if site.splitsVisitsAtMidnight { facts = facts.with(day: localDays.day(of: time, timeZone: site.timeZone)) }
        return facts
    }

    @inline(__always)
    private func tie(in bytes: RawSpan) -> UInt32 {
        let clientID = fields.range(.clientEventID)
        return RecordBytes.tie(bytes, clientID.isEmpty ? RecordFormat.headerBytes..<bytes.byteCount : clientID)
    }
}

/// How much Visits keeps in memory.
package struct VisitStatistics: Hashable, Sendable {
    package var anchors: Int
    package var streams: Int
    package var visits: Int
    package var events: Int
    /// Streams whose visits became final early because a bound was reached.
    package var earlyFinalStreams: UInt64
}

extension VisitAmendments {
    fileprivate var isEmpty: Bool { visits.isEmpty && removed.isEmpty && moved.isEmpty }
}

extension EventView {
    /// A varint field whose range is known; 0 where there is none.
    fileprivate func varint(_ tag: FieldTag, at range: Range<Int>) -> UInt32 {
        var offset = range.lowerBound
        return range.isEmpty ? 0 : Varint.read(bytes, at: &offset) ?? 0
    }
}
