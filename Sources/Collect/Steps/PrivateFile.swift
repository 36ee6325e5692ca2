#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Small files that only their owner may read: written whole, swapped in by rename, overwritten before they go.
/// Blocks; never called on an event loop.
struct PrivateFile {
    static let bytesMax = 4096
    let directory: String
    let name: String
    var path: String { directory + "/" + name }

    /// The whole file; nil when there is none. Refused where others may read it.
    func read() throws(PrivacyError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("open")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("stat") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .damaged(file: path, reason: "not a file") }
        guard status.st_mode & 0o077 == 0 else { throw .exposed(file: path, mode: UInt32(status.st_mode & 0o777)) }
        return try PrivateFile.readAll(descriptor, bytesMax: PrivateFile.bytesMax, path: path)
    }

    /// Makes the file where there is none; false where there is one. Safe against another process doing the same.
    func create(_ bytes: [UInt8]) throws(PrivacyError) -> Bool {
        try makeDirectory()
        let temporary = try writeTemporary(bytes)
        defer { unlink(temporary) }
        guard link(temporary, path) == 0 else {
            if errno == EEXIST { return false }
            throw failure("link")
        }
        try syncDirectory()
        return true
    }

    /// Puts `bytes` in the file's place and destroys what was there: the old file is renamed over, its contents
    /// overwritten with zeros and synced through a descriptor held open, so that neither name nor bytes remain.
    func replace(_ bytes: [UInt8]) throws(PrivacyError) {
        try makeDirectory()
        let temporary = try writeTemporary(bytes)
        let old = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
        defer { if old >= 0 { close(old) } }
        guard rename(temporary, path) == 0 else {
            let error = failure("rename")
            unlink(temporary)
            throw error
        }
        if old >= 0 { try wipe(old) }
        try syncDirectory()
    }

    /// Overwrites and unlinks the file, if there is one.
    func destroy() throws(PrivacyError) {
        let old = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
        guard old >= 0 else {
            if errno == ENOENT { return }
            throw failure("open")
        }
        defer { close(old) }
        guard unlink(path) == 0 else { throw failure("unlink") }
        try wipe(old)
    }

    /// Any readable file, whole; refused beyond `bytesMax`.
    static func readPublic(_ path: String, bytesMax: Int) throws(PrivacyError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .system(operation: "open", file: path, code: errno)
        }
        defer { close(descriptor) }
        return try readAll(descriptor, bytesMax: bytesMax, path: path)
    }

    private static func readAll(_ descriptor: Int32, bytesMax: Int, path: String) throws(PrivacyError) -> [UInt8] {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(operation: "stat", file: path, code: errno) }
        guard status.st_size <= bytesMax else { throw .damaged(file: path, reason: "longer than \(bytesMax) bytes") }
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: max(Int(status.st_size), 0)) { buffer, count in
            while count < buffer.count {
                // SAFETY: the rest of the buffer is at least the bytes asked for; `count` never passes its end.
                let got = systemRead(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
                if got < 0, errno == EINTR { continue }
                if got < 0 { code = errno }
                guard got > 0 else { break }
                count += got
            }
        }
        guard code == 0 else { throw .system(operation: "read", file: path, code: code) }
        return bytes
    }

    private func writeTemporary(_ bytes: [UInt8]) throws(PrivacyError) -> String {
        let temporary = "\(path).\(getpid()).\(UInt32.random(in: 0 ... .max)).new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw failure("create") }
        defer { close(descriptor) }
        guard PrivateFile.write(descriptor, bytes), fchmod(descriptor, 0o600) == 0, fsync(descriptor) == 0 else {
            let error = failure("write")
            unlink(temporary)
            throw error
        }
        return temporary
    }

    private func wipe(_ descriptor: Int32) throws(PrivacyError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("stat") }
        let zeros = [UInt8](repeating: 0, count: min(max(Int(status.st_size), 0), PrivateFile.bytesMax))
        guard PrivateFile.write(descriptor, zeros), fsync(descriptor) == 0 else { throw failure("overwrite") }
    }

    private static func write(_ descriptor: Int32, _ bytes: [UInt8]) -> Bool {
        var written = 0
        while written < bytes.count {
            let got = bytes.withUnsafeBytes { buffer in
                // SAFETY: `written` is below the count, so the pointer and length stay inside the buffer.
                systemWrite(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
            }
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { return false }
            written += got
        }
        return true
    }

    private func makeDirectory() throws(PrivacyError) {
        guard mkdir(directory, 0o700) == 0 || errno == EEXIST else { throw failure("mkdir") }
    }

    private func syncDirectory() throws(PrivacyError) {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("sync") }
    }

    private func failure(_ operation: String) -> PrivacyError {
        .system(operation: operation, file: path, code: errno)
    }
}

// SAFETY: these pass pointer and count on as they are; the callers above state why both are right.
private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutablePointer<UInt8>?, _ count: Int) -> Int {
    read(descriptor, bytes, count)
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
