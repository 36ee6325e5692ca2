internal import Events

/// Why the column store could not do what was asked. A part that finds no space is tried again; damage and newer
/// versions call for a rebuild from the journal, other I/O errors for an operator, bounds for a narrower question.
package enum ColumnError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A system call failed.
    case io(operation: String, path: String, code: Int32)
    /// The file's bytes are not what was written.
    case damaged(path: String, offset: Int, reason: String)
    /// The file was written by a newer program.
    case newerVersion(path: String, found: UInt8, supported: UInt8)
    /// A stated bound was reached.
    case bound(name: String, limit: Int, hint: String)
    /// The caller's deadline passed, or the caller went away.
    case cancelled

    /// The file the error is about, so that a caller can say what it rebuilds.
    package var path: String? {
        switch self {
        case .io(_, let path, _), .damaged(let path, _, _), .newerVersion(let path, _, _): path
        case .bound, .cancelled: nil
        }
    }

    /// No space or no descriptor for a file. Whatever throws it has changed nothing and can succeed later.
    package var meansNoSpace: Bool {
        if case .io(_, _, let code) = self { return ErrorCode.meansNoSpace(code) }
        return false
    }

    package var description: String {
        switch self {
        case .io(let operation, let path, let code):
            "\(operation) \(path): \(ErrorCode.text(code)); "
                + (meansNoSpace
                    ? "make space on the volume, or raise the limit on open files"
                    : "check the disk and the rights of the data directory")
        case .damaged(let path, let offset, let reason):
            "\(path) is damaged at byte \(offset): \(reason); remove the checkpoint and rebuild from the journal"
        case .newerVersion(let path, let found, let supported):
            "\(path) has format version \(found), this program reads up to \(supported); "
                + "start the newer program or rebuild from the journal"
        case .bound(let name, let limit, let hint): "\(name) is at its bound of \(limit); \(hint)"
        case .cancelled: "the query was given up: its deadline passed or its caller went away"
        }
    }
}
