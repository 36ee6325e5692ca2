internal import Crypto
package import Events

/// HMAC-SHA256 under one key, cut to 128 bits. The key's two blocks are absorbed once, so a short message costs two
/// compressions. No allocation a message.
///
/// Source: RFC 2104; truncation to half of the output as its section 5 allows.
package struct KeyedHash: Sendable {
    private let inner: SHA256
    private let outer: SHA256

    /// The key: 64 bytes at most, else it is hashed first.
    package init(key: [UInt8]) {
        var block = key
        if block.count > 64 { block = Array(SHA256.hash(data: key)) }
        block += [UInt8](repeating: 0, count: 64 - block.count)
        var inner = SHA256()
        var outer = SHA256()
        let innerBlock = block.map { $0 ^ 0x36 }
        let outerBlock = block.map { $0 ^ 0x5C }
        KeyedHash.absorb(innerBlock.span.bytes, into: &inner)
        KeyedHash.absorb(outerBlock.span.bytes, into: &outer)
        self.inner = inner
        self.outer = outer
    }

    /// A message being written.
    package struct Message {
        fileprivate var hash: SHA256

        package mutating func append(_ bytes: borrowing RawSpan) { KeyedHash.absorb(bytes, into: &hash) }

        /// Little-endian.
        package mutating func append(_ word: UInt64) {
            withUnsafeBytes(of: word.littleEndian) { hash.update(bufferPointer: $0) }
        }
    }

    package func begin() -> Message { Message(hash: inner) }

    /// The first 16 bytes of the HMAC.
    package func finish(_ message: Message) -> ID128 {
        var last = outer
        message.hash.finalize().withUnsafeBytes { last.update(bufferPointer: $0) }
        return last.finalize().withUnsafeBytes { digest in
            // SAFETY: a SHA-256 digest has 32 bytes, so both loads are inside it.
            ID128(
                low: UInt64(littleEndian: digest.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                high: UInt64(littleEndian: digest.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        }
    }

    /// One message of one piece.
    package func hash(_ bytes: borrowing RawSpan) -> ID128 {
        var message = begin()
        message.append(bytes)
        return finish(message)
    }

    private static func absorb(_ bytes: borrowing RawSpan, into hash: inout SHA256) {
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
    }
}
