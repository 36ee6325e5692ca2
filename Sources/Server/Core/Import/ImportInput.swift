internal import CZlib
internal import Foundation

/// The bytes of one file of an import, unpacked where it is gzip (by its first bytes; several members one after another
/// are one text, as rotated logs are joined). Used by one thread.
///
/// Memory: 64 KiB of packed bytes and zlib's window. Reading blocks.
///
/// SAFETY: `stream` lives at one address from `init` to `deinit`, as zlib asks; its pointers into arrays are set and
/// used within one call.
final class ImportInput {
    static let pieceBytes = 256 << 10
    private static let packedBytes = 64 << 10

    let path: String
    /// Bytes of the file read so far, packed ones where it is packed.
    private(set) var bytesRead = 0
    /// The file's size; nil for what has none.
    let bytesTotal: Int?
    private let descriptor: Int32
    private var packed: [UInt8] = []
    private var packedStart = 0
    private var isAtEnd = false
    private var isGzip: Bool?
    private var isBetweenMembers = false
    private let stream: UnsafeMutablePointer<z_stream>

    /// Opens the file, or takes standard input for `-`.
    init(path: String) throws(ImportError) {
        self.path = path == "-" ? "standard input" : path
        descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        // SAFETY: freed in deinit, which runs also when this throws, since every field has its value by then.
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        self.stream = stream
        stream.initialize(to: z_stream())
        var problem: String?
        var status = stat()
        if descriptor < 0 || fstat(descriptor, &status) != 0 {
            problem = "cannot be read: \(SystemCall.message(errno))"
        } else if status.st_mode & S_IFMT == S_IFDIR {
            problem = "is a directory"
        } else if inflateInit2_(stream, 15 + 16, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size)) != Z_OK {
            problem = "cannot be unpacked: no memory"
        }
        bytesTotal = status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
        if let problem {
            throw .file(
                path: self.path, problem: problem,
                hint: "expected a file that this user may read, or - for standard input")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
        if descriptor >= 0 { close(descriptor) }
    }

    /// Appends some more bytes of the text; false at its end.
    func read(into text: inout [UInt8]) throws(ImportError) -> Bool {
        if isGzip == nil { try sniff() }
        guard isGzip == true else {
            if packedStart < packed.count {
                text.append(contentsOf: packed[packedStart...])
                packedStart = packed.count
                return true
            }
            return try fill(&text, Self.pieceBytes) > 0
        }
        let before = text.count
        while text.count == before {
            if packedStart == packed.count {
                packed.removeAll(keepingCapacity: true)
                packedStart = 0
                guard try fill(&packed, Self.packedBytes) > 0 else {
                    guard isBetweenMembers else {
                        throw .file(path: path, problem: "ends in the middle of its gzip data", hint: "copy it again")
                    }
                    return false
                }
            }
            try inflateSome(into: &text)
        }
        return true
    }

    private func sniff() throws(ImportError) {
        while packed.count < 3, try fill(&packed, Self.packedBytes) > 0 {}
        isGzip = packed.count >= 3 && packed[0] == 0x1F && packed[1] == 0x8B && packed[2] == 8
    }

    /// Appends up to `count` bytes of the file; 0 at its end.
    private func fill(_ bytes: inout [UInt8], _ count: Int) throws(ImportError) -> Int {
        guard !isAtEnd else { return 0 }
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: count))
        var got = 0
        repeat {
            // SAFETY: the array has `count` bytes from `start` on; the pointer is used within the call only.
            got = bytes.withUnsafeMutableBytes { Foundation.read(descriptor, $0.baseAddress.map { $0 + start }, count) }
        } while got < 0 && errno == EINTR
        bytes.removeLast(count - max(got, 0))
        guard got >= 0 else {
            throw .file(
                path: path, problem: "cannot be read: \(SystemCall.message(errno))", hint: "check the file and its disk"
            )
        }
        isAtEnd = got == 0
        bytesRead += got
        return got
    }

    private func inflateSome(into text: inout [UInt8]) throws(ImportError) {
        if isBetweenMembers {
            // Some programs pad with zeros behind the last member.
            while packedStart < packed.count, packed[packedStart] == 0 { packedStart += 1 }
            guard packedStart < packed.count else { return }
            inflateReset(stream)
            isBetweenMembers = false
        }
        let start = text.count
        text.append(contentsOf: repeatElement(0, count: Self.pieceBytes))
        let from = packedStart
        // SAFETY: next_in and next_out point into the two arrays within these closures only; zlib reads at most
        // avail_in and writes at most avail_out bytes, which lie inside them.
        let code = packed.withUnsafeMutableBytes { source in
            text.withUnsafeMutableBytes { target in
                stream.pointee.next_in = source.baseAddress.map { ($0 + from).assumingMemoryBound(to: UInt8.self) }
                stream.pointee.avail_in = UInt32(clamping: source.count - from)
                stream.pointee.next_out = target.baseAddress.map { ($0 + start).assumingMemoryBound(to: UInt8.self) }
                stream.pointee.avail_out = UInt32(clamping: Self.pieceBytes)
                return inflate(stream, Z_NO_FLUSH)
            }
        }
        packedStart = packed.count - Int(stream.pointee.avail_in)
        text.removeLast(Int(stream.pointee.avail_out))
        isBetweenMembers = code == Z_STREAM_END
        guard code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR else {
            throw .file(path: path, problem: "its gzip data is damaged", hint: "expected what gzip -t accepts")
        }
    }
}
