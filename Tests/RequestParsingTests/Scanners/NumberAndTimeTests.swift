import Events
import Foundation
import RequestParsing
import Testing

struct NumberAndTimeTests {
    private func micros(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        return DecimalText.micros(bytes.span.bytes)
    }

    private func time(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        return TimeText.timestamp(bytes.span.bytes)?.milliseconds
    }

    @Test(
        "decimal text becomes millionths",
        arguments: [
            ("0", 0), ("1", 1_000_000), ("12.30", 12_300_000), ("-12.30", -12_300_000), ("+1", 1_000_000),
            ("007", 7_000_000),
            ("0.000001", 1), ("0.0000005", 1), ("0.0000004999", 0), ("-0.0000005", -1),
            ("0.30000000000000004", 300_000),
            ("1e2", 100_000_000), ("1.5E-3", 1_500), ("1e-99", 0), ("0e99", 0), ("9223372036854.775807", .max),
            ("-9223372036854.775808", .min), ("9223372036854.7758074", .max),
            ("00000000000000000000000001.5", 1_500_000),
            ("0.1234567890123456789012345", 123_457), ("123456789e-9", 123_457), ("1.9999999", 2_000_000),
        ] as [(String, Int64)])
    func readsDecimals(text: String, expected: Int64) { #expect(micros(text) == expected) }

    @Test(
        "what is no decimal within 64 bits is refused",
        arguments: [
            "", "-", "+", ".5", "1.", "1e", "1e+", "1,5", "1 ", " 1", "0x1", "abc", "1e100", "1e-100",
            "9223372036854.775808",
            "-9223372036854.775809", "1e13", "99999999999999999999", "--1", "1.2.3", "NaN", "١",
            String(repeating: "0", count: 65),
        ])
    func refusesDecimals(text: String) { #expect(micros(text) == nil) }

    @Test(arguments: [21, 22] as [UInt64])
    func agreesWithFoundationsDecimal(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<3_000 {
            let whole = String(
                UInt64.random(in: 0...9_000_000_000, using: &random) >> UInt64.random(in: 0...33, using: &random))
            let places = Int.random(in: 0...9, using: &random)
            let fraction = (0..<places).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
            let sign = Bool.random(using: &random) ? "-" : ""
            let text = sign + whole + (fraction.isEmpty ? "" : "." + fraction)
            guard var exact = Decimal(string: text) else { continue }
            exact *= 1_000_000
            var rounded = Decimal()
            NSDecimalRound(&rounded, &exact, 0, .plain)
            #expect(micros(text) == Int64(rounded.description), "seed \(seed): \(text)")
        }
    }

    @Test(
        "times are read",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-11-22T13:37:09Z", 1_795_354_629_000),
            ("2026-11-22T14:37:09.25+01:00", 1_795_354_629_250),
            ("2026-11-22t13:37:09z", 1_795_354_629_000), ("2026-11-22 13:37:09Z", 1_795_354_629_000),
            ("2026-11-22T13:37:09.123999999Z", 1_795_354_629_123), ("2026-11-22T13:37:09-00:00", 1_795_354_629_000),
            ("2016-12-31T23:59:60Z", 1_483_228_799_999), ("2024-02-29T00:00:00Z", 1_709_164_800_000),
            ("1969-12-31T23:59:59.999Z", -1), ("0000-01-01T00:00:00Z", -62_167_219_200_000),
            ("9999-12-31T23:59:59.999Z", 253_402_300_799_999), ("1795354629000", 1_795_354_629_000),
            ("1795354629000.9999999", 1_795_354_629_000), ("1.795354629e12", 1_795_354_629_000), ("-1", -1), ("0", 0),
        ] as [(String, Int64)])
    func readsTimes(text: String, expected: Int64) { #expect(time(text) == expected) }

    @Test(
        "what is no time is refused",
        arguments: [
            "", "now", "2026-11-22", "2026-11-22T13:37:09", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-11-22T24:00:00Z", "2026-11-22T13:60:00Z", "2026-11-22T13:37:61Z", "2026-11-22T13:37:09.Z",
            "2026-11-22T13:37:09+1:00",
            "2026-11-22T13:37:09+24:00", "2026-11-22T13:37:09ZZ", "2026-11-22T13:37:09Z ", "9223372036854775807",
            "1e99",
            "253402300800000", "2026/11/22T13:37:09Z", "0000-01-01T00:00:00+00:01",
            "2026-11-22T13:37:09." + String(repeating: "1", count: 33) + "Z",
        ])
    func refusesTimes(text: String) { #expect(time(text) == nil) }

    @Test(arguments: [31, 32] as [UInt64])
    func agreesWithFoundationsCalendar(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let milliseconds = Int64.random(in: -2_000_000_000...253_000_000_000, using: &random) * 1_000
            let text = ISO8601DateFormatter().string(from: Date(timeIntervalSince1970: Double(milliseconds) / 1_000))
            #expect(time(text) == milliseconds, "seed \(seed): \(text)")
        }
    }

    @Test func everyTruncationOfAnRFC3339TimeIsRefused() {
        let text = Array("2026-11-22T13:37:09.250+01:00".utf8)
        #expect(TimeText.rfc3339(text.span.bytes) != nil)
        for count in 0..<text.count {
            #expect(TimeText.rfc3339(text.span.bytes.extracting(0..<count)) == nil, "cut at \(count)")
        }
    }
}
