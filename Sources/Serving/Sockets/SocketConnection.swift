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
/// only where reading stops or something could not be sent.
final class SocketConnection: ConnectionTransport {
    let descriptor: CInt
    /// Its registration's number: the place in the loop's table and how often that place was given out.
    let tag: UInt64
    private unowned let loop: SocketLoop
    private let connection: Connection
    private var unsent: [UInt8] = []
    private var unsentStart = 0
    private var registered: UInt32 = 0
    private var isReading = true
    private var isOpen = true
    private var isOutputClosing = false
    private var isClosingAfterSending = false

    init(descriptor: CInt, tag: UInt64, loop: SocketLoop, connection: Connection) {
        self.descriptor = descriptor
        self.tag = tag
        self.loop = loop
        self.connection = connection
    }

    /// Registers the socket and begins; false where the system refuses.
    func open() -> Bool {
        registered = LINUX_READABLE
        guard linux_epoll_control(loop.epoll, LINUX_ADD, descriptor, registered, tag) == 0 else { return false }
        connection.opened(self)
        return true
    }

    /// What the system said of the socket.
    func ready(_ events: UInt32) {
        if events & LINUX_WRITABLE != 0 { sendKept() }
        guard isOpen else { return }
        if isReading {
            if events & (LINUX_READABLE | LINUX_GONE) != 0 { read() }
        } else if events & LINUX_GONE != 0 {
            close()
        }
    }

    private func read() {
        let count = loop.receive(from: descriptor)
        if count > 0 {
            loop.withReceived(count) { connection.receive($0) }
            connection.finishTurn()
        } else if count == 0 {
            connection.inputClosed()
        } else if errno != EAGAIN, errno != EINTR {
            close()
        }
    }

    // MARK: Transport

    var isWritable: Bool { isOpen && unsent.isEmpty }
    var hasUnsentBytes: Bool { !unsent.isEmpty }
    var holdsInput: Bool { false }
    func readHeldInput() {}

    func send(_ bytes: inout [UInt8]) {
        guard isOpen else { return bytes.removeAll(keepingCapacity: true) }
        guard unsent.isEmpty else {
            unsent += bytes
            return bytes.removeAll(keepingCapacity: true)
        }
        let sent = system(bytes, from: 0)
        guard sent >= 0 else { return }
        guard sent < bytes.count else { return bytes.removeAll(keepingCapacity: true) }
        swap(&unsent, &bytes)
        bytes = []
        unsentStart = sent
        register()
    }

    /// How many bytes the system took; less than 0, and closed, where the connection is broken.
    private func system(_ bytes: [UInt8], from start: Int) -> Int {
        let sent = bytes.withUnsafeBytes { buffer in
            // SAFETY: `start` is at most the count.
            buffer.baseAddress.map { systemSend(descriptor, $0 + start, buffer.count - start) } ?? 0
        }
        if sent >= 0 { return sent }
        if errno == EAGAIN || errno == EINTR { return 0 }
        close()
        return -1
    }

    private func sendKept() {
        guard isOpen, !unsent.isEmpty else { return }
        let sent = system(unsent, from: unsentStart)
        guard sent >= 0 else { return }
        unsentStart += sent
        guard unsentStart == unsent.count else { return }
        unsent = []
        unsentStart = 0
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

    private func register() {
        let wanted = (isReading ? LINUX_READABLE : 0) | (unsent.isEmpty ? 0 : LINUX_WRITABLE)
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

private func systemSend(_ descriptor: CInt, _ start: UnsafeRawPointer, _ count: Int) -> Int {
    send(descriptor, start, count, CInt(MSG_NOSIGNAL))
}

private func systemClose(_ descriptor: CInt) { _ = close(descriptor) }
