internal import CLinux
package import Events
internal import RequestParsing
internal import Synchronization

/// What moves the bytes of a listener's connections.
protocol TransportListener: AnyObject, Sendable {
    var loops: [ServingLoop] { get }
    var port: Int { get }
    /// No further connection is taken.
    func stopListening() async
    /// Ends the threads; nothing runs on a loop any more.
    func stop() async
}

/// The public plane's HTTP server: one listening socket, its connections spread over loops of its own, one responder a
/// loop. Knows no event.
///
/// Life cycle: `start`, then `drain` once. Connections beyond a cap are answered 503 and closed; see
/// `ServingConfiguration` for every other bound.
package final class HTTPListener: Sendable {
    /// What a drain left behind.
    package struct DrainReport: Equatable, Sendable {
        /// Connections still busy at the drain's deadline, cut off then.
        package var cutOff = 0
    }

    private enum DrainState {
        case listening
        case draining([CheckedContinuation<DrainReport, Never>])
        case drained(DrainReport)
    }

    private let transport: any TransportListener
    private let state = Mutex(DrainState.listening)
    private let configuration: ServingConfiguration

    private init(transport: any TransportListener, configuration: ServingConfiguration) {
        self.transport = transport
        self.configuration = configuration
    }

    /// Listens. `makeResponder` is called once for each loop, on that loop, before the first connection.
    ///
    /// - Parameter loopCount: 0 for one for each CPU that this process may run on.
    /// - Throws: `ServingError.listen` with address and reason.
    package static func start(
        _ configuration: ServingConfiguration, loopCount: Int, time: any TimeSource = SystemTimeSource(),
        makeResponder: @escaping @Sendable (ServingLoop) -> any RequestResponder
    ) async throws(ServingError) -> HTTPListener {
        let admission = ConnectionAdmission(
            totalMax: configuration.connectionsMax, addressMax: configuration.connectionsPerAddressMax,
            trustedProxies: TrustedProxies(configuration.trustedProxies))
        let count = loopCount > 0 ? loopCount : Int(linux_cpu_count())
        let makeLoop: (Int, any LoopExecutor) -> ServingLoop = { index, executor in
            ServingLoop(
                index: index, executor: executor, configuration: configuration, admission: admission, time: time)
        }
        let prepare: @Sendable (ServingLoop) -> Void = { loop in loop.responder = makeResponder(loop) }
        do {
            let transport: any TransportListener =
                switch configuration.parser {
                case .own:
                    try await SocketListener.start(
                        configuration, loopCount: count, makeLoop: makeLoop, prepare: prepare)
                case .nio:
                    try await ChannelListener.start(
                        configuration, loopCount: count, makeLoop: makeLoop, prepare: prepare)
                }
            return HTTPListener(transport: transport, configuration: configuration)
        } catch {
            throw .listen(address: "\(configuration.host):\(configuration.port)", reason: "\(error)")
        }
    }

    /// The port listened on: the configured one, or the system's choice.
    package var port: Int { transport.port }

    /// What all loops have counted so far; from any thread.
    package var counts: ServingCounts { ServingCounts(transport.loops.map(\.counters)) }

    /// Stops accepting, closes idle connections after a short grace, lets requests in flight be answered with
    /// `Connection: close`, and cuts off what is left at the configured deadline. Returns when no connection is left and
    /// the loops have ended; a further call gives the report of the first.
    package func drain() async -> DrainReport {
        if let report = await reportOfFirstDrain() { return report }
        let report = await drainLoops()
        let waiting = state.withLock { state -> [CheckedContinuation<DrainReport, Never>] in
            defer { state = .drained(report) }
            if case .draining(let waiting) = state { return waiting }
            return []
        }
        for continuation in waiting { continuation.resume(returning: report) }
        return report
    }

    /// nil for the first caller, who drains; the others wait.
    private func reportOfFirstDrain() async -> DrainReport? {
        let isFirst = state.withLock { state in
            guard case .listening = state else { return false }
            state = .draining([])
            return true
        }
        if isFirst { return nil }
        return await withCheckedContinuation { continuation in
            let report = state.withLock { state -> DrainReport? in
                switch state {
                case .drained(let report): return report
                case .draining(let waiting): state = .draining(waiting + [continuation])
                case .listening: break
                }
                return nil
            }
            if let report { continuation.resume(returning: report) }
        }
    }

    private func drainLoops() async -> DrainReport {
        await transport.stopListening()
        let milliseconds = max(configuration.drainMilliseconds, 0)
        var report = DrainReport()
        await withTaskGroup(of: Int.self) { group in
            for loop in transport.loops {
                group.addTask {
                    await withCheckedContinuation { done in
                        loop.execute { loop.drain(milliseconds: milliseconds) { done.resume(returning: $0) } }
                    }
                }
            }
            for await cutOff in group { report.cutOff += cutOff }
        }
        await transport.stop()
        return report
    }
}
