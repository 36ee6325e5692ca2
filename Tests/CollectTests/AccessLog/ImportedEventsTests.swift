import Catalog
import Collect
import Events
import Testing

private let site = Site(id: SiteID(7), key: "site-key", name: "Shop", domains: ["shop.test"])
private let now = Timestamp(milliseconds: 1_763_800_000_000)

struct CSVRecordTests {
    @Test(arguments: [
        ("a,b,c", ["a", "b", "c"]), ("", [""]), (",", ["", ""]), ("a,,c", ["a", "", "c"]), (" a , b", [" a ", " b"]),
        ("\"a,b\",c", ["a,b", "c"]), ("\"a\"\"b\"", ["a\"b"]), ("\"\",\"\"", ["", ""]),
        ("\"a\r\nb\",c", ["a\r\nb", "c"]),
        ("5\" pipe,x", ["5\" pipe", "x"]), ("\"\"\"\"", ["\""]), ("ä,\u{1F600}", ["ä", "\u{1F600}"]),
    ])
    func recordsAreTakenApartAsTheStandardSays(text: String, fields: [String]) throws {
        var record = CSVRecord()
        let bytes = Array(text.utf8)
        try record.read(bytes.span.bytes)
        #expect(record.ranges.map { String(decoding: record.bytes[$0], as: UTF8.self) } == fields)
    }

    @Test(arguments: ["\"a", "\"a\"b", "\"a\" ,b", "a,\"b"])
    func wrongQuotesAreRejected(text: String) {
        var record = CSVRecord()
        let bytes = Array(text.utf8)
        #expect(throws: ImportedEventRejection.invalidQuotes) { try record.read(bytes.span.bytes) }
    }

    @Test(arguments: 1...7)
    func recordEndsAreTheSameWhereverTheTextIsCut(piece: Int) {
        let text = Array("a,\"b\nc\"\n\"x\"\"\n\",5\"\n,\n".utf8)
        var scan = CSVRecordScan()
        var ends: [Int] = []
        var start = 0
        while start < text.count {
            let cut = min(start + piece, text.count)
            let bytes = Array(text[..<cut])
            var place = start
            while let end = scan.end(in: bytes.span.bytes, from: place) {
                ends.append(end)
                place = end + 1
            }
            start = cut
        }
        #expect(ends == [7, 17, 19])
    }

    @Test(arguments: [
        ("name,name", [:], "two columns are 'name'"), ("a,b", [:], "no column is the event's 'name'"),
        ("event", ["event": "nam"], "no field has this name"), ("name", ["other": "url"], "no column of this name"),
    ])
    func headersThatDoNotFitSayWhy(header: String, map: [String: String], expected: String) throws {
        var record = CSVRecord()
        let bytes = Array(header.utf8)
        try record.read(bytes.span.bytes)
        let error = #expect(throws: CSVColumns.Failure.self) { _ = try CSVColumns(header: record, map: map) }
        #expect(error?.description.contains(expected) == true)
    }
}

