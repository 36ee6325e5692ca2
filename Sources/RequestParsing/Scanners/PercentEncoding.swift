internal import Events

/// Percent encoding for one value of a query or one part of a path.
package enum PercentEncoding {
    private static let digits: StaticString = "0123456789ABCDEF"

    /// Appends `text`, every byte but the unreserved ones (letters, digits, `-._~`) as `%XX`. Source: RFC 3986, 2.3.
    package static func append(_ text: borrowing RawSpan, to bytes: inout [UInt8]) {
        for offset in 0..<text.byteCount {
            let byte = text.byte(at: offset)
            switch byte {
            case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): bytes.append(byte)
            case _ where ASCII.isAlphanumeric(byte): bytes.append(byte)
            default:
                bytes.append(UInt8(ascii: "%"))
                digits.withUTF8Buffer { digits in
                    bytes.append(digits[Int(byte >> 4)])
                    bytes.append(digits[Int(byte & 15)])
                }
            }
        }
    }
}
