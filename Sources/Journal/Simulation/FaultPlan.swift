/// A fault to be injected: the n-th call that it applies to fails once or from then on for ever.
package struct Fault: Hashable, Sendable {
    package enum Effect: Hashable, Sendable {
        /// The call fails with this error number and changes nothing.
        case error(Int32)
        /// A write takes only part of what was asked; other calls are untouched.
        case shortWrite
        /// A sync fails, and so does the next one through each other descriptor of the file; later ones succeed without
        /// the data having reached the disk, as on Linux.
        case lostSync
        /// The machine stops: this call and all after it fail. Follow with `powerCut`.
        case powerOff
    }

    /// 1 is the next call.
    package var call: Int
    package var effect: Effect
    package var isForEver: Bool
    /// Only calls of these kinds count; nil is all.
    package var operations: Set<FileOperation>?

    package init(call: Int, effect: Effect, isForEver: Bool = false, operations: Set<FileOperation>? = nil) {
        self.call = call
        self.effect = effect
        self.isForEver = isForEver
        self.operations = operations
    }
}

/// One entry of a simulated disk's trace.
package enum TraceEntry: Hashable, Sendable {
    case write(path: String, range: Range<Int>)
    case sync(path: String)
    case syncDirectory(path: String)
    case rename(from: String, to: String)
    case unlink(path: String)
    /// Put there by a test: an acknowledgement, for instance.
    case note(String)
}
