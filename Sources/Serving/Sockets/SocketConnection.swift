internal import CLinux
internal import Events

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// One socket on a `SocketLoop`: reads when the system says so, writes at once, keeps what the system does not take.
///
/// In the usual case a request costs one `recv` and one `send`: the socket stays registered for reading, and is changed
/// only where reading stops or something could not be sent. Each change has the system look at it anew, so that nothing
/// that came meanwhile goes unnoticed.
final class SocketConnection: ConnectionTransport {
    let descriptor: CInt
    /// Its registration's number: the place in the loop's table and how often that place was given out.
    let tag: UInt64
    private unowned let loop: SocketLoop
    private let connection: Connection
    /// Where the connection lies.
    let memory: ConnectionMemory
    /// What the system did not take, in pieces; of the first one `unsentStart` bytes have gone.
    private var unsent: [[UInt8]] = []
    private var unsentStart = 0
    private var registered: UInt32 = 0
    private var isReading = true
    private var isOpen = true
    private var isOutputClosing = false
    /// The loop's: the socket stands among those that may hold more than was read.
    var isUnfinished = false
    private var isClosingAfterSending = false

    init(descriptor: CInt, tag: UInt64, loop: SocketLoop, connection: Connection) {
        self.descriptor = descriptor
        self.tag = tag
        self.loop = loop
        self.connection = connection
        memory = ConnectionMemory(connection)
    }

    /// Registers the socket and begins; false where the system refuses.
    func open(_ verdict: ConnectionAdmission.Verdict) -> Bool {
        registered = wantedEvents
        guard linux_epoll_control(loop.epoll, LINUX_ADD, descriptor, registered, tag) == 0 else { return false }
        connection.opened(self, verdict)
        return true
    }

    /// Whether bytes of the client are wanted.
    var isReadable: Bool { isOpen && isReading }

    /// What the system said of the socket; true where it is to be read from now.
    func ready(_ events: UInt32) -> Bool {
        if events & LINUX_WRITABLE != 0 { sendKept() }
        guard isOpen else { return false }
        if isReading { return events & (LINUX_READABLE | LINUX_ENDED | LINUX_GONE) != 0 }
        if events & LINUX_GONE != 0 { close() }
        return false
    }

    /// Takes what was read from the socket; nothing where it was closed in between.
    func received(_ bytes: RawSpan) {
        guard isOpen else { return }
        connection.receive(bytes)
        connection.finishTurn()
    }

    /// Reading gave no bytes: the client has hung up, or `code` says why not.
    func receivedNothing(_ count: Int, _ code: CInt) {
        if count == 0 {
            connection.inputClosed()
        } else if code != EAGAIN {
            close()
        }
    }

    // MARK: Transport

    var isWritable: Bool { isOpen && unsent.isEmpty }
    var unsentBytes: Int { unsent.reduce(-unsentStart) { $0 + $1.count } }
    var holdsInput: Bool { false }
    func readHeldInput() {}

    func send(_ outbound: borrowing Outbound) {
        guard isOpen else { return }
        guard unsent.isEmpty else {
            unsent += outbound.pieces()
            return
        }
        var sent = 0
        var start = 0
        for one in outbound.shared {
            let wanted = one.place - start + one.body.count
            guard let taken = system(outbound.own, start..<one.place, one.body) else { return }
            sent += taken
            guard taken == wanted else { return keep(outbound, from: sent) }
            start = one.place
        }
        guard start < outbound.own.count else { return }
        guard let taken = system(outbound.own, start..<outbound.own.count) else { return }
        sent += taken
        if sent < outbound.count { keep(outbound, from: sent) }
    }

    /// Keeps what follows the first `sent` bytes, of which there are more.
    private func keep(_ outbound: borrowing Outbound, from sent: Int) {
        unsent = outbound.pieces()
        unsentStart = sent
        dropSentPieces()
        register()
    }

    private func dropSentPieces() {
        var count = 0
        while count < unsent.count, unsentStart >= unsent[count].count {
            unsentStart -= unsent[count].count
            count += 1
        }
        unsent.removeFirst(count)
    }

    /// How many bytes of `range` and then of `body` the system took; nil, and closed, where the connection is broken.
    private func system(_ bytes: [UInt8], _ range: Range<Int>, _ body: [UInt8] = []) -> Int? {
        let sent = bytes.withUnsafeBytes { own in
            let first = UnsafeRawBufferPointer(rebasing: own[range])
            return body.isEmpty
                ? systemSend(descriptor, first) : body.withUnsafeBytes { systemSend(descriptor, first, $0) }
        }
        if sent >= 0 { return sent }
        if errno == EAGAIN { return 0 }
        close()
        return nil
    }

    private func sendKept() {
        guard !unsent.isEmpty else { return }
        while isOpen, let piece = unsent.first {
            let range = unsentStart..<piece.count
            guard let taken = system(piece, range) else { return }
            unsentStart += taken
            dropSentPieces()
            guard taken == range.count else { return }
        }
        guard isOpen else { return }
        if isClosingAfterSending { return close() }
        if isOutputClosing { shutdown(descriptor, CInt(SHUT_WR)) }
        register()
        connection.becameWritable()
    }

    func setReading(_ isWanted: Bool) {
        guard isWanted != isReading else { return }
        isReading = isWanted
        register()
    }

    private var wantedEvents: UInt32 {
        LINUX_EDGE | (isReading ? LINUX_READABLE | LINUX_ENDED : 0) | (unsent.isEmpty ? 0 : LINUX_WRITABLE)
    }

    private func register() {
        let wanted = wantedEvents
        guard isOpen, wanted != registered else { return }
        registered = wanted
        if linux_epoll_control(loop.epoll, LINUX_CHANGE, descriptor, wanted, tag) != 0 { close() }
    }

    func closeOutput() {
        isOutputClosing = true
        if isOpen, unsent.isEmpty { shutdown(descriptor, CInt(SHUT_WR)) }
    }

    func closeAfterSending() {
        isClosingAfterSending = true
        if unsent.isEmpty { close() }
    }

    func reset() {
        var now = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    func close() {
        guard isOpen else { return }
        isOpen = false
        unsent = []
        loop.forget(self)
        systemClose(descriptor)
        connection.closed()
    }
}

// The system's calls by names that no method of a transport has.

private func systemSend(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer) -> Int {
    // SAFETY: the buffer is lent for the length of the call.
    bytes.baseAddress.map { start in uninterrupted { send(descriptor, start, bytes.count, CInt(MSG_NOSIGNAL)) } } ?? 0
}

/// Two stretches with one call.
private func systemSend(
    _ descriptor: CInt, _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer
) -> Int {
    // SAFETY: both buffers are lent for the length of the call, and sendmsg only reads them; `pieces` has two places.
    withUnsafeTemporaryAllocation(of: iovec.self, capacity: 2) { pieces in
        pieces[0] = iovec(iov_base: UnsafeMutableRawPointer(mutating: first.baseAddress), iov_len: first.count)
        pieces[1] = iovec(iov_base: UnsafeMutableRawPointer(mutating: second.baseAddress), iov_len: second.count)
        var message = msghdr()
        message.msg_iov = pieces.baseAddress
        message.msg_iovlen = 2
        return uninterrupted { sendmsg(descriptor, &message, CInt(MSG_NOSIGNAL)) }
    }
}

/// A call that a signal ended before it did anything is made again.
func uninterrupted(_ call: () -> Int) -> Int {
    while true {
        let result = call()
        if result >= 0 || errno != EINTR { return result }
    }
}

private func systemClose(_ descriptor: CInt) { _ = close(descriptor) }
