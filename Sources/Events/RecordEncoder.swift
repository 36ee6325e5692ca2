/// Writes records one after another into memory that is reused: `begin`, fields in ascending tag order, `end`. No
/// allocation once it has grown.
///
/// The memory is the encoder's own, so that a field is one check and one copy. It is not bounded here: a caller checks
/// `recordByteCount` against `RecordFormat.bytesMax` before `end`, or calls `discard`.
package struct RecordEncoder: ~Copyable {
    // SAFETY: allocated in `init` and `grow`, freed in `grow` and `deinit`, `capacity` bytes long; what lies before
    // `cursor` is initialised.
    private var base: UnsafeMutableRawPointer
    private var capacity: Int
    private var recordStart = 0
    /// Where the next field goes.
    private var cursor = 0
    #if DEBUG
        private var lastTag: UInt8 = 0
    #endif

    package init(reservingBytes capacity: Int = 4096) {
        self.capacity = max(capacity, 64)
        base = .allocate(byteCount: self.capacity, alignment: 8)
    }

    deinit { base.deallocate() }

    /// Bytes of the finished records, one after another.
    package var byteCount: Int { recordStart }
    /// Bytes of the record being written.
    package var recordByteCount: Int { cursor - recordStart }

    /// The finished records.
    package var finished: RawSpan {
        @_lifetime(borrow self) get {
            // SAFETY: the span cannot outlive the borrow of `self`, during which nothing is written or freed.
            let span = RawSpan(_unsafeStart: base, byteCount: recordStart)
            return _overrideLifetime(span, borrowing: self)
        }
    }

    /// A copy of the finished records.
    package var bytes: [UInt8] { finished.array }

    /// Forgets all records, keeps the memory.
    package mutating func removeAll() {
        recordStart = 0
        cursor = 0
    }

    package mutating func begin(
        kind: RecordKind = .event, site: SiteID, receivedAt: Timestamp, occurredAt: Timestamp,
        consent: Consent = .unknown, flags: EventFlags = []
    ) {
        #if DEBUG
            lastTag = 0
        #endif
        makeRoom(RecordFormat.headerBytes)
        // SAFETY: there is room for the header, and each store lies inside of it.
        let place = base + cursor
        place.storeBytes(of: RecordFormat.version, as: UInt8.self)
        place.storeBytes(of: kind.rawValue, toByteOffset: 1, as: UInt8.self)
        place.storeBytes(of: consent.rawValue.littleEndian, toByteOffset: 2, as: UInt16.self)
        place.storeBytes(of: site.rawValue.littleEndian, toByteOffset: 4, as: UInt32.self)
        place.storeBytes(of: receivedAt.milliseconds.littleEndian, toByteOffset: 8, as: Int64.self)
        place.storeBytes(of: occurredAt.milliseconds.littleEndian, toByteOffset: 16, as: Int64.self)
        place.storeBytes(of: flags.rawValue.littleEndian, toByteOffset: 24, as: UInt32.self)
        cursor += RecordFormat.headerBytes
    }

    /// A field of raw bytes. Empty ones are written too: leave the call out to leave the field out.
    package mutating func field(_ tag: FieldTag, _ value: borrowing RawSpan) {
        startField(tag, byteCount: value.byteCount)
        put(value)
    }

    package mutating func field(_ tag: FieldTag, _ value: String) {
        var value = value
        value.withUTF8 { utf8 in
            startField(tag, byteCount: utf8.count)
            put(UnsafeRawBufferPointer(utf8))
        }
    }

    package mutating func field(_ tag: FieldTag, _ value: ID128) {
        startField(tag, byteCount: ID128.byteCount)
        put(value.low)
        put(value.high)
    }

    package mutating func field(_ tag: FieldTag, byte value: UInt8) {
        startField(tag, byteCount: 1)
        put(value)
    }

    package mutating func field(_ tag: FieldTag, uint16 value: UInt16) {
        startField(tag, byteCount: 2)
        put(value)
    }

    package mutating func field(_ tag: FieldTag, int64 value: Int64) {
        startField(tag, byteCount: 8)
        put(value)
    }

    package mutating func field(_ tag: FieldTag, varint value: UInt32) {
        startField(tag, byteCount: Varint.byteCount(of: value))
        putVarint(value)
    }

    package mutating func field(_ tag: FieldTag, _ value: Money) {
        startField(tag, byteCount: 11)
        put(value.micros)
        put(UInt16(truncatingIfNeeded: value.currency.rawValue))
        put(UInt8(truncatingIfNeeded: value.currency.rawValue >> 16))
    }

    package mutating func property(key: borrowing RawSpan, type: PropertyType, value: borrowing RawSpan) {
        let bytes = key.byteCount + value.byteCount + 2
        if bytes < 0x80 {
            // All lengths are one byte: nearly always.
            startField(.property, byteCount: bytes)
            put(UInt8(truncatingIfNeeded: key.byteCount))
        } else {
            let keyCount = UInt32(clamping: key.byteCount)
            startField(.property, byteCount: bytes - 1 + Varint.byteCount(of: keyCount))
            putVarint(keyCount)
        }
        put(key)
        put(type.rawValue)
        put(value)
    }

    package mutating func item(
        id: borrowing RawSpan, name: borrowing RawSpan, quantityMicros: Int64, priceMicros: Int64?
    ) {
        let idCount = UInt32(clamping: id.byteCount)
        let nameCount = UInt32(clamping: name.byteCount)
        startField(
            .item,
            byteCount: Varint.byteCount(of: idCount) + id.byteCount + Varint.byteCount(of: nameCount) + name.byteCount
                + 16)
        putVarint(idCount)
        put(id)
        putVarint(nameCount)
        put(name)
        put(quantityMicros)
        put(priceMicros ?? .min)
    }

    /// A field this program does not know, carried over as it is.
    package mutating func unknownField(tag: UInt8, _ value: borrowing RawSpan) {
        makeRoom(RecordEncoder.fieldHeadBytesMax + value.byteCount)
        put(tag)
        putVarint(UInt32(clamping: value.byteCount))
        put(value)
    }

    /// Fields once more that stand in `finished` or in the record being written, as they are. Their tags come behind the
    /// ones before them here too.
    package mutating func repeatFields(_ range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= cursor, "only what is written can be repeated")
        makeRoom(range.count)
        // SAFETY: the source was written, as checked; the target lies behind it and has room.
        (base + cursor).copyMemory(from: base + range.lowerBound, byteCount: range.count)
        cursor += range.count
    }

    /// Where the next field will stand in `finished`.
    package var offset: Int { cursor }

    /// Closes the record; gives its range in `finished`.
    package mutating func end() -> Range<Int> {
        let range = recordStart..<cursor
        recordStart = cursor
        return range
    }

    /// Drops the record being written.
    package mutating func discard() { cursor = recordStart }

    // MARK: writing

    // `makeRoom` is asked for all of a field at once; the `put`s fill what it made, and no more.

    /// A tag and a length of five bytes.
    private static var fieldHeadBytesMax: Int { 6 }

    /// Writes tag and length, and makes room for `byteCount` bytes behind them.
    @inline(__always)
    private mutating func startField(_ tag: FieldTag, byteCount: Int) {
        #if DEBUG
            precondition(tag.rawValue >= lastTag, "fields are written in ascending tag order")
            lastTag = tag.rawValue
        #endif
        makeRoom(RecordEncoder.fieldHeadBytesMax + byteCount)
        if byteCount < 0x80 {
            put(UInt16(tag.rawValue) | UInt16(truncatingIfNeeded: byteCount) << 8)
        } else {
            put(tag.rawValue)
            putVarint(UInt32(clamping: byteCount))
        }
    }

    @inline(__always)
    private mutating func put(_ value: borrowing RawSpan) {
        value.withUnsafeBytes { put($0) }
    }

    /// Up to 32 bytes are words that overlap: most fields are short, and a call costs more than they do.
    @inline(__always)
    private mutating func put(_ source: UnsafeRawBufferPointer) {
        let count = source.count
        guard count > 0, let first = source.baseAddress else { return }
        assert(capacity - cursor >= count, "room was made for the whole field")
        let place = base + cursor
        // SAFETY: each load lies inside the `count` bytes of `source`, each store inside as many at `place`.
        if count > 32 {
            place.copyMemory(from: first, byteCount: count)
        } else if count > 16 {
            RecordEncoder.copy(UInt64.self, from: first, to: place, 0)
            RecordEncoder.copy(UInt64.self, from: first, to: place, 8)
            RecordEncoder.copy(UInt64.self, from: first, to: place, count - 16)
            RecordEncoder.copy(UInt64.self, from: first, to: place, count - 8)
        } else if count >= 8 {
            RecordEncoder.copy(UInt64.self, from: first, to: place, 0)
            RecordEncoder.copy(UInt64.self, from: first, to: place, count - 8)
        } else if count >= 4 {
            RecordEncoder.copy(UInt32.self, from: first, to: place, 0)
            RecordEncoder.copy(UInt32.self, from: first, to: place, count - 4)
        } else {
            RecordEncoder.copy(UInt8.self, from: first, to: place, 0)
            RecordEncoder.copy(UInt8.self, from: first, to: place, count / 2)
            RecordEncoder.copy(UInt8.self, from: first, to: place, count - 1)
        }
        cursor += count
    }

    /// One word from here to there at the same offset.
    @inline(__always)
    private static func copy<Word: FixedWidthInteger>(
        _ type: Word.Type, from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, _ offset: Int
    ) {
        // SAFETY: the caller says that the word lies in both.
        target.storeBytes(
            of: source.loadUnaligned(fromByteOffset: offset, as: Word.self), toByteOffset: offset, as: Word.self)
    }

    @inline(__always)
    private mutating func put<Word: FixedWidthInteger>(_ word: Word) {
        assert(capacity - cursor >= MemoryLayout<Word>.size, "room was made for the whole field")
        // SAFETY: as asserted.
        (base + cursor).storeBytes(of: word.littleEndian, as: Word.self)
        cursor += MemoryLayout<Word>.size
    }

    @inline(__always)
    private mutating func putVarint(_ value: UInt32) {
        var rest = value
        while rest >= 0x80 {
            put(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        put(UInt8(truncatingIfNeeded: rest))
    }

    @inline(__always)
    private mutating func makeRoom(_ count: Int) {
        if capacity - cursor < count { grow(count) }
    }

    @inline(never)
    private mutating func grow(_ count: Int) {
        let larger = max(capacity * 2, cursor + count)
        let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 8)
        // SAFETY: both hold `cursor` bytes at least, and they do not overlap.
        moved.copyMemory(from: base, byteCount: cursor)
        base.deallocate()
        base = moved
        capacity = larger
    }
}
