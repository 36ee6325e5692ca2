internal import CZlib

/// Compresses and expands one block. Allocates its result; zlib takes another 256 KiB while it works.
enum BlockCompression {
    /// The block's stored bytes; `none` where the codec would not make them smaller.
    static func compress(_ content: [UInt8], with codec: BlockCodec) -> (codec: BlockCodec, stored: [UInt8]) {
        guard codec == .zlib else { return (.none, content) }
        var stored = [UInt8](repeating: 0, count: Int(compressBound(uLong(content.count))))
        var count = uLongf(stored.count)
        // SAFETY: `count` is the room in `stored`; zlib writes no further.
        let status = stored.withUnsafeMutableBufferPointer { target in
            content.withUnsafeBufferPointer {
                compress2(target.baseAddress, &count, $0.baseAddress, uLong($0.count), 1)
            }
        }
        guard status == Z_OK, Int(count) < content.count else { return (.none, content) }
        stored.removeLast(stored.count - Int(count))
        return (.zlib, stored)
    }

    /// The content again; nil when the stored bytes do not expand to exactly `contentBytes`.
    static func expand(_ stored: [UInt8], codec: BlockCodec, contentBytes: Int) -> [UInt8]? {
        guard contentBytes >= 0, contentBytes <= SealedFormat.blockContentMax else { return nil }
        switch codec {
        case .none: return stored.count == contentBytes ? stored : nil
        case .zlib:
            var content = [UInt8](repeating: 0, count: contentBytes)
            var count = uLongf(contentBytes)
            // SAFETY: `count` is the room in `content`; zlib writes no further.
            let status = content.withUnsafeMutableBufferPointer { target in
                stored.withUnsafeBufferPointer {
                    uncompress(target.baseAddress, &count, $0.baseAddress, uLong($0.count))
                }
            }
            return status == Z_OK && Int(count) == contentBytes ? content : nil
        }
    }
}
