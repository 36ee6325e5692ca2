internal import Events

/// Reads one record of a MaxMind database's data section: the parts of a place, nothing else.
///
/// Each value begins with a control byte: type in the top three bits (0: in the next byte, plus 7), size in the low five
/// (29 to 31: one to three more bytes), then the value; a pointer (type 1) stands for a value elsewhere. Every read is
/// inside the section, and one record may take `stepsMax` values at most, however its sizes, nesting and pointers lie.
///
/// Source: MaxMind DB File Format Specification 2.0.
struct MaxMindRecord {
    static let stepsMax = 4096
    private var steps = 0

    private enum Kind {
        static let pointer = 1
        static let text = 2
        static let map = 7
        static let array = 11
    }

    private struct Value {
        var kind: Int
        /// Bytes, entries of a map or array; for a pointer where it leads.
        var size: Int
        /// The first byte after the control bytes.
        var start: Int
    }

    /// Fills `place` from the map at `offset`; false where the record is damaged.
    mutating func read(_ data: borrowing RawSpan, at offset: Int, into place: inout GeoPlace) -> Bool {
        guard let root = resolve(data, at: offset), root.kind == Kind.map else { return false }
        var next = root.start
        var registered = (UInt8(0), UInt8(0))
        for _ in 0..<root.size {
            guard let key = resolve(data, at: next), key.kind == Kind.text, let value = skip(data, from: next) else {
                return false
            }
            let name = data.extracting(key.start..<key.start + key.size)
            if ASCII.equalsFolded(name, lower: Names.country) {
                guard readCode(data, at: value, into: &place.country) else { return false }
            } else if ASCII.equalsFolded(name, lower: Names.registered) {
                guard readCode(data, at: value, into: &registered) else { return false }
            } else if ASCII.equalsFolded(name, lower: Names.subdivisions) {
                guard readRegion(data, at: value, into: &place.region) else { return false }
            } else if ASCII.equalsFolded(name, lower: Names.city) {
                guard readName(data, at: value, into: &place.city) else { return false }
            }
            guard let after = skip(data, from: value) else { return false }
            next = after
        }
        if place.country.0 == 0 { place.country = registered }
        return true
    }

    /// The file ends with a metadata section whose map can be walked within bounds: checked before the library opens
    /// the file, because its own walk of the metadata follows any nesting.
    static func hasReadableMetadata(_ file: [UInt8]) -> Bool {
        let marker = [0xAB, 0xCD, 0xEF] + Array("MaxMind.com".utf8)
        guard file.count > marker.count else { return false }
        var start = file.count - marker.count
        let first = max(0, file.count - 128 * 1024)
        while start >= first, !file[start..<start + marker.count].elementsEqual(marker) { start -= 1 }
        guard start >= first else { return false }
        let section = Array(file[(start + marker.count)...])
        var record = MaxMindRecord()
        guard let root = record.resolve(section.span.bytes, at: 0), root.kind == Kind.map else { return false }
        return record.skip(section.span.bytes, from: 0) != nil
    }

    private enum Names {
        static let country = Array("country".utf8)
        static let registered = Array("registered_country".utf8)
        static let subdivisions = Array("subdivisions".utf8)
        static let city = Array("city".utf8)
        static let code = Array("iso_code".utf8)
        static let names = Array("names".utf8)
        static let english = Array("en".utf8)
    }

    private mutating func readCode(_ data: borrowing RawSpan, at offset: Int, into code: inout (UInt8, UInt8)) -> Bool {
        guard let map = resolve(data, at: offset), map.kind == Kind.map else { return false }
        guard let found = find(data, map, Names.code) else { return true }
        guard let text = resolve(data, at: found), text.kind == Kind.text else { return false }
        guard text.size == 2 else { return true }
        let first = data.byte(at: text.start)
        let second = data.byte(at: text.start + 1)
        if first >= 0x41, first <= 0x5A, second >= 0x41, second <= 0x5A { code = (first, second) }
        return true
    }

    /// The first subdivision is the largest.
    private mutating func readRegion(_ data: borrowing RawSpan, at offset: Int, into text: inout [UInt8]) -> Bool {
        guard let array = resolve(data, at: offset), array.kind == Kind.array else { return false }
        guard array.size > 0 else { return true }
        guard let map = resolve(data, at: array.start), map.kind == Kind.map else { return false }
        if let found = find(data, map, Names.code) { return append(data, at: found, to: &text) }
        return readName(data, at: array.start, into: &text)
    }

