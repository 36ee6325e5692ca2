package import Events

/// Why Visits cannot go on. Its state is then that of its last checkpoint, or nothing.
package enum VisitsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The journal gave bytes that this program cannot read: most likely a newer version wrote them.
    case record(position: Position, error: RecordError)
    /// The state in a checkpoint contradicts itself.
    case state(path: String, reason: String)

    package var description: String {
        switch self {
        case .record(let position, let error):
            "the record at \(position) cannot be read: \(error); was it written by a newer version of Highland?"
        case .state(let path, let reason): "\(path): \(reason); rebuild the projections"
        }
    }
}
