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
        write(RecordFormat.headerBytes) { place in
            place.storeBytes(of: RecordFormat.version, as: UInt8.self)
            place.storeBytes(of: kind.rawValue, toByteOffset: 1, as: UInt8.self)
            place.storeBytes(of: consent.rawValue.littleEndian, toByteOffset: 2, as: UInt16.self)
            place.storeBytes(of: site.rawValue.littleEndian, toByteOffset: 4, as: UInt32.self)
            place.storeBytes(of: receivedAt.milliseconds.littleEndian, toByteOffset: 8, as: Int64.self)
            place.storeBytes(of: occurredAt.milliseconds.littleEndian, toByteOffset: 16, as: Int64.self)
            place.storeBytes(of: flags.rawValue.littleEndian, toByteOffset: 24, as: UInt32.self)
        }
    }

    /// A field of raw bytes. Empty ones are written too: leave the call out to leave the field out.
    package mutating func field(_ tag: FieldTag, _ value: borrowing RawSpan) {
        startField(tag, byteCount: value.byteCount)
        append(value)
    }

    package mutating func field(_ tag: FieldTag, _ value: String) {
        var value = value
        value.withUTF8 { utf8 in
            startField(tag, byteCount: utf8.count)
            append(UnsafeRawBufferPointer(utf8))
        }
    }

    package mutating func field(_ tag: FieldTag, _ value: ID128) {
        startField(tag, byteCount: ID128.byteCount)
        append(value.low)
        append(value.high)
    }

    package mutating func field(_ tag: FieldTag, byte value: UInt8) {
        startField(tag, byteCount: 1)
        append(value)
    }

    package mutating func field(_ tag: FieldTag, uint16 value: UInt16) {
        startField(tag, byteCount: 2)
        append(value)
    }

    package mutating func field(_ tag: FieldTag, int64 value: Int64) {
        startField(tag, byteCount: 8)
        append(value)
    }

    package mutating func field(_ tag: FieldTag, varint value: UInt32) {
        startField(tag, byteCount: Varint.byteCount(of: value))
        appendVarint(value)
    }

    package mutating func field(_ tag: FieldTag, _ value: Money) {
        startField(tag, byteCount: 11)
        append(value.micros)
        for shift in [UInt32(0), 8, 16] { append(UInt8(truncatingIfNeeded: value.currency.rawValue >> shift)) }
    }

    package mutating func property(key: borrowing RawSpan, type: PropertyType, value: borrowing RawSpan) {
        let keyCount = UInt32(clamping: key.byteCount)
        startField(.property, byteCount: Varint.byteCount(of: keyCount) + key.byteCount + 1 + value.byteCount)
        appendVarint(keyCount)
        append(key)
        append(type.rawValue)
        append(value)
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
        appendVarint(idCount)
        append(id)
        appendVarint(nameCount)
        append(name)
        append(quantityMicros)
        append(priceMicros ?? .min)
    }

    /// A field this program does not know, carried over as it is.
    package mutating func unknownField(tag: UInt8, _ value: borrowing RawSpan) {
        append(tag)
        appendVarint(UInt32(clamping: value.byteCount))
        append(value)
    }

    /// Closes the record; gives its range in `finished`.
    package mutating func end() -> Range<Int> {
        let range = recordStart..<cursor
        recordStart = cursor
        return range
    }

    /// Drops the record being written.
    package mutating func discard() { cursor = recordStart }

    // MARK: writing

    @inline(__always)
    private mutating func startField(_ tag: FieldTag, byteCount: Int) {
        #if DEBUG
            precondition(tag.rawValue >= lastTag, "fields are written in ascending tag order")
            lastTag = tag.rawValue
        #endif
        if byteCount < 0x80 {
            append(UInt16(tag.rawValue) | UInt16(truncatingIfNeeded: byteCount) << 8)
        } else {
            append(tag.rawValue)
            appendVarint(UInt32(clamping: byteCount))
        }
    }

    @inline(__always)
    private mutating func append(_ value: borrowing RawSpan) {
        value.withUnsafeBytes { append($0) }
    }

    /// Up to 16 bytes are two words that overlap: most fields are short, and a call costs more than they do.
    @inline(__always)
    private mutating func append(_ source: UnsafeRawBufferPointer) {
        let count = source.count
        guard count > 0, let first = source.baseAddress else { return }
        write(count) { place in
            // SAFETY: each load lies inside the `count` bytes of `source`, each store inside as many at `place`.
            if count > 16 {
                place.copyMemory(from: first, byteCount: count)
            } else if count >= 8 {
                let last = first.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
                place.storeBytes(of: first.loadUnaligned(as: UInt64.self), as: UInt64.self)
                place.storeBytes(of: last, toByteOffset: count - 8, as: UInt64.self)
            } else {
                for index in 0..<count {
                    let byte = first.load(fromByteOffset: index, as: UInt8.self)
                    place.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
                }
            }
        }
    }

    @inline(__always)
    private mutating func append<Word: FixedWidthInteger>(_ word: Word) {
        write(MemoryLayout<Word>.size) { $0.storeBytes(of: word.littleEndian, as: Word.self) }
    }

    @inline(__always)
    private mutating func appendVarint(_ value: UInt32) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    /// Makes room for `count` bytes, lets `body` fill them, goes on behind them.
    @inline(__always)
    private mutating func write(_ count: Int, _ body: (UnsafeMutableRawPointer) -> Void) {
        if capacity - cursor < count { grow(count) }
        // SAFETY: `cursor` + `count` is at most the capacity, as checked above; callers fill no more than `count`.
        body(base + cursor)
        cursor += count
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
