/// Who moves a connection's bytes: a socket on a loop of our own, or a channel of NIO's. Touched on the loop alone.
///
/// Calls `opened`, `receive`, `inputClosed`, `becameWritable` and `closed` of its `Connection`; `closed` once, and
/// nothing after it.
protocol ConnectionTransport: AnyObject {
    /// What is sent now would not wait behind too much that the system has not taken yet.
    var isWritable: Bool { get }
    /// What was sent and the system has not taken yet.
    var unsentBytes: Int { get }
    /// It has requests read that wait for `readHeldInput`.
    var holdsInput: Bool { get }
    /// A bound that had stopped reading may have moved.
    func readHeldInput()
    /// Sends what stands in `outbound`. What the system does not take at once is kept and sent later; the caller
    /// empties it.
    func send(_ outbound: borrowing Outbound)
    /// Whether bytes are wanted from now on.
    func setReading(_ isWanted: Bool)
    /// Sends what is kept, then tells the client that nothing more comes. Reading goes on.
    func closeOutput()
    /// Sends what is kept, then closes.
    func closeAfterSending()
    /// Closes now; what is kept is lost.
    func close()
    /// Closes now and tells the client at once: what the system has not delivered is lost too.
    func reset()
}

/// The thread of a loop.
protocol LoopExecutor: AnyObject, Sendable {
    /// The caller is on this loop.
    var isCurrent: Bool { get }
    /// Runs `work` soon; from any thread.
    func execute(_ work: @escaping @Sendable () -> Void)
    /// Has the loop's `endTurn` called at the end of this turn. On the loop.
    func callAtEndOfTurn()
}