    private mutating func readName(_ data: borrowing RawSpan, at offset: Int, into text: inout [UInt8]) -> Bool {
        guard let map = resolve(data, at: offset), map.kind == Kind.map else { return false }
        guard let found = find(data, map, Names.names) else { return true }
        guard let names = resolve(data, at: found), names.kind == Kind.map else { return false }
        guard let english = find(data, names, Names.english) else { return true }
        return append(data, at: english, to: &text)
    }

    private mutating func append(_ data: borrowing RawSpan, at offset: Int, to text: inout [UInt8]) -> Bool {
        guard let value = resolve(data, at: offset), value.kind == Kind.text else { return false }
        var count = min(value.size, GeoPlace.nameBytesMax)
        while count > 0, count < value.size, data.byte(at: value.start + count) & 0xC0 == 0x80 { count -= 1 }
        text.append(data, value.start..<value.start + count)
        return true
    }

    /// Where the value of this key begins; nil where there is no such key, or the map is damaged (the caller's own skip
    /// of the whole map tells those apart).
    private mutating func find(_ data: borrowing RawSpan, _ map: Value, _ name: [UInt8]) -> Int? {
        var next = map.start
        for _ in 0..<map.size {
            guard let key = resolve(data, at: next), key.kind == Kind.text, let value = skip(data, from: next) else {
                return nil
            }
            if ASCII.equalsFolded(data.extracting(key.start..<key.start + key.size), lower: name) { return value }
            guard let after = skip(data, from: value) else { return nil }
            next = after
        }
        return nil
    }

    /// The value at `offset`, or the one a pointer there leads to; a pointer to a pointer is damage.
    private mutating func resolve(_ data: borrowing RawSpan, at offset: Int) -> Value? {
        guard let value = value(data, at: offset) else { return nil }
        guard value.kind == Kind.pointer else { return value }
        guard let target = self.value(data, at: value.size), target.kind != Kind.pointer else { return nil }
        return target
    }

    /// The first byte after the value at `offset` and all it holds.
    private mutating func skip(_ data: borrowing RawSpan, from offset: Int) -> Int? {
        var next = offset
        var pending = 1
        while pending > 0 {
            guard let value = value(data, at: next) else { return nil }
            pending -= 1
            next = value.start
            switch value.kind {
            case Kind.map: pending += value.size * 2
            case Kind.array: pending += value.size
            case Kind.pointer, 14: break
            default: next += value.size
            }
        }
        return next
    }

    /// Reads control bytes. Sizes of bytes and texts are inside the section when this returns.
    private mutating func value(_ data: borrowing RawSpan, at offset: Int) -> Value? {
        steps += 1
        guard steps <= MaxMindRecord.stepsMax, offset >= 0, offset < data.byteCount else { return nil }
        let control = Int(data.byte(at: offset))
        var next = offset + 1
        var kind = control >> 5
        if kind == Kind.pointer { return pointer(data, control, next) }
        if kind == 0 {
            guard next < data.byteCount else { return nil }
            kind = Int(data.byte(at: next)) + 7
            next += 1
            guard kind >= 8, kind <= 15 else { return nil }
        }
        var size = control & 31
        if size >= 29 {
            let more = size - 28
            guard data.byteCount - next >= more else { return nil }
            size = number(data, next, more) + [29, 285, 65_821][more - 1]
            next += more
        }
        if kind != Kind.map, kind != Kind.array, kind != 14, size > data.byteCount - next { return nil }
        return Value(kind: kind, size: size, start: next)
    }

    private func pointer(_ data: borrowing RawSpan, _ control: Int, _ next: Int) -> Value? {
        let more = (control >> 3) & 3
        guard data.byteCount - next >= more + 1 else { return nil }
        let low = number(data, next, more + 1)
        let target =
            switch more {
            case 0: (control & 7) << 8 | low
            case 1: ((control & 7) << 16 | low) + 2_048
            case 2: ((control & 7) << 24 | low) + 526_336
            default: low
            }
        return Value(kind: Kind.pointer, size: target, start: next + more + 1)
    }

    private func number(_ data: borrowing RawSpan, _ start: Int, _ count: Int) -> Int {
        var number = 0
        for index in 0..<count { number = number << 8 | Int(data.byte(at: start + index)) }
        return number
    }
}
