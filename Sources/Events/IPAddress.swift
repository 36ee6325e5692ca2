/// An IPv4 or IPv6 address in network order: the first byte is the highest byte of `high`. IPv4 is held as
/// IPv4-mapped IPv6 (`::ffff:a.b.c.d`), so a mapped address and a plain one are the same value.
package struct IPAddress: Hashable, Sendable {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package init(ipv4: UInt32) { self.init(high: 0, low: 0xFFFF_0000_0000 | UInt64(ipv4)) }

    package var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }
    package var ipv4: UInt32 { UInt32(truncatingIfNeeded: low) }

    /// The address with all but the first `bits` bits zero; `bits` counts in the address's own family.
    package func masked(toPrefix bits: Int) -> IPAddress {
        let bits = isIPv4 ? 96 + min(max(bits, 0), 32) : min(max(bits, 0), 128)
        let highMask: UInt64 = bits >= 64 ? .max : bits == 0 ? 0 : ~(.max >> UInt64(bits))
        let lowMask: UInt64 = bits >= 128 ? .max : bits <= 64 ? 0 : ~(.max >> UInt64(bits - 64))
        return IPAddress(high: high & highMask, low: low & lowMask)
    }

    /// 4 or 16 bytes in network order.
    package var networkBytes: [UInt8] {
        let all = [high, low].flatMap { word in
            stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt64($0)) }
        }
        return isIPv4 ? Array(all[12...]) : all
    }
}
