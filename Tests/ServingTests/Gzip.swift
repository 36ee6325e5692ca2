import CZlib

/// Packs test bodies.
enum Gzip {
    static func pack(_ bytes: [UInt8]) -> [UInt8] { pack(pieces: [bytes]) }

    /// So many mebibytes of zeros, packed.
    static func bomb(mebibytes: Int) -> [UInt8] {
        pack(pieces: Array(repeating: [UInt8](repeating: 0, count: 1 << 20), count: mebibytes))
    }

    private static func pack(pieces: [[UInt8]]) -> [UInt8] {
        var stream = z_stream()
        deflateInit2_(
            &stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
        var packed: [UInt8] = []
        var output = [UInt8](repeating: 0, count: 1 << 16)
        for (index, piece) in pieces.enumerated() {
            var input = piece
            // SAFETY: zlib reads and writes the two arrays inside the closures that lend them.
            input.withUnsafeMutableBufferPointer { source in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                repeat {
                    output.withUnsafeMutableBufferPointer { target in
                        stream.next_out = target.baseAddress
                        stream.avail_out = UInt32(target.count)
                        deflate(&stream, index == pieces.count - 1 ? Z_FINISH : Z_NO_FLUSH)
                    }
                    packed += output[..<(output.count - Int(stream.avail_out))]
                } while stream.avail_out == 0
            }
        }
        deflateEnd(&stream)
        return packed
    }
}
