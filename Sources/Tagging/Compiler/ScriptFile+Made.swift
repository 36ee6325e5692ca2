internal import CZlib
package import Catalog
internal import Crypto

extension ScriptFile {
    /// A file of these bytes, named after them: `VERSION-HASH.ROLE.js`, the hash being the first 24 hexadecimal
    /// digits of SHA-256. The gzip form is made at level 9 with a header without time and
    /// name, so that the same bytes give the same file. About 40 ms for 512 KiB.
    package static func made(version: Int, role: String? = nil, _ bytes: [UInt8]) -> ScriptFile {
        let digits = Array("0123456789abcdef".utf8)
        let hash = SHA256.hash(data: bytes).prefix(12).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        let name = "\(version)-\(String(decoding: hash, as: UTF8.self))" + (role.map { "." + $0 } ?? "") + ".js"
        return ScriptFile(
            name: name, bytes: bytes, gzip: gzipped(bytes),
            integrity: "sha384-" + base64(Array(SHA384.hash(data: bytes))))
    }

    /// The same with the smallest gzip form that is known: `SmallDeflate`'s, where it is smaller and zlib reads the same
    /// bytes in it. About 0.1 s for 20 KB, at most 2 s.
    package func packed() -> ScriptFile {
        guard let small = SmallDeflate.compressed(bytes), ScriptFile.inflated(small, bytes.count) == bytes else {
            return self
        }
        var result = self
        let data = ScriptFile.member(small, bytes)
        if data.count < gzip.count { result.gzip = data }
        return result
    }

    /// RFC 1952, one member: with zlib's data at level 9. Where zlib has no memory, stored blocks: still gzip, not smaller.
    private static func gzipped(_ bytes: [UInt8]) -> [UInt8] { member(deflated(bytes) ?? stored(bytes), bytes) }

    private static func member(_ data: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 255]
        result += data
        // SAFETY: the buffer is read within the closure only.
        let sum = bytes.withUnsafeBufferPointer { crc32(0, $0.baseAddress, uInt($0.count)) }
        for value in [UInt32(truncatingIfNeeded: sum), UInt32(truncatingIfNeeded: bytes.count)] {
            for shift in stride(from: 0, to: 32, by: 8) { result.append(UInt8(truncatingIfNeeded: value >> shift)) }
        }
        return result
    }

    private static func deflated(_ bytes: [UInt8]) -> [UInt8]? {
        var stream = z_stream()
        let ready = deflateInit2_(
            &stream, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard ready == Z_OK else { return nil }
        defer { deflateEnd(&stream) }
        var content = bytes
        var room = [UInt8](repeating: 0, count: Int(deflateBound(&stream, uLong(bytes.count))))
        let capacity = room.count
        // SAFETY: both buffers outlive the one call that uses them; zlib writes no more than `avail_out`.
        let status = content.withUnsafeMutableBufferPointer { source in
            room.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = uInt(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = uInt(capacity)
                return deflate(&stream, Z_FINISH)
            }
        }
        guard status == Z_STREAM_END else { return nil }
        room.removeLast(Int(stream.avail_out))
        return room
    }

    /// What zlib reads in DEFLATE data that gives `count` bytes; nil where it gives others, or cannot be read.
    private static func inflated(_ data: [UInt8], _ count: Int) -> [UInt8]? {
        var stream = z_stream()
        let ready = inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard ready == Z_OK else { return nil }
        defer { inflateEnd(&stream) }
        var content = data
        var room = [UInt8](repeating: 0, count: count)
        // SAFETY: both buffers outlive the one call that uses them; zlib writes no more than `avail_out`.
        let status = content.withUnsafeMutableBufferPointer { source in
            room.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = uInt(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = uInt(target.count)
                return inflate(&stream, Z_FINISH)
            }
        }
        return status == Z_STREAM_END && stream.avail_out == 0 ? room : nil
    }

    private static func stored(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var start = 0
        repeat {
            let end = min(bytes.count, start + 65_535)
            let count = UInt16(truncatingIfNeeded: end - start)
            result.append(end == bytes.count ? 1 : 0)
            for value in [count, ~count] {
                result.append(UInt8(truncatingIfNeeded: value))
                result.append(UInt8(truncatingIfNeeded: value >> 8))
            }
            result += bytes[start..<end]
            start = end
        } while start < bytes.count
        return result
    }

    /// RFC 4648, section 4. The count of a SHA-384, 48, is a multiple of 3: no padding is ever needed.
    private static func base64(_ bytes: [UInt8]) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var result: [UInt8] = []
        for start in stride(from: 0, to: bytes.count - bytes.count % 3, by: 3) {
            let group = UInt32(bytes[start]) << 16 | UInt32(bytes[start + 1]) << 8 | UInt32(bytes[start + 2])
            for shift in [18, 12, 6, 0] { result.append(letters[Int(group >> UInt32(shift) & 63)]) }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
