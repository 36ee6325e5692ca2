internal import CLinux
internal import COctets
internal import Events
internal import Synchronization
internal import Threads

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// An event loop on a thread of its own: waits with epoll, reads and writes sockets, keeps time.
///
/// A turn: wait, let each ready socket read or write, run what other threads asked for, flush what was completed. Other
/// threads wake it through an eventfd, once however many ask before it runs. Costs of its own a turn: one `epoll_wait`
/// for at most 256 ready sockets, one reading of the clock.
///
/// Sockets are read one behind another into one buffer, and only then are their requests worked on, one behind another:
/// the system's code and ours are each larger than the processor's first cache, and would drive one another out of it
/// with every request.
///
///     recv recv recv …  |  request request request …  |  (those whose events are on disk) send send send …
///
/// The system says once that a socket has something (edge-triggered): it would look at each again in the next turn
/// otherwise. A read that does not fill its buffer has taken all there was. Where it may not have, the socket is read
/// once in each turn until there is nothing left.
///
/// SAFETY: everything mutable is touched on the loop's thread, which is the only one between `start` and `stop`; what
/// other threads touch is `tasks` and two atomics.
final class SocketLoop: LoopExecutor, @unchecked Sendable {
    private static let readBytesMax = 32 << 10
    /// What is read before requests are worked on: so much, or from so many sockets.
    private static let stagedBytesMax = 128 << 10
    private static let stagedReadsMax = 64
    private static let acceptedPerTurnMax = 32
    private static let wakeTag: UInt64 = .max
    private static let listenerTag: UInt64 = .max - 1

