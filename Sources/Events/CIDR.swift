/// A range of addresses, written `10.0.0.0/8`, `2001:db8::/32` or as one address.
package struct CIDR: Hashable, Sendable, CustomStringConvertible {
    /// What `init(exact:)` takes, for messages.
    package static let expectation = "a network such as 10.0.0.0/8 or 2001:db8::/32, its host bits zero"

    package let prefix: IPAddress
    /// Counted in the family of `prefix`: 0 ... 32 or 0 ... 128.
    package let bits: Int

    /// Bits of the address after `bits` are cut off; `bits` outside its family's range is held at the ends.
    package init(_ address: IPAddress, bits: Int) {
        self.bits = min(max(bits, 0), address.isIPv4 ? 32 : 128)
        prefix = address.masked(toPrefix: self.bits)
    }

    /// Nil where the text is no address with an optional `/bits` that fits its family. Host bits are cut off.
    package init?(_ text: String) {
        guard let (address, bits) = CIDR.parts(text) else { return nil }
        self.init(address, bits: bits)
    }

    /// The same, but nil where a host bit is set: what people configure is then what they meant.
    package init?(exact text: String) {
        guard let (address, bits) = CIDR.parts(text), address.masked(toPrefix: bits) == address else { return nil }
        self.init(address, bits: bits)
    }

    private static func parts(_ text: String) -> (IPAddress, bits: Int)? {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, first.first != "[", let address = IPAddress(String(first)) else { return nil }
        let whole = address.isIPv4 ? 32 : 128
        guard parts.count == 2 else { return (address, whole) }
        guard parts[1].utf8.count <= 3, parts[1].utf8.allSatisfy(ASCII.isDigit), let bits = Int(parts[1]), bits <= whole
        else { return nil }
        return (address, bits)
    }

    /// Whether the address lies in the range; two words compared. Families are kept apart: `::/0` holds every IPv6
    /// address and no IPv4 one, `0.0.0.0/0` the reverse.
    package func contains(_ address: IPAddress) -> Bool {
        address.isIPv4 == prefix.isIPv4 && address.masked(toPrefix: bits) == prefix
    }

    /// `10.0.0.0/8`; one address is written without bits.
    package var text: String { bits == (prefix.isIPv4 ? 32 : 128) ? prefix.text : "\(prefix.text)/\(bits)" }
    package var description: String { text }
}
