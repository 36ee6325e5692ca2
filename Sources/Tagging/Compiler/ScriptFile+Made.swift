internal import CDeflate
package import Catalog
internal import Crypto

extension ScriptFile {
    /// A file of these bytes, named after them: `VERSION-HASH.ROLE.js`, the hash being the first 24 hexadecimal
    /// digits of SHA-256. The gzip form has a header without time and name, so
    /// that the same bytes give the same file; it is made by libdeflate at its highest level, as it is made once and sent
    /// often (2 % smaller than zlib's on scripts).
    package static func made(version: Int, role: String? = nil, _ bytes: [UInt8]) -> ScriptFile {
        let digits = Array("0123456789abcdef".utf8)
        let hash = SHA256.hash(data: bytes).prefix(12).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        let name = "\(version)-\(String(decoding: hash, as: UTF8.self))" + (role.map { "." + $0 } ?? "") + ".js"
        return ScriptFile(
            name: name, bytes: bytes, gzip: gzipped(bytes),
            integrity: "sha384-" + base64(Array(SHA384.hash(data: bytes))))
    }

    /// RFC 1952, one member without time and name. Where there is no memory, stored blocks: still gzip, not smaller.
    private static func gzipped(_ bytes: [UInt8]) -> [UInt8] {
        guard let compressor = libdeflate_alloc_compressor(levelMax) else { return stored(bytes) }
        defer { libdeflate_free_compressor(compressor) }
        var room = [UInt8](repeating: 0, count: libdeflate_gzip_compress_bound(compressor, bytes.count))
        // SAFETY: both buffers outlive the one call that uses them, which writes no more than `count` bytes.
        let count = bytes.withUnsafeBytes { source in
            room.withUnsafeMutableBytes { target in
                libdeflate_gzip_compress(
                    compressor, source.baseAddress, source.count, target.baseAddress, target.count)
            }
        }
        guard count > 0, count <= room.count else { return stored(bytes) }
        room.removeLast(room.count - count)
        return room
    }

    private static let levelMax: Int32 = 12

    private static func stored(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
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
        let sum = bytes.withUnsafeBytes { libdeflate_crc32(0, $0.baseAddress, $0.count) }
        for value in [sum, UInt32(truncatingIfNeeded: bytes.count)] {
            for shift in stride(from: 0, to: 32, by: 8) { result.append(UInt8(truncatingIfNeeded: value >> shift)) }
        }
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
