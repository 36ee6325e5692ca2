#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The system's error numbers that somebody acts on, and its sentences for all of them.
package enum ErrorCode {
    package static let noEntry: Int32 = ENOENT
    package static let exists: Int32 = EEXIST
    package static let interrupted: Int32 = EINTR
    package static let inputOutput: Int32 = EIO
    package static let noSpace: Int32 = ENOSPC
    package static let quota: Int32 = EDQUOT
    package static let wouldBlock: Int32 = EWOULDBLOCK
    package static let processDescriptors: Int32 = EMFILE
    package static let systemDescriptors: Int32 = ENFILE

    /// No space for another file, by a full disk, a quota or a limit on open files: recovers by itself.
    package static func meansNoSpace(_ code: Int32) -> Bool {
        code == ENOSPC || code == EDQUOT || meansNoDescriptor(code)
    }

    /// The process or the system has as many files open as it may.
    package static func meansNoDescriptor(_ code: Int32) -> Bool { code == EMFILE || code == ENFILE }

    /// The file system has no such operation, or not with such arguments.
    package static func meansUnsupported(_ code: Int32) -> Bool {
        code == EINVAL || code == EOPNOTSUPP || code == ENOSYS
    }

    /// The system's sentence for the number.
    package static func text(_ code: Int32) -> String {
        guard let sentence = strerror(code) else { return "error \(code)" }
        return "\(String(cString: sentence)) (\(code))"
    }
}
