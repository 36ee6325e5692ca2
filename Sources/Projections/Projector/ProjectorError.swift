/// Why the projector or a checkpoint failed. Nothing of the journal is ever touched by it, so the way out is always
/// the same: start again, from the last checkpoint or from the journal's beginning.
package enum ProjectorError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A system call on a checkpoint's file failed.
    case file(operation: String, path: String, code: Int32)
    /// A checkpoint's file is not what was written: cut, changed, or of another version.
    case damaged(path: String, reason: String)
    /// A projection threw while it applied a batch. It is stopped; the journal goes on.
    case projection(name: String, batch: UInt64, reason: String)
    /// A projection threw while it wrote or read its state.
    case checkpoint(name: String, batch: UInt64, reason: String)
    /// The journal could not be read on.
    case source(batch: UInt64, reason: String)
    /// After the restored position the journal does not go on: it begins later, or ends before.
    case gap(expected: UInt64, found: UInt64)

    package var description: String {
        switch self {
        case .file(let operation, let path, let code): "\(operation) \(path) failed with error \(code)"
        case .damaged(let path, let reason):
            "\(path) is damaged (\(reason)); the projections are rebuilt from the journal"
        case .projection(let name, let batch, let reason):
            "projection \(name) failed at batch \(batch): \(reason); run 'highland rebuild'"
        case .checkpoint(let name, let batch, let reason): "checkpoint of \(name) at batch \(batch) failed: \(reason)"
        case .source(let batch, let reason): "the journal could not be read after batch \(batch): \(reason)"
        case .gap(let expected, let found): "the journal goes on with batch \(found) where \(expected) was expected"
        }
    }
}
