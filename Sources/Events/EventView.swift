/// A record read in place. Making one checks the whole frame once (O(fields), no allocation), so reading
/// fields afterwards cannot fail; it borrows the bytes and cannot outlive them.
@usableFromInline
package struct EventView: ~Escapable {
    @usableFromInline package let bytes: RawSpan

    @_lifetime(copy bytes)
    package init(_ bytes: RawSpan) throws(RecordError) { try self.init(bytes) { _, _, _ in } }

    /// The same, and tells of each field on the way: its tag, where it starts, and the range of its value.
    @inlinable @inline(__always)
    @_lifetime(copy bytes)
    package init(
        _ bytes: RawSpan, eachField: (_ tag: UInt8, _ start: Int, _ value: Range<Int>) -> Void
    ) throws(RecordError) {
        guard bytes.byteCount >= RecordFormat.headerBytes else { throw .tooShort(byteCount: bytes.byteCount) }
        guard bytes.byteCount <= RecordFormat.bytesMax else { throw .tooLong(byteCount: bytes.byteCount) }
        guard bytes.byte(at: 0) == RecordFormat.version else { throw .version(bytes.byte(at: 0)) }
        guard RecordKind(rawValue: bytes.byte(at: 1)) != nil else { throw .kind(bytes.byte(at: 1)) }
        var offset = RecordFormat.headerBytes
        var lastTag: UInt8 = 0
        while offset < bytes.byteCount {
            // Tag and length are two bytes, but for the few fields of 128 bytes and more.
            let start = offset
            guard bytes.byteCount &- start >= 2 else { throw .field(offset: start) }
            let head = bytes.littleEndianUInt16(at: start)
            let tag = UInt8(truncatingIfNeeded: head)
            var length = UInt32(head >> 8)
            offset = start &+ 2
            if length >= 0x80 {
                offset = start &+ 1
                guard let long = Varint.read(bytes, at: &offset) else { throw .field(offset: start) }
                length = long
            }
            guard tag >= lastTag, Int(length) <= bytes.byteCount &- offset else { throw .field(offset: start) }
            lastTag = tag
            let value = Range(uncheckedBounds: (offset, offset &+ Int(length)))
            eachField(tag, start, value)
            offset = value.upperBound
        }
        self.bytes = bytes
    }

    @inlinable package var kind: RecordKind { RecordKind(rawValue: bytes.byte(at: 1)) ?? .erased }
    package var consent: Consent { Consent(rawValue: bytes.littleEndianUInt16(at: 2)) }
    @inlinable package var site: SiteID { SiteID(bytes.littleEndianUInt32(at: 4)) }
    @inlinable package var receivedAt: Timestamp {
        Timestamp(milliseconds: Int64(bitPattern: bytes.littleEndianUInt64(at: 8)))
    }
    @inlinable package var occurredAt: Timestamp {
        Timestamp(milliseconds: Int64(bitPattern: bytes.littleEndianUInt64(at: 16)))
    }
    @inlinable package var flags: EventFlags { EventFlags(rawValue: bytes.littleEndianUInt32(at: 24)) }

    /// Where the first field with this tag stands in `bytes`; nil when there is none. O(fields before it).
    package func range(of tag: FieldTag) -> Range<Int>? {
        var cursor = FieldCursor()
        while let field = cursor.next(in: bytes) {
            if field.tag == tag.rawValue { return field.value }
            if field.tag > tag.rawValue { return nil }
        }
        return nil
    }

    /// The first field with this tag, in place.
    @_lifetime(copy self)
    package func field(_ tag: FieldTag) -> RawSpan? {
        guard let range = range(of: tag) else { return nil }
        return bytes.extracting(range)
    }

    /// The first field with this tag as text; a copy.
    package func text(_ tag: FieldTag) -> String? {
        guard let range = range(of: tag) else { return nil }
        return bytes.extracting(range).text
    }

    package func id(_ tag: FieldTag) -> ID128? {
        guard let range = range(of: tag), range.count == ID128.byteCount else { return nil }
        return ID128(bytes, at: range.lowerBound)
    }

    package func byte(_ tag: FieldTag) -> UInt8? {
        guard let range = range(of: tag), range.count == 1 else { return nil }
        return bytes.byte(at: range.lowerBound)
    }

    package func int64(_ tag: FieldTag) -> Int64? {
        guard let range = range(of: tag), range.count == 8 else { return nil }
        return Int64(bitPattern: bytes.littleEndianUInt64(at: range.lowerBound))
    }

    package func varint(_ tag: FieldTag) -> UInt32? {
        guard let range = range(of: tag) else { return nil }
        var offset = range.lowerBound
        return Varint.read(bytes, at: &offset)
    }

    package var revenue: Money? {
        guard let range = range(of: .revenue), range.count == 11,
            let currency = CurrencyCode(bytes.extracting(range.lowerBound + 8..<range.upperBound))
        else { return nil }
        return Money(micros: Int64(bitPattern: bytes.littleEndianUInt64(at: range.lowerBound)), currency: currency)
    }

    /// What the event hangs on: the device, else the user claim, else the day's hash, else nothing.
    package var anchor: Anchor {
        if let id = id(.deviceID) { return Anchor(kind: .device, site: site, id: id) }
        if let id = id(.userHash) { return Anchor(kind: .user, site: site, id: id) }
        if let id = id(.dailyID) { return Anchor(kind: .daily, site: site, id: id) }
        return Anchor(kind: .none, site: site, id: ID128(low: 0, high: 0))
    }

    /// Calls `body` with each property's key range, type and value range in `bytes`, in the sender's order.
    /// A property of an unknown type is passed over.
    package func forEachProperty(_ body: (_ key: Range<Int>, _ type: PropertyType, _ value: Range<Int>) -> Void) {
        var cursor = FieldCursor()
        while let field = cursor.next(in: bytes), field.tag <= FieldTag.property.rawValue {
            guard field.tag == FieldTag.property.rawValue else { continue }
            var offset = field.value.lowerBound
            guard let keyCount = Varint.read(bytes, at: &offset), offset + Int(keyCount) < field.value.upperBound else {
                continue
            }
            let key = offset..<offset + Int(keyCount)
            guard let type = PropertyType(rawValue: bytes.byte(at: key.upperBound)) else { continue }
            body(key, type, key.upperBound + 1..<field.value.upperBound)
        }
    }

    /// Calls `body` with each item's id and name range, quantity in millionths and price in micros.
    package func forEachItem(
        _ body: (_ id: Range<Int>, _ name: Range<Int>, _ quantityMicros: Int64, _ priceMicros: Int64?) -> Void
    ) {
        var cursor = FieldCursor()
        while let field = cursor.next(in: bytes), field.tag <= FieldTag.item.rawValue {
            guard field.tag == FieldTag.item.rawValue else { continue }
            var offset = field.value.lowerBound
            guard let idCount = Varint.read(bytes, at: &offset), Int(idCount) <= field.value.upperBound - offset else {
                continue
            }
            let id = offset..<offset + Int(idCount)
            offset = id.upperBound
            guard let nameCount = Varint.read(bytes, at: &offset), Int(nameCount) <= field.value.upperBound - offset
            else { continue }
            let name = offset..<offset + Int(nameCount)
            guard field.value.upperBound - name.upperBound == 16 else { continue }
            let quantity = Int64(bitPattern: bytes.littleEndianUInt64(at: name.upperBound))
            let price = Int64(bitPattern: bytes.littleEndianUInt64(at: name.upperBound + 8))
            body(id, name, quantity, price == .min ? nil : price)
        }
    }
}

/// Walks the fields of a checked record from first to last.
@usableFromInline
package struct FieldCursor {
    @usableFromInline var offset: Int
    @inlinable package init() { offset = RecordFormat.headerBytes }

    /// From a field's start on.
    @inlinable package init(at offset: Int) { self.offset = offset }

    /// The next field's tag and the range of its value in `bytes`; nil at the end.
    @inlinable @inline(__always)
    package mutating func next(in bytes: borrowing RawSpan) -> (tag: UInt8, value: Range<Int>)? {
        guard offset < bytes.byteCount else { return nil }
        let tag = bytes.byte(at: offset)
        offset += 1
        guard let length = Varint.read(bytes, at: &offset), Int(length) <= bytes.byteCount - offset else {
            offset = bytes.byteCount
            return nil
        }
        let value = offset..<offset + Int(length)
        offset = value.upperBound
        return (tag, value)
    }
}
