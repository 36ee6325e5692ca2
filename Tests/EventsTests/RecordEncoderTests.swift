import Events
import Testing

struct RecordEncoderTests {
    private func begin(_ encoder: inout RecordEncoder) {
        encoder.begin(
            site: SiteID(7), receivedAt: Timestamp(milliseconds: -5), occurredAt: Timestamp(milliseconds: .max),
            consent: Consent(all: .granted), flags: [.bot, .pageview])
    }

    @Test(arguments: [21] as [UInt64])
    func fieldsOfEveryLengthReadBack(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var encoder = RecordEncoder(reservingBytes: 0)
        var written: [(range: Range<Int>, name: [UInt8], title: [UInt8], key: [UInt8])] = []
        func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0 ... .max, using: &random) } }
        for count in Array(0...40) + [126, 127, 128, 129, 1_000, 1_024, 2_500, 16_383, 16_384] {
            let (name, title, key) = (bytes(count), bytes(max(count - 3, 0)), bytes(min(count, 90)))
            begin(&encoder)
            encoder.field(.name, name.span.bytes)
            encoder.field(.title, title.span.bytes)
            encoder.field(.deviceID, ID128(low: UInt64(count), high: 9))
            encoder.field(.engagedMilliseconds, varint: UInt32(count))
            encoder.property(key: key.span.bytes, type: .number, value: name.span.bytes)
            let byteCount = encoder.recordByteCount
            let range = encoder.end()
            #expect(range.count == byteCount)
            #expect(encoder.bytes.count == range.upperBound)
            written.append((range, name, title, key))
        }
        let all = encoder.bytes
        for (range, name, title, key) in written {
            let view = try EventView(all.span.bytes.extracting(range))
            #expect(
                view.site == SiteID(7) && view.receivedAt.milliseconds == -5 && view.occurredAt.milliseconds == .max)
            #expect(view.consent == Consent(all: .granted) && view.flags == [.bot, .pageview])
            #expect(view.field(.name)?.array == name)
            #expect(view.field(.title)?.array == title)
            #expect(view.id(.deviceID) == ID128(low: UInt64(name.count), high: 9))
            var properties: [([UInt8], [UInt8])] = []
            let record = Array(all[range])
            view.forEachProperty { place, _, value in properties.append((Array(record[place]), Array(record[value]))) }
            #expect(properties.count == 1 && properties.first?.0 == key && properties.first?.1 == name)
        }
    }

    @Test func fieldsOfARecordBeforeAreRepeatedAsTheyAre() throws {
        var encoder = RecordEncoder(reservingBytes: 0)
        begin(&encoder)
        encoder.field(.name, "first")
        let start = encoder.offset
        encoder.field(.userAgent, String(repeating: "agent", count: 60))
        encoder.field(.language, "de-CH")
        let fields = start..<encoder.offset
        _ = encoder.end()
        begin(&encoder)
        encoder.field(.name, "second")
        encoder.repeatFields(fields)
        encoder.field(.screen, "10x20")
        let range = encoder.end()
        let record = Array(encoder.bytes[range])
        let view = try EventView(record.span.bytes)
        #expect(view.text(.name) == "second" && view.text(.screen) == "10x20" && view.text(.language) == "de-CH")
        #expect(view.text(.userAgent) == String(repeating: "agent", count: 60))
    }

    @Test func aDiscardedRecordLeavesNothing() throws {
        var encoder = RecordEncoder()
        begin(&encoder)
        encoder.field(.name, "kept")
        let kept = encoder.end()
        let before = encoder.bytes
        begin(&encoder)
        encoder.field(.name, String(repeating: "x", count: 3_000))
        encoder.discard()
        #expect(encoder.bytes == before && encoder.recordByteCount == 0)
        begin(&encoder)
        encoder.field(.name, "next")
        let next = encoder.end()
        #expect(next.lowerBound == kept.upperBound)
        let all = encoder.bytes
        #expect(try EventView(all.span.bytes.extracting(next)).text(.name) == "next")
    }

    @Test func theWalkThatChecksARecordTellsEachFieldAndEndsAtEveryCut() throws {
        var encoder = RecordEncoder()
        begin(&encoder)
        encoder.field(.name, "order")
        encoder.field(.url, String(repeating: "u", count: 127))
        encoder.field(.referrer, String(repeating: "r", count: 128))
        encoder.field(.title, "")
        encoder.field(.userAgent, String(repeating: "a", count: 20_000))
        let (key, value) = ([UInt8](repeating: 107, count: 1), [UInt8](repeating: 1, count: 1))
        encoder.property(key: key.span.bytes, type: .string, value: value.span.bytes)
        encoder.property(key: key.span.bytes, type: .string, value: value.span.bytes)
        let range = encoder.end()
        let record = Array(encoder.bytes[range])
        var told: [(tag: UInt8, start: Int, value: Range<Int>)] = []
        _ = try EventView(record.span.bytes) { told.append(($0, $1, $2)) }
        #expect(told.map(\.tag) == [1, 3, 4, 5, 11, 25, 25])
        #expect(told.map(\.value.count) == [5, 127, 128, 0, 20_000, 4, 4])
        #expect(told.map(\.start) == [RecordFormat.headerBytes] + told.dropLast().map(\.value.upperBound))
        let ends = Set(told.map(\.value.upperBound) + [RecordFormat.headerBytes])
        for count in Array(0..<400) + Array(record.count - 40...record.count) {
            let cut = Array(record[..<count])
            let isRecord = (try? EventView(cut.span.bytes)) != nil
            #expect(isRecord == ends.contains(count), "\(count) bytes")
        }
    }
}
