/// An amount in millionths of a unit with its ISO 4217 code: exact decimals, no binary fraction.
package struct Money: Hashable, Sendable {
    package var micros: Int64
    package var currency: CurrencyCode
    package init(micros: Int64, currency: CurrencyCode) {
        self.micros = micros
        self.currency = currency
    }
}

/// Three upper-case letters, packed.
package struct CurrencyCode: Hashable, Sendable, CustomStringConvertible {
    package let rawValue: UInt32

    /// nil unless the bytes are exactly three ASCII letters; case is folded.
    package init?(_ bytes: RawSpan) {
        guard bytes.byteCount == 3 else { return nil }
        var packed: UInt32 = 0
        for index in 0..<3 {
            let upper = bytes.byte(at: index) & 0xDF
            guard upper >= 65, upper <= 90 else { return nil }
            packed |= UInt32(upper) << UInt32(index * 8)
        }
        rawValue = packed
    }

    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        self.init(bytes.span.bytes)
    }

    package var description: String {
        String(decoding: (0..<3).map { UInt8(truncatingIfNeeded: rawValue >> UInt32($0 * 8)) }, as: UTF8.self)
    }
}
