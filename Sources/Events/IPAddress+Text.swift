extension IPAddress {
    /// An address in text: four decimal numbers without leading zeros, or IPv6 as in RFC 4291 2.2 with `::` and an IPv4
    /// tail; brackets around IPv6 pass. No zone, no port, no white space. Nil for anything else. O(count).
    package init?(parsing text: RawSpan) {
        let count = text.byteCount
        guard count >= 2, count <= 47 else { return nil }
        if text.byte(at: 0) == UInt8(ascii: "[") {
            guard text.byte(at: count - 1) == UInt8(ascii: "]") else { return nil }
            self.init(ipv6: text.extracting(1..<count - 1))
        } else if text.firstOffset(of: UInt8(ascii: ":"), in: 0..<count) != nil {
            self.init(ipv6: text)
        } else {
            guard let number = Self.ipv4(of: text, in: 0..<count) else { return nil }
            self.init(ipv4: number)
        }
    }

    /// The same for a string: configuration and tests.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        self.init(parsing: bytes.span.bytes)
    }

    /// IPv6 alone, without brackets; an address of IPv4 in IPv6's clothes (`::ffff:1.2.3.4`) is taken.
    package init?(ipv6 text: RawSpan) {
        var groups = InlineArray<8, UInt16>(repeating: 0)
        var count = 0
        var gap: Int?
        var offset = 0
        let end = text.byteCount
        guard end >= 2, end <= 45 else { return nil }
        if text.byte(at: 0) == UInt8(ascii: ":") {
            guard text.byte(at: 1) == UInt8(ascii: ":") else { return nil }
            gap = 0
            offset = 2
        }
        while offset < end {
            guard count < 8 else { return nil }
            let stop = text.firstOffset(of: UInt8(ascii: ":"), in: offset..<end) ?? end
            if stop == end, text.firstOffset(of: UInt8(ascii: "."), in: offset..<end) != nil {
                guard count <= 6, let tail = Self.ipv4(of: text, in: offset..<end) else { return nil }
                groups[count] = UInt16(truncatingIfNeeded: tail >> 16)
                groups[count + 1] = UInt16(truncatingIfNeeded: tail)
                count += 2
                break
            }
            guard let group = Self.group(text, offset..<stop) else { return nil }
            groups[count] = group
            count += 1
            guard stop < end else { break }
            offset = stop + 1
            guard offset < end else { return nil }
            if text.byte(at: offset) == UInt8(ascii: ":") {
                guard gap == nil else { return nil }
                gap = count
                offset += 1
            }
        }
        guard gap == nil ? count == 8 : count < 8 else { return nil }
        self.init(groups: groups, count: count, gap: gap ?? 8)
    }

    private init(groups: InlineArray<8, UInt16>, count: Int, gap: Int) {
        var high: UInt64 = 0
        var low: UInt64 = 0
        let zeros = 8 - count
        for index in 0..<8 {
            let value: UInt16
            if index < gap { value = groups[index] } else { value = index < gap + zeros ? 0 : groups[index - zeros] }
            if index < 4 { high = high << 16 | UInt64(value) } else { low = low << 16 | UInt64(value) }
        }
        self.init(high: high, low: low)
    }

    private static func group(_ text: RawSpan, _ range: Range<Int>) -> UInt16? {
        guard !range.isEmpty, range.count <= 4 else { return nil }
        var value: UInt16 = 0
        for index in range {
            guard let digit = ASCII.hexValue(text.byte(at: index)) else { return nil }
            value = value << 4 | UInt16(digit)
        }
        return value
    }

    /// Four decimal numbers below 256 with dots between them, no leading zeros.
    package static func ipv4(of text: borrowing RawSpan, in range: Range<Int>) -> UInt32? {
        guard range.count >= 7, range.count <= 15 else { return nil }
        var address: UInt32 = 0
        var octets = 0
        var digits = 0
        var octet: UInt32 = 0
        for index in range {
            let byte = text.byte(at: index)
            if ASCII.isDigit(byte) {
                guard digits < 3, digits == 0 || octet != 0 else { return nil }
                octet = octet * 10 + UInt32(byte &- UInt8(ascii: "0"))
                digits += 1
            } else {
                guard byte == UInt8(ascii: "."), digits > 0, octet <= 255, octets < 3 else { return nil }
                address = address << 8 | octet
                octets += 1
                octet = 0
                digits = 0
            }
        }
        guard octets == 3, digits > 0, octet <= 255 else { return nil }
        return address << 8 | octet
    }

    /// The address in its shortest usual form (RFC 5952): lower case, the longest run of zero groups as `::`.
    /// Allocates.
    package var text: String {
        if isIPv4 {
            return "\(ipv4 >> 24).\(ipv4 >> 16 & 255).\(ipv4 >> 8 & 255).\(ipv4 & 255)"
        }
        var gap = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, group(end) == 0 { end += 1 }
            if end - start > max(gap.count, 1) { gap = start..<end }
            start = end + 1
        }
        let left = (0..<(gap.isEmpty ? 8 : gap.lowerBound)).map { String(group($0), radix: 16) }.joined(separator: ":")
        guard !gap.isEmpty else { return left }
        return left + "::" + (gap.upperBound..<8).map { String(group($0), radix: 16) }.joined(separator: ":")
    }

    private func group(_ index: Int) -> UInt16 {
        UInt16(truncatingIfNeeded: (index < 4 ? high : low) >> UInt64(48 - 16 * (index & 3)))
    }
}
