import Events
import Testing

@Suite struct IPAddressTextTests {
    @Test(arguments: [
        ("1.2.3.4", "1.2.3.4"), ("255.255.255.255", "255.255.255.255"), ("0.0.0.0", "0.0.0.0"), ("::", "::"),
        ("::1", "::1"), ("1::", "1::"),
        ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:db8::0:1", "2001:db8::1"),
        ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
        ("1:0:3:4:5:6:7:8", "1:0:3:4:5:6:7:8"), ("::ffff:1.2.3.4", "1.2.3.4"), ("::FFFF:0102:0304", "1.2.3.4"),
        ("64:ff9b::192.0.2.1", "64:ff9b::c000:201"), ("[fe80::1]", "fe80::1"),
        ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
    ]) func textReadsAndWritesBack(_ text: String, _ expected: String) {
        let address = IPAddress(text)
        #expect(address?.text == expected)
        #expect(address.flatMap { IPAddress($0.text) } == address)
    }

    @Test(arguments: [
        "", ":", ":::", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.", ".1.2.3", "1.2.3.4 ", "a.b.c.d",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "1:2:3:4:5:6:7:8::", "::1%eth0", "fe80::1]", "[1.2.3.4]", "1:",
        "::1:", ":1::", "g::",
        "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3", "1.2.3.4:80", "-1.2.3.4", "1..2.3",
    ]) func otherTextIsNoAddress(_ text: String) { #expect(IPAddress(text) == nil) }

    @Test func randomAddressesSurviveTheirText() {
        let seed: UInt64 = 7
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            var high: UInt64 = random.next()
            var low: UInt64 = random.next()
            for shift in stride(from: UInt64(0), to: 64, by: 16) {
                if Bool.random(using: &random) { high &= ~(0xFFFF << shift) }
                if Bool.random(using: &random) { low &= ~(0xFFFF << shift) }
            }
            let address = IPAddress(high: high, low: low)
            #expect(IPAddress(address.text) == address, "\(address.text)")
        }
    }

    @Test func rangesHoldTheirAddressesOnly() throws {
        let ten = try #require(CIDR("10.1.2.3/8"))
        #expect(ten.text == "10.0.0.0/8")
        #expect(ten.contains(IPAddress(ipv4: 0x0AFF_FFFF)))
        #expect(!ten.contains(IPAddress(ipv4: 0x0B00_0000)))
        let documentation = try #require(CIDR("2001:db8::/33"))
        #expect(try documentation.contains(#require(IPAddress("2001:db8:7fff::1"))))
        #expect(try !documentation.contains(#require(IPAddress("2001:db8:8000::1"))))
        let all6 = try #require(CIDR("::/0"))
        #expect(!all6.contains(IPAddress(ipv4: 1)))
        #expect(try all6.contains(#require(IPAddress("ffff::"))))
        #expect(try #require(CIDR("0.0.0.0/0")).contains(IPAddress(ipv4: .max)))
        #expect(CIDR("::1")?.bits == 128)
        for text in ["10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/-1", "10.0.0/8", "/8", "10.0.0.0/8/8", ""] {
            #expect(CIDR(text) == nil, "\(text)")
        }
    }
}