    let epoll: CInt
    private let wakeDescriptor: CInt
    private let tasks = Mutex<[@Sendable () -> Void]>([])
    private let isAwake = Atomic<Bool>(false)
    private let isStopping = Atomic<Bool>(false)
    private let threadID = Atomic<UInt>(0)
    /// SAFETY: allocated in `init`, freed in `deinit`, used on the loop's thread.
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: stagedBytesMax, alignment: 16)
    /// What stands in `buffer`, and whose it is.
    private var reads: [(socket: SocketConnection, range: Range<Int>)] = []
    /// Sockets that may hold more than was read of them, each once.
    private var unfinished: [SocketConnection] = []
    private let ready = UnsafeMutablePointer<linux_ready>.allocate(capacity: 256)
    private var sockets: [SocketConnection?] = []
    private var generations: [UInt32] = []
    private var freePlaces: [UInt32] = []
    private var isEndWanted = false
    private var thread: OwnThread?
    /// Set once, before `start`.
    var loop: ServingLoop?

    /// The descriptor that connections come from; the first loop has it and hands them round.
    private var listener: CInt = -1
    private var isListenerPaused = false
    private var accept: ((CInt, IPAddress) -> Void)?

    /// nil where the system has no descriptors left.
    init?() {
        epoll = linux_epoll_create()
        wakeDescriptor = linux_eventfd()
        guard epoll >= 0, wakeDescriptor >= 0,
            linux_epoll_control(epoll, LINUX_ADD, wakeDescriptor, LINUX_READABLE | LINUX_EDGE, Self.wakeTag) == 0
        else { return nil }
    }

    deinit {
        if epoll >= 0 { close(epoll) }
        if wakeDescriptor >= 0 { close(wakeDescriptor) }
        buffer.deallocate()
        ready.deallocate()
    }

    // MARK: Life cycle

    /// Starts the thread; false where the system gives none.
    func start(index: Int) -> Bool {
        let thread = OwnThread(name: "loop-\(index)") { [self] in run() }
        self.thread = thread
        return thread.hasStarted
    }

    /// Ends the thread; connections that are left are closed.
    func stop() {
        isStopping.store(true, ordering: .releasing)
        wake()
        thread?.join()
        thread = nil
    }

    private func run() {
        threadID.store(UInt(pthread_self()), ordering: .relaxed)
        let clock = SystemTimeSource()
        let grain = UInt64(max(loop?.configuration.tickMilliseconds ?? 250, 1)) * 1_000_000
        var nextTick = clock.monotonic().nanoseconds + grain
        while !isStopping.load(ordering: .acquiring) {
            let now = clock.monotonic().nanoseconds
            if now >= nextTick {
                nextTick = now + grain
                loop?.onTimer()
                resumeListener()
            }
            let wait = unfinished.isEmpty && nextTick > now ? (nextTick - now) / 1_000_000 + 1 : 0
            readAll(linux_epoll_wait(epoll, ready, CInt(clamping: wait)))
            runTasks()
            // What is read while answers leave belongs to this turn too: it must not wait for the next.
            while isEndWanted {
                isEndWanted = false
                loop?.endTurn()
            }
        }
        runTasks()
        for socket in sockets { socket?.close() }
    }

    /// Reads each of the first `count` sockets in `ready`, and each that was not read to its end, once; then lets their
    /// connections have what came.
    private func readAll(_ count: CInt) {
        let others = unfinished
        unfinished.removeAll(keepingCapacity: true)
        let count = max(0, Int(count))
        for index in 0..<count {
            if index + 1 < count { prefetchSocket(of: ready[index + 1]) }
            dispatch(ready[index])
        }
        for socket in others {
            socket.isUnfinished = false
            if socket.isReadable { read(socket, mayHoldMore: true) }
        }
        handOver()
    }

    /// Has a socket's memory come, without touching it.
    private func prefetchSocket(of event: linux_ready) {
        let place = Int(event.tag & 0xFFFF_FFFF)
        guard place < sockets.count else { return }
        // SAFETY: an array of optional objects is an array of addresses; this one is only hinted at.
        let address = sockets.withUnsafeBytes { $0.load(fromByteOffset: place * 8, as: UInt.self) }
        octets_prefetchAll(UnsafeRawPointer(bitPattern: address), 0, ConnectionMemory.transportBytes)
    }

    private func dispatch(_ event: linux_ready) {
        switch event.tag {
        case Self.wakeTag: break
        case Self.listenerTag: acceptConnections()
        default:
            let place = Int(event.tag & 0xFFFF_FFFF)
            // One that was closed earlier in this turn is no longer there, or another has its place.
            guard place < sockets.count, let socket = sockets[place], socket.tag == event.tag else { return }
            guard socket.ready(event.events), !socket.isUnfinished else { return }
            read(socket, mayHoldMore: event.events & (LINUX_ENDED | LINUX_GONE) != 0)
        }
    }

    /// How much of `buffer` is taken.
    private var stagedBytes: Int { reads.last?.range.upperBound ?? 0 }

    /// Reads what a socket has, at most `readBytesMax`; `handOver` gives it to the socket's connection.
    ///
    /// - mayHoldMore: also where the read does not fill its buffer, as with a client that has hung up behind its bytes.
    private func read(_ socket: SocketConnection, mayHoldMore: Bool) {
        if reads.count == Self.stagedReadsMax || buffer.count - stagedBytes < Self.readBytesMax {
            handOver()
            guard socket.isReadable else { return }
        }
        let start = stagedBytes
        // SAFETY: so many bytes are left behind `start`, as looked at above.
        let count = uninterrupted {
            recv(socket.descriptor, buffer.baseAddress.map { $0 + start }, Self.readBytesMax, 0)
        }
        guard count > 0 else { return socket.receivedNothing(count, errno) }
        if mayHoldMore || count == Self.readBytesMax {
            socket.isUnfinished = true
            unfinished.append(socket)
        }
        socket.memory.prefetch()
        reads.append((socket, start..<start + count))
    }

    /// Lets the connections take what was read.
    private func handOver() {
        for (socket, range) in reads { socket.received(UnsafeRawBufferPointer(rebasing: buffer[range]).bytes) }
        reads.removeAll(keepingCapacity: true)
    }

    // MARK: Executor

    var isCurrent: Bool { threadID.load(ordering: .relaxed) == UInt(pthread_self()) }

    func execute(_ work: @escaping @Sendable () -> Void) {
        tasks.withLock { $0.append(work) }
        wake()
    }

    func callAtEndOfTurn() { isEndWanted = true }

    private func wake() {
        guard !isAwake.exchange(true, ordering: .acquiringAndReleasing) else { return }
        var one: UInt64 = 1
        _ = write(wakeDescriptor, &one, 8)
    }

    private func runTasks() {
        guard isAwake.load(ordering: .acquiring) else { return }
        isAwake.store(false, ordering: .sequentiallyConsistent)
        let work = tasks.withLock { tasks in
            defer { tasks.removeAll(keepingCapacity: tasks.count <= 64) }
            return tasks
        }
        for task in work { task() }
    }

    // MARK: Sockets

    /// Takes over a connected socket that was counted in; on the loop. Closes it where the system cannot watch it.
    func add(_ descriptor: CInt, peer: IPAddress, _ verdict: ConnectionAdmission.Verdict) {
        guard let loop else { return }
        var enabled: CInt = 1
        setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &enabled, socklen_t(MemoryLayout<CInt>.size))
        let place: UInt32
        if let free = freePlaces.popLast() {
            place = free
        } else {
            place = UInt32(clamping: sockets.count)
            sockets.append(nil)
            generations.append(0)
        }
        generations[Int(place)] &+= 1
        // The highest bit stays free, so that no tag is one of the loop's own.
        let tag = UInt64(generations[Int(place)] & 0x7FFF_FFFF) << 32 | UInt64(place)
        let socket = SocketConnection(
            descriptor: descriptor, tag: tag, loop: self, connection: Connection(loop: loop, peer: peer))
        sockets[Int(place)] = socket
        if !socket.open(verdict) {
            sockets[Int(place)] = nil
            freePlaces.append(place)
            close(descriptor)
            loop.admission.leave(peer)
        }
    }

    /// The socket is closed.
    func forget(_ socket: SocketConnection) {
        let place = Int(socket.tag & 0xFFFF_FFFF)
        sockets[place] = nil
        freePlaces.append(UInt32(clamping: place))
    }

    // MARK: Listening

    /// Begins to take connections from `descriptor`, which becomes the loop's; each goes to `accept`. On the loop.
    func listen(on descriptor: CInt, accept: @escaping (CInt, IPAddress) -> Void) -> Bool {
        listener = descriptor
        self.accept = accept
        return linux_epoll_control(epoll, LINUX_ADD, descriptor, LINUX_READABLE, Self.listenerTag) == 0
    }

    /// Closes the listening socket. On the loop.
    func stopListening() {
        guard listener >= 0 else { return }
        close(listener)
        listener = -1
    }

    private func acceptConnections() {
        for _ in 0..<Self.acceptedPerTurnMax where listener >= 0 {
            var peer = sockaddr_storage()
            let descriptor = linux_accept(listener, &peer)
            if descriptor >= 0 {
                accept?(descriptor, IPAddress(peer))
                continue
            }
            switch errno {
            case ECONNABORTED, EINTR: continue
            case EAGAIN: return
            default:
                // No descriptors or memory left: others wait in the backlog until the next tick.
                loop?.counters.add(.connectionLimit)
                isListenerPaused = true
                _ = linux_epoll_control(epoll, LINUX_CHANGE, listener, 0, Self.listenerTag)
                return
            }
        }
    }

    private func resumeListener() {
        guard isListenerPaused, listener >= 0 else { return }
        isListenerPaused = false
        _ = linux_epoll_control(epoll, LINUX_CHANGE, listener, LINUX_READABLE, Self.listenerTag)
    }
}

extension IPAddress {
    /// The address of a socket; `::` for one that has none.
    fileprivate init(_ storage: sockaddr_storage) {
        let family = CInt(storage.ss_family)
        self = withUnsafeBytes(of: storage) { bytes in
            // SAFETY: `sockaddr_storage` is large enough and aligned for both.
            switch family {
            case AF_INET:
                let address = bytes.load(as: sockaddr_in.self).sin_addr.s_addr
                return IPAddress(ipv4: UInt32(bigEndian: address))
            case AF_INET6:
                let address = bytes.load(as: sockaddr_in6.self).sin6_addr
                return withUnsafeBytes(of: address) { octets in
                    IPAddress(
                        high: UInt64(bigEndian: octets.loadUnaligned(as: UInt64.self)),
                        low: UInt64(bigEndian: octets.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
                }
            default: return IPAddress(high: 0, low: 0)
            }
        }
    }
}
