import Events
import RequestParsing
import Testing

/// What Accept-Encoding and If-None-Match mean.
@Suite struct ConditionTests {
    @Test(arguments: [
        ([], ContentCoding.identity),
        ([""], .identity),
        (["gzip, deflate, br, zstd"], .gzip),
        (["GZip"], .gzip),
        (["x-gzip"], .gzip),
        (["br"], .identity),
        (["deflate, br;q=1.0, *;q=0.5"], .gzip),
        (["*"], .gzip),
        (["gzip;q=0"], .identity),
        (["gzip; q=0.000"], .identity),
        (["gzip;q=0, *"], .identity),
        (["*;q=0, gzip"], .gzip),
        (["*;q=0"], .identity),
        (["identity;q=0"], .gzip),
        (["identity;q=0, gzip;q=0"], .identity),
        (["identity;q=0, *;q=0"], .identity),
        (["identity;q=0, gzip;q=0.001"], .gzip),
        (["identity, gzip"], .gzip),
        (["identity, gzip;q=0.999"], .identity),
        (["identity;q=0.5, gzip;q=0.8"], .gzip),
        (["identity, *;q=0.5"], .identity),
        (["gzip;q=0.5"], .gzip),
        (["gzip\t;\tQ=1.000"], .gzip),
        (["gzip;q=1.001"], .identity),
        (["gzip;q=2"], .identity),
        (["gzip;q=-1"], .identity),
        (["gzip;q="], .identity),
        (["gzip;q=0.1234"], .identity),
        (["gzip;level=9"], .identity),
        (["gzip;"], .identity),
        (["gzipped, agzip, gzi"], .identity),
        ([",,;q=1,,"], .identity),
        (["br", "gzip"], .gzip),
        (["gzip", "gzip;q=0"], .identity),
    ])
    func theCodingIsTheHeavier(_ lines: [String], _ wanted: ContentCoding) {
        var accepted = AcceptedCodings()
        for line in lines {
            let bytes = Array(line.utf8)
            accepted.read(0..<bytes.count, in: bytes.span.bytes)
        }
        let preferred = accepted.preferred
        #expect(preferred == wanted, "\(lines)")
    }

    @Test(arguments: [
        ("", false),
        ("*", true),
        (" * ,", true),
        ("*x", false),
        ("*, \"a\"", false),
        ("\"abc\"", true),
        ("W/\"abc\"", true),
        ("w/\"abc\"", false),
        ("\"x\", \"abc\"", true),
        ("\"x\",\"y\" ,, W/\"abc\",\"z\"", true),
        ("\"a,\"abc\"", false),
        ("\"x,\", \"abc\"", true),
        ("\"x, \\\", \"abc\"", true),
        ("abc", false),
        ("abc, \"abc\"", true),
        ("\"abc", false),
        ("\"ABC\"", false),
        ("\"abcd\", \"ab\"", false),
        ("W/", false),
        ("W/\"", false),
        ("\"", false),
        ("\"\"", false),
    ])
    func anEntityTagIsFoundInAList(_ value: String, _ wanted: Bool) {
        let (bytes, tag) = (Array(value.utf8), Array("\"abc\"".utf8))
        let isNamed = bytes.span.bytes.namesEntityTag(tag.span.bytes)
        #expect(isNamed == wanted, "\(value)")
    }

    /// Whatever stands in either header, reading it ends and stays inside.
    @Test func anyBytesAreRead() {
        var random = SeededGenerator(seed: 7)
        let alphabet = Array("gzip identity*;q=01.5,\"W/abc\t".utf8) + [0x80, 0xFF]
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...24, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            var accepted = AcceptedCodings()
            accepted.read(0..<bytes.count, in: bytes.span.bytes)
            let tag = Array("\"abc\"".utf8)
            let isNamed = bytes.span.bytes.namesEntityTag(tag.span.bytes)
            let isInside = String(decoding: bytes, as: UTF8.self).contains("\"abc\"")
            let isEverything = bytes.contains(UInt8(ascii: "*"))
            #expect(!isNamed || isInside || isEverything, "\(bytes)")
        }
    }
}
