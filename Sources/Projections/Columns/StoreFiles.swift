#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// The few file operations the store needs, each failing with the path it was about.
enum StoreFiles {
    /// Makes the directory unless it is there; its parent must exist.
    static func makeDirectory(_ path: String) throws(ColumnError) {
        if mkdir(path, 0o750) != 0, errno != EEXIST { throw failure("making", path) }
    }

    /// Writes a new file whole, not yet synced: `sync` follows before anything refers to it.
    static func write(_ bytes: [UInt8], to path: String) throws(ColumnError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw failure("creating", path) }
        var offset = 0
        while offset < bytes.count {
            let written = bytes.withUnsafeBytes { buffer in
                pwrite(descriptor, buffer.baseAddress?.advanced(by: offset), buffer.count - offset, off_t(offset))
            }
            if written < 0 {
                if errno == EINTR { continue }
                let error = failure("writing", path)
                _ = close(descriptor)
                throw error
            }
            offset += written
        }
        guard close(descriptor) == 0 else { throw failure("closing", path) }
    }

    /// Waits until a file's or directory's content is on disk.
    static func sync(_ path: String) throws(ColumnError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("opening", path) }
        let result = fsync(descriptor)
        let error = failure("syncing", path)
        _ = close(descriptor)
        guard result == 0 else { throw error }
    }

    /// The whole content.
    static func read(_ path: String) throws(ColumnError) -> [UInt8] {
        let file = try MappedFile(path: path)
        return file.withBytes { $0.withUnsafeBytes { [UInt8]($0) } }
    }

    /// The names in a directory, without `.` and `..`, in no order.
    static func names(in directory: String) throws(ColumnError) -> [String] {
        guard let stream = opendir(directory) else { throw failure("listing", directory) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { buffer in
                String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Removes a file; one that is gone already is no error.
    static func remove(_ path: String) throws(ColumnError) {
        if unlink(path) != 0, errno != ENOENT { throw failure("removing", path) }
    }

    fileprivate static func failure(_ operation: String, _ path: String) -> ColumnError {
        .io(operation: operation, path: path, code: errno)
    }
}

/// A whole file mapped for reading. Holds no descriptor; the mapping outlives the file's name, so a query that runs
/// while a part is retired still reads it. The store's files are never written again once mapped.
///
// SAFETY: the mapping is read-only and private, made once and released in `deinit`; any thread may read it.
final class MappedFile: @unchecked Sendable {
    // SAFETY: valid for `byteCount` bytes for the object's life; nil only for an empty file.
    private let base: UnsafeMutableRawPointer?
    let byteCount: Int

    /// Maps the file; an empty one maps to no bytes.
    init(path: String) throws(ColumnError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StoreFiles.failure("opening", path) }
        defer { _ = close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw StoreFiles.failure("reading the size", path) }
        byteCount = Int(status.st_size)
        guard byteCount > 0 else {
            base = nil
            return
        }
        let mapped = mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard let mapped, mapped != MAP_FAILED else { throw StoreFiles.failure("mapping", path) }
        base = mapped
    }

    deinit {
        if let base { munmap(base, byteCount) }
    }

    /// Lends the bytes.
    func withBytes<Result>(_ body: (RawSpan) -> Result) -> Result {
        // SAFETY: the mapping lives as long as self, which outlives the call.
        body(UnsafeRawBufferPointer(start: base, count: byteCount).bytes)
    }
}

/// A mutex with separate lock and unlock, because the store's critical sections read spans that no closure may
/// capture.
///
// SAFETY: the pthread mutex has a stable address of its own and is only used through its calls.
final class StoreLock: @unchecked Sendable {
    // SAFETY: allocated and initialised in init, destroyed in deinit, never moved.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>

    init() {
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deinitialize(count: 1)
        mutex.deallocate()
    }

    /// Waits for the lock. Not recursive.
    func lock() { pthread_mutex_lock(mutex) }
    /// Gives it back.
    func unlock() { pthread_mutex_unlock(mutex) }
}
