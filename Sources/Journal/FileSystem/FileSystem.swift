internal import Events

/// The calls that can fail, named in errors, traces and fault plans.
package enum FileOperation: String, Hashable, Sendable, CaseIterable {
    case open, read, write, sync, syncDirectory, rename, unlink, truncate, preallocate, list, size, lock
    case makeDirectory, freeSpace
}

/// A call that failed: what was asked, of which file, and the system's error number.
package struct FileSystemError: Error, Hashable, Sendable, CustomStringConvertible {
    package let operation: FileOperation
    package let path: String
    /// `errno` as the system gave it.
    package let code: Int32

    package init(operation: FileOperation, path: String, code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    package var description: String { "\(operation.rawValue) \(path): \(ErrorCode.text(code))" }

    /// The same about a file whose path the caller knows; a call on an open file knows its number only.
    func about(_ path: String) -> FileSystemError { FileSystemError(operation: operation, path: path, code: code) }
}

/// An open file's number; owned by a `FileReference`.
package struct FileNumber: Hashable, Sendable {
    package let rawValue: Int32
    package init(_ rawValue: Int32) { self.rawValue = rawValue }
}

package enum OpenMode: Hashable, Sendable {
    /// The file must exist.
    case read
    /// The file must not exist; opened for reading and writing.
    case create
    /// The file must exist; opened to be written past the system's cache: offsets, counts and memory must be multiples
    /// of the volume's blocks. Fails where the file system has no such thing.
    case direct
}

/// The seam between the journal and the disk. Two implementations: the system's calls, and one in memory that
/// loses what was not synced. Every call blocks until it is done; all are thread-safe.
///
/// `read` and `write` may do less than was asked and may be interrupted: callers use the looping forms below.
package protocol FileSystem: AnyObject, Sendable {
    func open(_ path: String, _ mode: OpenMode) throws(FileSystemError) -> FileNumber
    func close(_ file: FileNumber)
    /// Reads into `bytes[range]`; gives the count, 0 at the end of the file.
    func read(
        _ file: FileNumber, at offset: Int, into bytes: inout [UInt8], range: Range<Int>
    ) throws(FileSystemError) -> Int
    /// Writes `bytes`; gives the count, which may be smaller.
    func write(_ file: FileNumber, at offset: Int, _ bytes: RawSpan) throws(FileSystemError) -> Int
    /// Returns when the file's bytes and size are on disk.
    func sync(_ file: FileNumber) throws(FileSystemError)
    /// Returns when creations, renames and removals in the directory are on disk.
    func syncDirectory(_ path: String) throws(FileSystemError)
    /// Replaces `target` at once, if there is one.
    func rename(_ source: String, to target: String) throws(FileSystemError)
    func unlink(_ path: String) throws(FileSystemError)
    func truncate(_ file: FileNumber, to byteCount: Int) throws(FileSystemError)
    /// Takes disk space for the range, which then reads as zeros; the file grows. No space shows here, not in `write`.
    func preallocate(_ file: FileNumber, range: Range<Int>) throws(FileSystemError)
    func size(_ file: FileNumber) throws(FileSystemError) -> Int
    /// Names in the directory, in no order, without `.` and `..`.
    func list(_ directory: String) throws(FileSystemError) -> [String]
    /// Makes the directory; an existing one is fine.
    func makeDirectory(_ path: String) throws(FileSystemError)
    /// Takes an exclusive lock on the file, created when missing; held until closed. Fails at once when taken.
    func lock(_ path: String) throws(FileSystemError) -> FileNumber
    /// Bytes that an ordinary user may still take, and the volume's size.
    func freeSpace(_ directory: String) throws(FileSystemError) -> (freeBytes: Int, totalBytes: Int)
}

/// An open file that is closed with its last owner.
package final class FileReference: Sendable {
    package let fileSystem: any FileSystem
    package let number: FileNumber
    package let path: String

    package init(_ fileSystem: any FileSystem, _ path: String, _ mode: OpenMode) throws(FileSystemError) {
        self.number = try fileSystem.open(path, mode)
        self.fileSystem = fileSystem
        self.path = path
    }

    /// Takes the lock file instead of opening one.
    package init(locking path: String, in fileSystem: any FileSystem) throws(FileSystemError) {
        self.number = try fileSystem.lock(path)
        self.fileSystem = fileSystem
        self.path = path
    }

    deinit { fileSystem.close(number) }

    package func size() throws(FileSystemError) -> Int {
        do throws(FileSystemError) { return try fileSystem.size(number) } catch { throw error.about(path) }
    }

    /// Writes all of `bytes[range]`: goes on after short writes and interruptions.
    package func writeAll(_ bytes: [UInt8], range: Range<Int>, at offset: Int) throws(FileSystemError) {
        try writeAll(bytes.span.bytes.extracting(range), at: offset)
    }

    package func writeAll(_ bytes: RawSpan, at offset: Int) throws(FileSystemError) {
        var done = 0
        while done < bytes.byteCount {
            do throws(FileSystemError) {
                let count = try fileSystem.write(
                    number, at: offset + done, bytes.extracting(droppingFirst: done))
                if count <= 0 { throw FileSystemError(operation: .write, path: path, code: ErrorCode.inputOutput) }
                done += count
            } catch {
                if error.code != ErrorCode.interrupted { throw error.about(path) }
            }
        }
    }

    /// Fills `bytes[range]` as far as the file goes; gives the count.
    package func readFully(into bytes: inout [UInt8], range: Range<Int>, at offset: Int) throws(FileSystemError) -> Int
    {
        var done = 0
        while done < range.count {
            do throws(FileSystemError) {
                let count = try fileSystem.read(
                    number, at: offset + done, into: &bytes, range: range.lowerBound + done..<range.upperBound)
                if count <= 0 { break }
                done += count
            } catch {
                if error.code != ErrorCode.interrupted { throw error.about(path) }
            }
        }
        return done
    }

    /// At most `count` bytes from `offset`; fewer at the end of the file. Allocates `count` bytes.
    package func readBytes(at offset: Int, count: Int) throws(FileSystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let read = try readFully(into: &bytes, range: 0..<count, at: offset)
        if read < count { bytes.removeLast(count - read) }
        return bytes
    }

    /// Syncs; an interruption is no failure and is tried again, anything else is final.
    package func sync() throws(FileSystemError) {
        while true {
            do throws(FileSystemError) { return try fileSystem.sync(number) } catch {
                if error.code != ErrorCode.interrupted { throw error.about(path) }
            }
        }
    }

    package func truncate(to byteCount: Int) throws(FileSystemError) {
        while true {
            do throws(FileSystemError) { return try fileSystem.truncate(number, to: byteCount) } catch {
                if error.code != ErrorCode.interrupted { throw error.about(path) }
            }
        }
    }

    package func preallocate(_ range: Range<Int>) throws(FileSystemError) {
        while true {
            do throws(FileSystemError) { return try fileSystem.preallocate(number, range: range) } catch {
                if error.code != ErrorCode.interrupted { throw error.about(path) }
            }
        }
    }
}

extension FileSystem {
    /// Syncs the directory; goes on after an interruption.
    package func syncDirectoryFully(_ path: String) throws(FileSystemError) {
        while true {
            do throws(FileSystemError) { return try syncDirectory(path) } catch {
                if error.code != ErrorCode.interrupted { throw error }
            }
        }
    }

    /// Removes the file if it is there.
    package func unlinkIfPresent(_ path: String) throws(FileSystemError) {
        do throws(FileSystemError) { try unlink(path) } catch {
            if error.code != ErrorCode.noEntry { throw error }
        }
    }
}
