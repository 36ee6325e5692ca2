/// Why the steps' files cannot be used. Each stops the start: an operator must act; `hint` says how.
package enum PrivacyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A system call failed.
    case system(operation: String, file: String, code: Int32)
    /// Others than the owner may read the file.
    case exposed(file: String, mode: UInt32)
    /// The file is not what it should be.
    case damaged(file: String, reason: String)
    /// A geo database cannot be used.
    case geoDatabase(file: String, reason: String)

    package var hint: String {
        switch self {
        case .system(_, let file, _): "check that \(file) is on a writable file system and belongs to this user"
        case .exposed(let file, _):
            "run chmod 600 \(file); if others may have read it, remove it and let it be made anew"
        case .damaged(let file, _): "restore \(file) from a backup, or remove it to have a new one made"
        case .geoDatabase(let file, _): "download \(file) again, or leave HIGHLAND_GEOIP out"
        }
    }

    package var description: String {
        switch self {
        case .system(let operation, let file, let code): "\(operation) \(file): error \(code); \(hint)"
        case .exposed(let file, let mode): "\(file) has mode \(String(mode, radix: 8)), expected 600; \(hint)"
        case .damaged(let file, let reason): "\(file): \(reason); \(hint)"
        case .geoDatabase(let file, let reason): "\(file): \(reason); \(hint)"
        }
    }
}
