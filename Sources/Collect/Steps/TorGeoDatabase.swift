// Countries by address, from the text files of Debian's package tor-geoipdb (IPFire's location database, CC BY-SA 4.0).
//
// Constraints: 25 MB of text read in well under a second, about 6 MB kept, a lookup without allocation.
//
// Layout of the files
//   geoip    `16777216,16777471,AU`        first and last IPv4 address as decimal numbers, country
//   geoip6   `2001:4:112::,2001:4:112:ffff:…,US`
//   Lines begin at column 0, ascend and do not overlap; `#` begins a comment; `??` is no country.
//
// In memory: the starts of all ranges in ascending order, and beside each the two letters of its country, 0 for none; a
// gap between two ranges is a range of no country. A lookup is one binary search, 20 steps. The lower half of an IPv6
// start is kept where it is not 0: of one in forty.
//
// Life cycle: read at the start, immutable after; a new file is taken at the next start.

package import Events

package final class TorGeoDatabase: GeoDatabase {
    package static let debianDirectory = "/usr/share/tor"
    private static let fileBytesMax = 128 << 20

    private let starts4: [UInt32]
    private let countries4: [UInt16]
    private let starts6High: [UInt64]
    private let starts6Low: LowerHalves
    private let countries6: [UInt16]

    /// Reads `geoip` and `geoip6`; nil where neither is there. A line that cannot be read is an error with its number.
    package init?(directory: String) throws(PrivacyError) {
        let path4 = directory + "/geoip"
        let path6 = directory + "/geoip6"
        let text4 = try PrivateFile.readPublic(path4, bytesMax: TorGeoDatabase.fileBytesMax)
        let text6 = try PrivateFile.readPublic(path6, bytesMax: TorGeoDatabase.fileBytesMax)
        guard text4 != nil || text6 != nil else { return nil }
        var reader = TorGeoReader()
        if let text4 { try reader.readIPv4(text4, path: path4) }
        if let text6 { try reader.readIPv6(text6, path: path6) }
        starts4 = reader.starts4
        countries4 = reader.countries4
        starts6High = reader.starts6High
        starts6Low = reader.starts6Low
        countries6 = reader.countries6
    }

    package var summary: String {
        "countries from tor-geoipdb: \(starts4.count) IPv4 and \(countries6.count) IPv6 ranges"
    }

    package func find(_ address: IPAddress, into place: inout GeoPlace) {
        let code = address.isIPv4 ? find4(address.ipv4) : find6(address)
        place.country = (UInt8(truncatingIfNeeded: code >> 8), UInt8(truncatingIfNeeded: code))
    }

    private func find4(_ address: UInt32) -> UInt16 {
        var low = 0
        var high = starts4.count
        while low < high {
            let middle = (low + high) / 2
            if starts4[middle] <= address { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? countries4[low - 1] : 0
    }

    private func find6(_ address: IPAddress) -> UInt16 {
        var low = 0
        var high = starts6High.count
        while low < high {
            let middle = (low + high) / 2
            let word = starts6High[middle]
            if word < address.high || (word == address.high && starts6Low[middle] <= address.low) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low > 0 ? countries6[low - 1] : 0
    }
}

/// The lower halves of IPv6 addresses in ascending order of their places; those that are 0 are not kept.
private struct LowerHalves {
    private var places: [UInt32] = []
    private var values: [UInt64] = []

    /// `place` is beyond every one before.
    mutating func append(_ value: UInt64, at place: Int) {
        guard value != 0, let place = UInt32(exactly: place) else { return }
        places.append(place)
        values.append(value)
    }

    subscript(_ place: Int) -> UInt64 {
        var low = 0
        var high = places.count
        while low < high {
            let middle = (low + high) / 2
            if Int(places[middle]) < place { low = middle + 1 } else { high = middle }
        }
        return low < places.count && Int(places[low]) == place ? values[low] : 0
    }
}

/// Reads the text files into sorted columns.
private struct TorGeoReader {
    var starts4: [UInt32] = []
    var countries4: [UInt16] = []
    var starts6High: [UInt64] = []
    var starts6Low = LowerHalves()
    var countries6: [UInt16] = []

    mutating func readIPv4(_ text: [UInt8], path: String) throws(PrivacyError) {
        starts4.reserveCapacity(text.count / 20)
        countries4.reserveCapacity(text.count / 20)
        var next: UInt64 = 0
        var lines = LineReader()
        let bytes = text.span.bytes
        while let line = lines.next(in: bytes) {
            guard let (from, comma) = decimal(bytes, line.lowerBound), let (to, second) = decimal(bytes, comma + 1),
                from <= to, from >= next, let country = country(bytes, second + 1..<line.upperBound)
            else { throw .geoDatabase(file: path, reason: "line \(lines.number): expected ascending FROM,TO,CC") }
            if UInt64(from) > next { append4(UInt32(truncatingIfNeeded: next), 0) }
            append4(from, country)
            next = UInt64(to) + 1
        }
        if next > 0, next <= UInt64(UInt32.max) { append4(UInt32(truncatingIfNeeded: next), 0) }
    }

    mutating func readIPv6(_ text: [UInt8], path: String) throws(PrivacyError) {
        starts6High.reserveCapacity(text.count / 40)
        countries6.reserveCapacity(text.count / 40)
        var next = IPAddress(high: 0, low: 0)
        var isFull = false
        var lines = LineReader()
        let bytes = text.span.bytes
        while let line = lines.next(in: bytes) {
            guard !isFull, let comma = comma(bytes, line),
                let from = IPAddress(ipv6: bytes.extracting(line.lowerBound..<comma)),
                let second = self.comma(bytes, comma + 1..<line.upperBound),
                let to = IPAddress(ipv6: bytes.extracting(comma + 1..<second)), !isBefore(to, from),
                !isBefore(from, next),
                let country = country(bytes, second + 1..<line.upperBound)
            else { throw .geoDatabase(file: path, reason: "line \(lines.number): expected ascending FROM,TO,CC") }
            if isBefore(next, from) { append6(next, 0) }
            append6(from, country)
            let (low, carry) = to.low.addingReportingOverflow(1)
            let (high, over) = to.high.addingReportingOverflow(carry ? 1 : 0)
            next = IPAddress(high: high, low: low)
            isFull = over
        }
        if !isFull, !countries6.isEmpty { append6(next, 0) }
    }

    private mutating func append4(_ start: UInt32, _ country: UInt16) {
        if let last = countries4.last, last == country { return }
        starts4.append(start)
        countries4.append(country)
    }

    private mutating func append6(_ start: IPAddress, _ country: UInt16) {
        if let last = countries6.last, last == country { return }
        starts6High.append(start.high)
        starts6Low.append(start.low, at: starts6High.count - 1)
        countries6.append(country)
    }

    private func isBefore(_ left: IPAddress, _ right: IPAddress) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }

    private func decimal(_ bytes: borrowing RawSpan, _ start: Int) -> (UInt32, end: Int)? {
        var value: UInt64 = 0
        var index = start
        while index < bytes.byteCount, ASCII.isDigit(bytes.byte(at: index)), index - start < 10 {
            value = value * 10 + UInt64(bytes.byte(at: index) - 0x30)
            index += 1
        }
        guard index > start, index < bytes.byteCount, bytes.byte(at: index) == UInt8(ascii: ","),
            let value = UInt32(exactly: value)
        else { return nil }
        return (value, index)
    }

    private func comma(_ bytes: borrowing RawSpan, _ range: Range<Int>) -> Int? {
        for index in range where bytes.byte(at: index) == UInt8(ascii: ",") { return index }
        return nil
    }

    /// Two letters, the first in the high byte; 0 for `??`.
    private func country(_ bytes: borrowing RawSpan, _ range: Range<Int>) -> UInt16? {
        guard range.count == 2 else { return nil }
        let first = bytes.byte(at: range.lowerBound)
        let second = bytes.byte(at: range.lowerBound + 1)
        if first == UInt8(ascii: "?"), second == UInt8(ascii: "?") { return 0 }
        guard first >= 0x41, first <= 0x5A, second >= 0x41, second <= 0x5A else { return nil }
        return UInt16(first) << 8 | UInt16(second)
    }
}

/// Lines without their ends; empty ones and comments are passed over.
private struct LineReader {
    private var offset = 0
    private(set) var number = 0

    mutating func next(in bytes: borrowing RawSpan) -> Range<Int>? {
        while offset < bytes.byteCount {
            let start = offset
            while offset < bytes.byteCount, bytes.byte(at: offset) != 0x0A { offset += 1 }
            var end = offset
            offset += 1
            number += 1
            if end > start, bytes.byte(at: end - 1) == 0x0D { end -= 1 }
            if end > start, bytes.byte(at: start) != UInt8(ascii: "#") { return start..<end }
        }
        return nil
    }
}
