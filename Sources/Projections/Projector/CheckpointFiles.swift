#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The seam between checkpoints and the disk: few calls, each blocking until it is done. Tests stop after any of them.
package protocol CheckpointFiles: AnyObject, Sendable {
    /// Makes the directory; an existing one is fine.
    func makeDirectory(_ path: String) throws(ProjectorError)
    /// Names in the directory without `.` and `..`, in no order; none where there is no directory.
    func list(_ path: String) throws(ProjectorError) -> [String]
    /// Begins a file anew.
    func create(_ path: String) throws(ProjectorError) -> any CheckpointFile
    func read(_ path: String) throws(ProjectorError) -> [UInt8]
    /// Replaces a file at once; a directory only where `target` is not.
    func rename(_ source: String, to target: String) throws(ProjectorError)
    func syncDirectory(_ path: String) throws(ProjectorError)
    /// Removes a file, or a directory with everything in it, at most 16 levels deep; a missing one is fine.
    func removeTree(_ path: String) throws(ProjectorError)
}

/// A file that is being written, from front to back. Closed with its last owner, synced only by `finish`.
package protocol CheckpointFile: AnyObject {
    func append(_ bytes: RawSpan) throws(ProjectorError)
    /// Syncs; the file is whole.
    func finish() throws(ProjectorError)
}

/// The system's calls.
package final class SystemCheckpointFiles: CheckpointFiles {
    package init() {}

    package func makeDirectory(_ path: String) throws(ProjectorError) {
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw failure("mkdir", path) }
    }

    package func list(_ path: String) throws(ProjectorError) -> [String] {
        guard let directory = opendir(path) else {
            if errno == ENOENT { return [] }
            throw failure("opendir", path)
        }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            // SAFETY: the entry lives until the next readdir on this stream, and d_name is NUL-terminated inside it.
            let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
                field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    package func create(_ path: String) throws(ProjectorError) -> any CheckpointFile {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure("open", path) }
        return SystemCheckpointFile(descriptor: file, path: path)
    }

    package func read(_ path: String) throws(ProjectorError) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure("open", path) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure("fstat", path) }
        var bytes = [UInt8](repeating: 0, count: max(0, Int(status.st_size)))
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                // SAFETY: the slice from `offset` to the end lies in the array, which outlives the call.
                systemRead(file, UnsafeMutableRawBufferPointer(rebasing: buffer[offset...]))
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure("read", path)
            }
            if count == 0 { break }
            offset += count
        }
        bytes.removeLast(bytes.count - offset)
        return bytes
    }

    package func rename(_ source: String, to target: String) throws(ProjectorError) {
        guard systemRename(source, target) == 0 else { throw failure("rename", source) }
    }

    package func syncDirectory(_ path: String) throws(ProjectorError) {
        let file = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { throw failure("open", path) }
        defer { close(file) }
        guard fsync(file) == 0 else { throw failure("fsync", path) }
    }

    package func removeTree(_ path: String) throws(ProjectorError) { try removeTree(path, levels: 16) }

    private func removeTree(_ path: String, levels: Int) throws(ProjectorError) {
        if unlink(path) == 0 || errno == ENOENT { return }
        guard errno == EISDIR || errno == EPERM, levels > 0 else { throw failure("unlink", path) }
        for name in try list(path) { try removeTree("\(path)/\(name)", levels: levels - 1) }
        if rmdir(path) != 0, errno != ENOENT { throw failure("rmdir", path) }
    }
}

private final class SystemCheckpointFile: CheckpointFile {
    private let descriptor: Int32
    private let path: String

    init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    func append(_ bytes: RawSpan) throws(ProjectorError) {
        var offset = 0
        while offset < bytes.byteCount {
            let written = bytes.extracting(droppingFirst: offset).withUnsafeBytes { buffer in
                // SAFETY: the buffer lives for this call, and its address and count belong together.
                write(descriptor, buffer.baseAddress, buffer.count)
            }
            if written < 0 {
                if errno == EINTR { continue }
                throw failure("write", path)
            }
            offset += written
        }
    }

    func finish() throws(ProjectorError) { guard fsync(descriptor) == 0 else { throw failure("fsync", path) } }
}

private func failure(_ operation: String, _ path: String) -> ProjectorError {
    .file(operation: operation, path: path, code: errno)
}

// The class's own names hide the system's.
private func systemRead(_ file: Int32, _ bytes: UnsafeMutableRawBufferPointer) -> Int {
    // SAFETY: the buffer's address and count belong together.
    read(file, bytes.baseAddress, bytes.count)
}

private func systemRename(_ source: String, _ target: String) -> Int32 { rename(source, target) }
