internal import CLinux
internal import Events
internal import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Loops of our own and the listening socket of the first, which hands connections round.
final class SocketListener: TransportListener {
    let loops: [ServingLoop]
    let port: Int
    private let sockets: [SocketLoop]

    private init(loops: [ServingLoop], sockets: [SocketLoop], port: Int) {
        self.loops = loops
        self.sockets = sockets
        self.port = port
    }

    static func start(
        _ configuration: ServingConfiguration, loopCount: Int,
        makeLoop: (_ index: Int, _ executor: any LoopExecutor) -> ServingLoop,
        prepare: @escaping @Sendable (ServingLoop) -> Void
    ) async throws -> SocketListener {
        let (descriptor, port) = try ListeningSocket.open(configuration)
        var sockets: [SocketLoop] = []
        for index in 0..<loopCount {
            guard let socketLoop = SocketLoop() else {
                close(descriptor)
                throw SystemCallError("epoll_create1")
            }
            socketLoop.loop = makeLoop(index, socketLoop)
            sockets.append(socketLoop)
        }
        for (index, socketLoop) in sockets.enumerated() {
            guard socketLoop.start(index: index) else { throw SystemCallError("pthread_create") }
            await socketLoop.run { if let loop = socketLoop.loop { prepare(loop) } }
        }
        let next = Atomic<Int>(0)
        let others = sockets
        await sockets[0].run {
            guard let first = others[0].loop else { return }
            _ = others[0].listen(on: descriptor) { connection, peer in
                let verdict = first.admission.enter(peer)
                guard verdict != .overAll else {
                    first.counters.add(.connectionLimit)
                    close(connection)
                    return
                }
                let turn = next.wrappingAdd(1, ordering: .relaxed).oldValue
                let chosen = others[Int(UInt(bitPattern: turn) % UInt(others.count))]
                if chosen === others[0] {
                    chosen.add(connection, peer: peer, verdict)
                } else {
                    chosen.execute { chosen.add(connection, peer: peer, verdict) }
                }
            }
        }
        return SocketListener(loops: sockets.compactMap(\.loop), sockets: sockets, port: port)
    }

    func stopListening() async {
        let first = sockets[0]
        await first.run { first.stopListening() }
    }

    func stop() async { for socketLoop in sockets { socketLoop.stop() } }
}

extension SocketLoop {
    /// Runs `work` on the loop and waits for its end.
    func run(_ work: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { done in
            execute {
                work()
                done.resume()
            }
        }
    }
}

/// A system call's error, in the system's words.
struct SystemCallError: Error, CustomStringConvertible {
    let description: String
    init(_ call: String) { description = "\(call): \(String(cString: strerror(errno)))" }
    init(resolving host: String, code: CInt) { description = "\(host): \(String(cString: gai_strerror(code)))" }
}

/// Opens the socket that connections come to.
enum ListeningSocket {
    /// The descriptor, which does not block, and the port it has.
    static func open(_ configuration: ServingConfiguration) throws(SystemCallError) -> (descriptor: CInt, port: Int) {
        var hints = addrinfo()
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        var found: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(configuration.host, "\(configuration.port)", &hints, &found)
        guard code == 0, let address = found?.pointee else {
            throw SystemCallError(resolving: configuration.host, code: code)
        }
        defer { freeaddrinfo(found) }
        let flags = CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.ai_family, flags, 0)
        guard descriptor >= 0 else { throw SystemCallError("socket") }
        var enabled: CInt = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &enabled, socklen_t(MemoryLayout<CInt>.size))
        guard bind(descriptor, address.ai_addr, address.ai_addrlen) == 0 else {
            defer { close(descriptor) }
            throw SystemCallError("bind")
        }
        guard listen(descriptor, CInt(clamping: configuration.backlog)) == 0 else {
            defer { close(descriptor) }
            throw SystemCallError("listen")
        }
        return (descriptor, port(of: descriptor))
    }

    private static func port(of descriptor: CInt) -> Int {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutableBytes(of: &storage) { bytes in
            // SAFETY: the storage takes every kind of address; the port is in the same place in both.
            guard let base = bytes.baseAddress,
                getsockname(descriptor, base.assumingMemoryBound(to: sockaddr.self), &length) == 0
            else { return 0 }
            return Int(UInt16(bigEndian: base.loadUnaligned(fromByteOffset: 2, as: UInt16.self)))
        }
    }
}
