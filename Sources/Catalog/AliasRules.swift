/// What an alias's value may be, one rule a protocol: the form in which that vendor's clients send it.
package enum AliasRules {
    package static let aliasesPerSiteMax = 1_000
    /// The longest value of any protocol.
    package static let valueBytesMax = 255

    /// The value as it is stored, or an error that says what the protocol takes.
    package static func value(_ text: String, of named: AliasProtocol) throws(CatalogError) -> String {
        let stored =
            switch named {
            case .umami, .plausible: text.lowercased()
            case .ga4: text.uppercased()
            case .matomo, .snowplow, .segment, .posthog: text
            }
        guard fits(Array(stored.utf8), named) else {
            throw .invalid(field: "value", value: text, expected: expectation(of: named))
        }
        return stored
    }

    private static func fits(_ bytes: [UInt8], _ named: AliasProtocol) -> Bool {
        switch named {
        case .matomo: isMatomoSite(bytes)
        case .snowplow:
            (1...valueBytesMax).contains(bytes.count) && bytes.allSatisfy { isVisible($0) || $0 == space }
                && bytes.first != space && bytes.last != space
        case .plausible: isPlausibleDomain(bytes)
        case .umami: isUUID(bytes)
        case .ga4: isMeasurementID(bytes)
        case .segment:
            (1...128).contains(bytes.count) && bytes.allSatisfy { isVisible($0) && $0 != UInt8(ascii: ":") }
        case .posthog: (1...200).contains(bytes.count) && bytes.allSatisfy(isVisible)
        }
    }

    private static func expectation(of named: AliasProtocol) -> String {
        switch named {
        case .matomo: "Matomo's idsite: a whole number from 1 to 2147483647 without leading zeros"
        case .snowplow: "Snowplow's app id: 1 to 255 printable ASCII characters without spaces at the ends"
        case .plausible:
            "the domain that Plausible's clients send, such as shop.example or shop.example/blog: "
                + "at most 253 letters, digits and . - _ ~ /"
        case .umami: "Umami's website id: a UUID such as 0b1c2d3e-4f50-4a6b-8c7d-9e0f1a2b3c4d"
        case .ga4: "a measurement id such as G-1A2B3C4D5E: G- and 4 to 20 letters and digits"
        case .segment: "Segment's or RudderStack's write key: 1 to 128 printable ASCII characters without spaces and :"
        case .posthog: "PostHog's project token: 1 to 200 printable ASCII characters without spaces"
        }
    }

    private static let space = UInt8(ascii: " ")

    private static func isVisible(_ byte: UInt8) -> Bool { byte > space && byte < 0x7F }
    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
    private static func isSmallLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte) }

    private static func isMatomoSite(_ bytes: [UInt8]) -> Bool {
        guard (1...10).contains(bytes.count), bytes[0] != UInt8(ascii: "0"), bytes.allSatisfy(isDigit) else {
            return false
        }
        return bytes.reduce(Int64(0)) { $0 * 10 + Int64($1 - 48) } <= Int32.max
    }

    /// A host in small letters, with what may stand behind it in a site's name at Plausible.
    private static func isPlausibleDomain(_ bytes: [UInt8]) -> Bool {
        let marks = Array(".-_~/".utf8)
        guard (1...253).contains(bytes.count), isDigit(bytes[0]) || isSmallLetter(bytes[0]) else { return false }
        return bytes.allSatisfy { isDigit($0) || isSmallLetter($0) || marks.contains($0) }
    }

    /// 8-4-4-4-12 hexadecimal digits (RFC 9562, section 4), in small letters.
    private static func isUUID(_ bytes: [UInt8]) -> Bool {
        guard bytes.count == 36 else { return false }
        return bytes.enumerated().allSatisfy { place, byte in
            [8, 13, 18, 23].contains(place)
                ? byte == UInt8(ascii: "-") : isDigit(byte) || (97...102).contains(byte)
        }
    }

    private static func isMeasurementID(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: "G-".utf8) && (4...20).contains(bytes.count - 2)
            && bytes.dropFirst(2).allSatisfy { isDigit($0) || (65...90).contains($0) }
    }
}
