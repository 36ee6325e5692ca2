// Keys of imported lines, sorted: one immutable file.
//
// Constraints
//   - Kept for good: 16 bytes an imported event. Read where it is (mmap), so that memory does not grow with history.
//   - A lookup touches one or two pages: keys are keyed hashes, spread evenly, so their place can be computed.
//
// Layout, little-endian
//   0    8   "HLIMPK1\n"
//   8    8   site
//   16   8   number of keys
//   24   4   CRC-32C of bytes 0 to 23 and of all keys
//   28   4   zero
//   32   …   keys of 16 bytes, ascending by their high, then their low word: low (8), high (8)
//
// Life cycle: written whole beside its name, synced, renamed; merged with a neighbour of its size; never changed.

internal import Events
internal import Foundation
internal import Journal

/// An open key file.
///
/// SAFETY: the mapping is read-only, private to this object and unmapped in `deinit`; the file is never changed once
/// it has its name, so the bytes behind the pointer do not move or change.
final class ImportKeyFile: @unchecked Sendable {
    static let headerBytes = 32
    private static let magic = Array("HLIMPK1\n".utf8)

    let name: String
    let count: Int
    private let mapping: UnsafeRawPointer
    private let byteCount: Int

    /// Maps and checks the file. Reads it once.
    init(directory: String, name: String, site: SiteID) throws(ImportError) {
        self.name = name
        let path = directory + "/" + name
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .ledger(path: path, problem: "cannot be read: \(SystemCall.message(errno))")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_size >= Self.headerBytes else {
            throw .ledger(path: path, problem: "is too short")
        }
        byteCount = Int(status.st_size)
        guard let pointer = mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0), pointer != MAP_FAILED else {
            throw .ledger(path: path, problem: "cannot be mapped: \(SystemCall.message(errno))")
        }
        mapping = UnsafeRawPointer(pointer)
        count = (byteCount - Self.headerBytes) / ID128.byteCount
        // SAFETY: the span lies inside the mapping and is used before the object can go.
        let bytes = RawSpan(_unsafeStart: mapping, byteCount: byteCount)
        let head = bytes.extracting(0..<24)
        let sum = CRC32C.checksum(bytes.extracting(Self.headerBytes..<byteCount), seed: CRC32C.checksum(head))
        let magic = Self.magic
        guard head.extracting(0..<8).equals(magic.span.bytes), bytes.littleEndianUInt64(at: 8) == UInt64(site.rawValue),
            bytes.littleEndianUInt64(at: 16) == UInt64(count), byteCount == Self.headerBytes + count * ID128.byteCount,
            bytes.littleEndianUInt32(at: 24) == sum
        else {
            throw .ledger(path: path, problem: "is damaged or of another site")
        }
    }

    deinit { munmap(UnsafeMutableRawPointer(mutating: mapping), byteCount) }

    /// The key at a place below `count`.
    func key(at index: Int) -> ID128 {
        precondition(index >= 0 && index < count, "a place in the file")
        // SAFETY: the place was checked; the file has `count` keys behind its header.
        let start = mapping + Self.headerBytes + index * ID128.byteCount
        return ID128(
            low: UInt64(littleEndian: start.loadUnaligned(as: UInt64.self)),
            high: UInt64(littleEndian: start.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }

    /// Whether the key is in the file. About 100 ns where the page is in memory.
    func contains(_ key: ID128) -> Bool {
        guard count > 0 else { return false }
        // Where it should be, then outwards in growing steps until it lies between `low` and `high`.
        let guess = Int(truncatingIfNeeded: key.high.multipliedFullWidth(by: UInt64(count)).high)
        var low = 0
        var high = count
        var step = 16
        if self.key(at: guess) < key {
            low = guess + 1
            while low + step < count, self.key(at: low + step) < key {
                low += step
                step *= 2
            }
            high = min(count, low + step + 1)
        } else {
            high = guess + 1
            while high - step > 0, !(self.key(at: high - step) < key) {
                high -= step
                step *= 2
            }
            low = max(0, high - step)
        }
        while low < high {
            let middle = low + (high - low) / 2
            if self.key(at: middle) < key { low = middle + 1 } else { high = middle }
        }
        return low < count && self.key(at: low) == key
    }

    /// Writes `count` ascending keys under `name`: syncs the file, gives it its name, syncs the directory.
    static func write(
        directory: String, name: String, site: SiteID, count: Int, key: (Int) -> ID128
    ) throws(ImportError) -> ImportKeyFile {
        let path = directory + "/" + name
        let fileSystem = PosixFileSystem()
        do throws(FileSystemError) {
            let temporary = path + ".tmp"
            try fileSystem.unlinkIfPresent(temporary)
            let file = try FileReference(fileSystem, temporary, .create)
            var header = magic
            for word in [UInt64(site.rawValue), UInt64(count)] { append(word, to: &header) }
            var sum = CRC32C.checksum(header)
            var offset = headerBytes
            var buffer: [UInt8] = []
            buffer.reserveCapacity(1 << 20)
            for index in 0..<count {
                let key = key(index)
                append(key.low, to: &buffer)
                append(key.high, to: &buffer)
                if buffer.count >= 1 << 20 || index == count - 1 {
                    try file.writeAll(buffer, range: 0..<buffer.count, at: offset)
                    sum = CRC32C.checksum(buffer, seed: sum)
                    offset += buffer.count
                    buffer.removeAll(keepingCapacity: true)
                }
            }
            append(UInt64(sum), to: &header)
            try file.writeAll(header, range: 0..<headerBytes, at: 0)
            try file.sync()
            try fileSystem.rename(temporary, to: path)
            try fileSystem.syncDirectory(directory)
        } catch {
            throw .ledger(path: path, problem: "cannot be written: \(error)")
        }
        return try ImportKeyFile(directory: directory, name: name, site: site)
    }

    private static func append(_ word: UInt64, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
    }
}
