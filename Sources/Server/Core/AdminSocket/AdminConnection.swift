internal import Foundation

/// One end of a connection on the admin socket: reads and writes whole lines, blocking, with a deadline. Used by one
/// thread at a time.
final class AdminConnection: Sendable {
    let socket: OwnedDescriptor

    init(_ socket: OwnedDescriptor) { self.socket = socket }

    /// Writes a value and a line feed. False when the other end is gone or does not read for ten seconds.
    func write(_ value: some Encodable) -> Bool {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard var bytes = (try? encoder.encode(value)).map({ [UInt8]($0) }) else { return false }
        bytes.append(10)
        var sent = 0
        while sent < bytes.count {
            guard wait(for: Int16(POLLOUT), milliseconds: 10_000) else { return false }
            let start = sent
            // SAFETY: the pointer covers the array's bytes from `start` on and is used within the call only.
            let count = bytes.withUnsafeBytes { buffer in
                send(socket.number, buffer.baseAddress.map { $0 + start }, buffer.count - start, Int32(MSG_NOSIGNAL))
            }
            if count < 0 {
                if errno == EINTR || errno == EAGAIN { continue }
                return false
            }
            sent += count
        }
        return true
    }

    /// True while the other end has not closed.
    var isOpen: Bool {
        var entry = pollfd(fd: socket.number, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, 0) > 0 else { return true }
        if entry.revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0 { return false }
        var byte: UInt8 = 0
        return recv(socket.number, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) > 0
    }

    private func wait(for events: Int16, milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: socket.number, events: events, revents: 0)
        while true {
            let ready = poll(&entry, 1, milliseconds)
            if ready < 0, errno == EINTR { continue }
            return ready > 0
        }
    }

    /// Ends both directions; a thread that reads or writes here returns.
    func shutDown() { _ = shutdown(socket.number, Int32(SHUT_RDWR)) }

    /// Reads lines of one connection.
    struct Reader: ~Copyable {
        private let connection: AdminConnection
        private var bytes: [UInt8] = []
        private var start = 0

        init(_ connection: AdminConnection) { self.connection = connection }

        /// The next line without its line feed; nil at the end, after `milliseconds` (-1: never), or when the line is
        /// longer than `bytesMax`.
        mutating func next(bytesMax: Int, milliseconds: Int32) -> Data? {
            let begun = ContinuousClock.now
            var searched = start
            while true {
                if let end = bytes[searched...].firstIndex(of: 10) {
                    defer { start = end + 1 }
                    return Data(bytes[start..<end])
                }
                searched = bytes.count
                guard bytes.count - start <= bytesMax else { return nil }
                if start > 0 {
                    bytes.removeFirst(start)
                    searched -= start
                    start = 0
                }
                var remaining = milliseconds
                if milliseconds >= 0 {
                    let passed = (ContinuousClock.now - begun) / .milliseconds(1)
                    guard passed < Double(milliseconds) else { return nil }
                    remaining = Int32(Double(milliseconds) - passed) + 1
                }
                guard connection.wait(for: Int16(POLLIN), milliseconds: remaining), fill() else { return nil }
            }
        }

        private mutating func fill() -> Bool {
            var chunk = [UInt8](repeating: 0, count: 16_384)
            let size = chunk.count
            // SAFETY: the pointer covers `size` bytes and is used within the call only.
            let count = chunk.withUnsafeMutableBytes { recv(connection.socket.number, $0.baseAddress, size, 0) }
            if count < 0 { return errno == EINTR || errno == EAGAIN }
            bytes.append(contentsOf: chunk[..<count])
            return count > 0
        }
    }
}
