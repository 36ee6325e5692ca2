internal import CZlib
internal import Events

/// Unpacks one gzip stream as its bytes arrive, never beyond an absolute size: a bomb costs what `outputBytesMax`
/// allows plus about 56 KiB of zlib's window and a scratch piece, whatever it would unpack to.
package struct GzipInflater: ~Copyable {
    package enum Outcome: Equatable, Sendable {
        /// All input is used; the stream goes on.
        case needsMore
        /// The stream is over, its checksum is right, and no byte followed.
        case finished
        /// No gzip, a wrong checksum, bytes after the end, or no memory for zlib.
        case corrupt
        case tooLarge
    }

    private static let pieceBytes = 16 << 10
    private let stream: UnsafeMutablePointer<z_stream>
    private var outcome: Outcome

    /// Allocates zlib's state.
    package init() {
        // SAFETY: zlib keeps a pointer to its z_stream, so it lives at one address from here until deinit frees it.
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let code = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
        outcome = code == Z_OK ? .needsMore : .corrupt
    }

    deinit {
        inflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    /// Whether bytes begin as a gzip stream with deflate (RFC 1952 2.3.1): for bodies whose sender forgot to say so.
    package static func hasMagic(_ bytes: borrowing RawSpan) -> Bool {
        bytes.byteCount >= 3 && bytes.byte(at: 0) == 0x1F && bytes.byte(at: 1) == 0x8B && bytes.byte(at: 2) == 8
    }

    /// Appends what `input` unpacks to; `output` never grows beyond `outputBytesMax`.
    package mutating func inflate(_ input: RawSpan, into output: inout [UInt8], outputBytesMax: Int) -> Outcome {
        guard input.byteCount > 0 else { return outcome }
        guard outcome == .needsMore else {
            if outcome == .finished { outcome = .corrupt }
            return outcome
        }
        // SAFETY: next_in points into `input` and next_out into the scratch piece only inside the closures that lend
        // them; zlib writes at most avail_out bytes, and reads at most avail_in.
        outcome = input.withUnsafeBytes { source in
            withUnsafeTemporaryAllocation(byteCount: Self.pieceBytes, alignment: 8) { piece in
                stream.pointee.next_in = UnsafeMutablePointer(
                    mutating: source.bindMemory(to: UInt8.self).baseAddress)
                stream.pointee.avail_in = UInt32(clamping: source.count)
                while true {
                    stream.pointee.next_out = piece.bindMemory(to: UInt8.self).baseAddress
                    stream.pointee.avail_out = UInt32(clamping: Self.pieceBytes)
                    let code = CZlib.inflate(stream, Z_NO_FLUSH)
                    let made = Self.pieceBytes - Int(stream.pointee.avail_out)
                    guard made <= outputBytesMax - output.count else { return .tooLarge }
                    output.append(contentsOf: piece[0..<made])
                    if code == Z_STREAM_END { return stream.pointee.avail_in == 0 ? .finished : .corrupt }
                    guard code == Z_OK || (code == Z_BUF_ERROR && made == 0) else { return .corrupt }
                    if stream.pointee.avail_in == 0, stream.pointee.avail_out > 0 { return .needsMore }
                    if code == Z_BUF_ERROR { return .needsMore }
                }
            }
        }
        stream.pointee.next_in = nil
        stream.pointee.next_out = nil
        return outcome
    }
}
