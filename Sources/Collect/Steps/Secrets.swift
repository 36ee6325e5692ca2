// The server's lasting secrets.
//
// Constraints: made once, at the first start, from the system's random source; readable by their owner alone; in no
// backup of the data directory. Losing them ends every identifier cookie and every link between logins and their hashes.
//
// Layout of DIR/secrets, 113 bytes
//   offset  bytes
//   0       8     "HLSECR1\n"
//   8       32    cookie key
//   40      32    identifier key: logins, client-side ids
//   72      32    idempotency key
//   104     8     SipHash of bytes 0 to 103 under a zero key, its low word: finds damage, keeps nobody out
//   112     1     "\n"
//
// Life cycle: created whole by link(2), so that two processes that start together use the same ones; never rewritten.

package import Events

/// Three keys of 32 random bytes each.
package struct Secrets: Sendable {
    package let cookieKey: [UInt8]
    package let identifierKey: [UInt8]
    package let idempotencyKey: [UInt8]
    private static let magic = Array("HLSECR1\n".utf8)
    private static let byteCount = 113

    /// Fresh ones, for tests and throw-away runs.
    package static func random() -> Secrets {
        Secrets(cookieKey: randomKey(), identifierKey: randomKey(), idempotencyKey: randomKey())
    }

    /// Reads `directory/secrets`, or makes it where there is none. Refuses a file that others may read, and one that is
    /// short or damaged. Blocks.
    package static func load(directory: String) throws(PrivacyError) -> Secrets {
        let file = PrivateFile(directory: directory, name: "secrets")
        if let bytes = try file.read() { return try decode(bytes, file.path) }
        let fresh = random()
        if try file.create(fresh.encoded()) { return fresh }
        guard let bytes = try file.read() else { throw .damaged(file: file.path, reason: "gone while it was read") }
        return try decode(bytes, file.path)
    }

    /// The idempotency key as SipHash takes it.
    package var idempotencySipKey: ID128 {
        ID128(idempotencyKey.span.bytes) ?? ID128(low: 0, high: 0)
    }

    static func randomKey() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<32).map { _ in UInt8.random(in: 0 ... .max, using: &generator) }
    }

    private func encoded() -> [UInt8] {
        var bytes = Secrets.magic + cookieKey + identifierKey + idempotencyKey
        let sum = Secrets.checksum(bytes[...])
        for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: sum >> UInt64(shift * 8))) }
        return bytes + [0x0A]
    }

    private static func decode(_ bytes: [UInt8], _ path: String) throws(PrivacyError) -> Secrets {
        guard bytes.count == byteCount else {
            throw .damaged(file: path, reason: "\(bytes.count) bytes, expected \(byteCount)")
        }
        guard Array(bytes[..<8]) == magic else { throw .damaged(file: path, reason: "not a secrets file") }
        guard bytes.span.bytes.littleEndianUInt64(at: 104) == checksum(bytes[..<104]) else {
            throw .damaged(file: path, reason: "checksum does not match")
        }
        return Secrets(
            cookieKey: Array(bytes[8..<40]), identifierKey: Array(bytes[40..<72]),
            idempotencyKey: Array(bytes[72..<104]))
    }

    static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        var hash = SipHash(key: ID128(low: 0, high: 0))
        let copy = Array(bytes)
        hash.update(copy.span.bytes)
        return hash.finish().low
    }
}
