internal import CLinux

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The system's own file calls. Holds no state.
package final class PosixFileSystem: FileSystem {
    package init() {}

    package func open(_ path: String, _ mode: OpenMode) throws(FileSystemError) -> FileNumber {
        let flags = O_CLOEXEC | flags(of: mode)
        while true {
            #if canImport(Glibc)
                let descriptor = Glibc.open(path, flags, 0o640)
            #elseif canImport(Musl)
                let descriptor = Musl.open(path, flags, 0o640)
            #else
                let descriptor = Darwin.open(path, flags, 0o640)
            #endif
            if descriptor >= 0 { return FileNumber(descriptor) }
            if errno != EINTR { throw FileSystemError(operation: .open, path: path, code: errno) }
        }
    }

    private func flags(of mode: OpenMode) -> Int32 {
        switch mode {
        case .read: return O_RDONLY
        case .create: return O_RDWR | O_CREAT | O_EXCL
        case .direct:
            #if os(Linux)
                return O_WRONLY | LINUX_DIRECT
            #else
                return O_WRONLY
            #endif
        }
    }

    package func close(_ file: FileNumber) {
        // After EINTR Linux has closed the descriptor already; a second call could hit another file.
        #if canImport(Glibc)
            _ = Glibc.close(file.rawValue)
        #elseif canImport(Musl)
            _ = Musl.close(file.rawValue)
        #else
            _ = Darwin.close(file.rawValue)
        #endif
    }

    package func read(
        _ file: FileNumber, at offset: Int, into bytes: inout [UInt8], range: Range<Int>
    ) throws(FileSystemError) -> Int {
        let count = bytes.withUnsafeMutableBytes { buffer in
            // SAFETY: the slice is bounds-checked against the array and lives for this call only.
            let target = UnsafeMutableRawBufferPointer(rebasing: buffer[range])
            return pread(file.rawValue, target.baseAddress, target.count, off_t(offset))
        }
        if count < 0 { throw failure(.read, file) }
        return count
    }

    package func write(_ file: FileNumber, at offset: Int, _ bytes: RawSpan) throws(FileSystemError) -> Int {
        // SAFETY: the buffer lives for this call only, and its address and count belong together.
        let count = bytes.withUnsafeBytes { pwrite(file.rawValue, $0.baseAddress, $0.count, off_t(offset)) }
        if count < 0 { throw failure(.write, file) }
        return count
    }

    package func sync(_ file: FileNumber) throws(FileSystemError) {
        #if os(Linux)
            if fdatasync(file.rawValue) != 0 { throw failure(.sync, file) }
        #else
            if fcntl(file.rawValue, F_FULLFSYNC) != 0 { throw failure(.sync, file) }
        #endif
    }

    package func syncDirectory(_ path: String) throws(FileSystemError) {
        let directory = try open(path, .read)
        defer { close(directory) }
        if fsync(directory.rawValue) != 0 { throw FileSystemError(operation: .syncDirectory, path: path, code: errno) }
    }

    package func rename(_ source: String, to target: String) throws(FileSystemError) {
        #if canImport(Glibc)
            let result = Glibc.rename(source, target)
        #elseif canImport(Musl)
            let result = Musl.rename(source, target)
        #else
            let result = Darwin.rename(source, target)
        #endif
        if result != 0 { throw FileSystemError(operation: .rename, path: target, code: errno) }
    }

    package func unlink(_ path: String) throws(FileSystemError) {
        #if canImport(Glibc)
            let result = Glibc.unlink(path)
        #elseif canImport(Musl)
            let result = Musl.unlink(path)
        #else
            let result = Darwin.unlink(path)
        #endif
        if result != 0 { throw FileSystemError(operation: .unlink, path: path, code: errno) }
    }

    package func truncate(_ file: FileNumber, to byteCount: Int) throws(FileSystemError) {
        if ftruncate(file.rawValue, off_t(byteCount)) != 0 { throw failure(.truncate, file) }
    }

    package func preallocate(_ file: FileNumber, range: Range<Int>) throws(FileSystemError) {
        let code = posix_fallocate(file.rawValue, off_t(range.lowerBound), off_t(range.count))
        if code != 0 { throw FileSystemError(operation: .preallocate, path: "#\(file.rawValue)", code: code) }
    }

    package func size(_ file: FileNumber) throws(FileSystemError) -> Int {
        var status = stat()
        if fstat(file.rawValue, &status) != 0 { throw failure(.size, file) }
        return Int(status.st_size)
    }

    package func list(_ directory: String) throws(FileSystemError) -> [String] {
        guard let stream = opendir(directory) else {
            throw FileSystemError(operation: .list, path: directory, code: errno)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        if errno != 0 { throw FileSystemError(operation: .list, path: directory, code: errno) }
        return names
    }

    package func makeDirectory(_ path: String) throws(FileSystemError) {
        if mkdir(path, 0o750) != 0, errno != EEXIST {
            throw FileSystemError(operation: .makeDirectory, path: path, code: errno)
        }
    }

    package func lock(_ path: String) throws(FileSystemError) -> FileNumber {
        #if canImport(Glibc)
            let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        #elseif canImport(Musl)
            let descriptor = Musl.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        #else
            let descriptor = Darwin.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        #endif
        if descriptor < 0 { throw FileSystemError(operation: .lock, path: path, code: errno) }
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let code = errno
            close(FileNumber(descriptor))
            throw FileSystemError(operation: .lock, path: path, code: code)
        }
        return FileNumber(descriptor)
    }

    package func freeSpace(_ directory: String) throws(FileSystemError) -> (freeBytes: Int, totalBytes: Int) {
        var status = statvfs()
        if statvfs(directory, &status) != 0 {
            throw FileSystemError(operation: .freeSpace, path: directory, code: errno)
        }
        let block = UInt64(status.f_frsize)
        let free = UInt64(status.f_bavail).multipliedReportingOverflow(by: block)
        let total = UInt64(status.f_blocks).multipliedReportingOverflow(by: block)
        return (
            Int(clamping: free.overflow ? .max : free.partialValue),
            Int(clamping: total.overflow ? .max : total.partialValue)
        )
    }

    private func failure(_ operation: FileOperation, _ file: FileNumber) -> FileSystemError {
        FileSystemError(operation: operation, path: "#\(file.rawValue)", code: errno)
    }
}