struct ImportedEventsTests {
    @Test(arguments: [
        (#"{"name":"order","time":"2024-01-02T03:04:05Z","anonymousID":"a"}"#, "event"),
        (#"{"site":"site-key","name":"order"}"#, "event"), (#"{"site":"shop.test","name":"order"}"#, "event"),
        (#"{"site":"other.test","name":"order"}"#, "wrong_site"), (#"{"name":"x","ip":"nowhere"}"#, "invalid_address"),
        (#"{"name":"x"} {"name":"y"}"#, "invalid_json"), (#"{"name":"x""#, "invalid_json"), ("[]", "not_an_object"),
        ("name=x", "not_an_object"), (#"{"name":7}"#, "invalid_field"),
    ])
    func linesAreEventsOrRejected(line: String, expected: String) {
        var collector = EdgeCollector(
            secrets: .random(), salts: .replay(ReplaySalts()), geo: .none, journal: FakeJournal())
        var imported = ImportedEvents(site, assumesMeasurement: true)
        collector.begin()
        let bytes = Array(line.utf8)
        switch collector.readEvent(bytes.span.bytes, imported: &imported, limits: CollectLimits()) {
        case .event: #expect(expected == "event")
        case .refused(let reason): #expect(reason.rawValue == expected)
        case .rejected(let reason): #expect(reason.rawValue == expected)
        }
    }

    @Test(arguments: [true, false])
    func consentIsWhatTheOperatorVouchesForUnlessTheEventSays(assumes: Bool) throws {
        let records = try records(
            [
                #"{"name":"a","anonymousID":"v","userID":"u","time":1400000000000}"#,
                #"{"name":"b","anonymousID":"v","consent":{"measurement":false}}"#,
            ], assumes: assumes)
        let first = try SeenEvent(records[0])
        #expect(first.consent[.measurement] == (assumes ? .granted : .unknown))
        #expect(first.anonymousID == (assumes ? "v" : nil))
        #expect(first.deviceID != nil && first.userHash != nil, "a server key's rights")
        #expect(first.milliseconds == 1_400_000_000_000 && first.flags.contains(.imported))
        let second = try SeenEvent(records[1])
        #expect(second.consent[.measurement] == .denied && second.deviceID == nil)
    }

    @Test func agentAndAddressTogetherDescribeTheVisitor() throws {
        let records = try records(
            [
                #"{"name":"a","userAgent":"Mozilla/5.0 \"x\"","ip":"203.0.113.9"}"#,
                #"{"name":"a","userAgent":"curl/8"}"#,
                #"{"name":"a","ip":"203.0.113.9"}"#, #"{"name":"a","userAgent":"curl/8","ip":"203.0.113.9"}"#,
            ], assumes: true)
        let both = try SeenEvent(records[0])
        #expect(both.agent == "Mozilla/5.0 \"x\"" && both.dailyID != nil)
        #expect(both.network == [203, 0, 113, 0])
        let agent = try SeenEvent(records[1])
        #expect(agent.agent == "curl/8" && agent.dailyID == nil && agent.flags.contains(.bot))
        let address = try SeenEvent(records[2])
        #expect(address.dailyID == nil && address.network == nil && !address.flags.contains(.bot))
        #expect(try SeenEvent(records[3]).flags.contains(.bot))
    }

    @Test func anEventsOwnFlagsStay() throws {
        let records = try records(
            [
                #"{"name":"a","anonymousID":"v"}"#, #"{"name":"a","anonymousID":"v","engagement":500}"#,
                #"{"name":"a","anonymousID":"v","preview":true}"#, #"{"name":"b","anonymousID":"v"}"#,
            ], assumes: true)
        let flags = try records.map { try SeenEvent($0).flags.intersection([.imported, .nonInteractive, .preview]) }
        #expect(flags == [[.imported], [.imported, .nonInteractive], [.imported, .preview], [.imported]])
    }

    @Test func csvFieldsBecomeTheEventsFields() throws {
        var record = CSVRecord()
        let header = Array("event,when,who,p.size,p.sale,p.code,note,revenue,currency,consent".utf8)
        try record.read(header.span.bytes)
        let columns = try CSVColumns(header: record, map: ["event": "name", "when": "time", "who": "anonymousID"])
        #expect(columns.ignored == ["note"])
        let journal = FakeJournal()
        var collector = EdgeCollector(secrets: .random(), salts: .replay(ReplaySalts()), geo: .none, journal: journal)
        var imported = ImportedEvents(site, assumesMeasurement: true)
        collector.begin()
        var outcomes: [String] = []
        for line in [
            "order,2024-03-13 10:21:14,u1,42,true,007,\"n, n\",12.30,CHF,mp", "order,2024-03-13,u1,,,,,,,",
            "order,,u1,,,,,x,,", "order,,u1", ",,,,,,,,,",
        ] {
            let bytes = Array(line.utf8)
            let reading = collector.readRecord(
                bytes.span.bytes, columns: columns, imported: &imported, limits: CollectLimits())
            outcomes.append("\(reading)")
            guard case .event = reading else { continue }
            collector.offerImported(
                imported, key: ID128(low: UInt64(outcomes.count), high: 0), receivedAt: now,
                catalog: CatalogSnapshot(generation: 1, sites: [site]))
        }
        #expect(outcomes[2].contains("invalidField") && outcomes[3].contains("columnCount"))
        _ = collector.commitImported(receivedAt: now)
        #expect(collector.rejections.map(\.reason) == [.invalidTime, .missingName])
        let event = try SeenEvent(try #require(journal.records.first))
        #expect(event.milliseconds == 1_710_325_274_000 && event.name == "order")
        #expect(event.revenue == Money(micros: 12_300_000, currency: try #require(CurrencyCode("CHF"))))
        #expect(event.consent[.measurement] == .granted && event.consent[.personalisation] == .granted)
        #expect(event.consent[.advertising] == .denied && event.deviceID != nil)
        #expect(event.properties == ["size:number:42", "sale:boolean:1", "code:string:007"])
    }

    private func records(_ lines: [String], assumes: Bool) throws -> [[UInt8]] {
        let journal = FakeJournal()
        var collector = EdgeCollector(secrets: .random(), salts: .replay(ReplaySalts()), geo: .none, journal: journal)
        var imported = ImportedEvents(site, assumesMeasurement: assumes)
        collector.begin()
        for (index, line) in lines.enumerated() {
            let bytes = Array(line.utf8)
            let reading = collector.readEvent(bytes.span.bytes, imported: &imported, limits: CollectLimits())
            #expect(reading == .event(hasID: false))
            collector.offerImported(
                imported, key: ID128(low: UInt64(index), high: 0), receivedAt: now,
                catalog: CatalogSnapshot(generation: 1, sites: [site]))
        }
        let outcome = collector.commitImported(receivedAt: now)
        #expect(outcome.accepted == lines.count, "\(collector.rejections)")
        return journal.records
    }
}
