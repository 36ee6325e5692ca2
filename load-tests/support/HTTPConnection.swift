import Glibc

/// A blocking HTTP/1.1 connection for load tests, audits and flow tests: sends bytes as they are given, reads
/// one whole answer at a time. One thread at a time.
package final class HTTPConnection {
    package struct Answer: Sendable {
        package var status: Int
        /// Names in lower case, in the order of arrival.
        package var headers: [(name: String, value: String)]
        package var body: [UInt8]

        package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
        package var text: String { String(decoding: body, as: UTF8.self) }
    }

    package enum Failure: Error, Equatable {
        case connect(errno: Int32)
        /// The peer closed or reset before a whole answer had come.
        case closed
        case timedOut
        case malformed(String)
    }

    private let descriptor: Int32
    private var buffered: [UInt8] = []

    /// Connects to an IPv4 address on this machine.
    package init(address: String = "127.0.0.1", port: Int, timeoutSeconds: Int = 10) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure.connect(errno: errno) }
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = in_port_t(UInt16(truncatingIfNeeded: port).bigEndian)
        inet_pton(AF_INET, address, &target.sin_addr)
        var limit = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        let result = withUnsafePointer(to: &target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            let code = errno
            close(descriptor)
            throw Failure.connect(errno: code)
        }
    }

    deinit { close(descriptor) }

    package func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                sent += count
            } else if errno != EINTR {
                throw errno == EAGAIN ? Failure.timedOut : Failure.closed
            }
        }
    }

    package func send(_ text: String) throws { try send(Array(text.utf8)) }

    /// Half-closes: the peer sees the end of what we send.
    package func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// The next answer: status line, headers, body by `Content-Length` or `chunked`, or until the peer closes.
    package func readAnswer(toHead: Bool = false) throws -> Answer {
        let head = try readHead()
        let lines = head.split(separator: "\r\n", omittingEmptySubsequences: true)
        guard let first = lines.first, let status = Int(first.split(separator: " ").dropFirst().first ?? "") else {
            throw Failure.malformed(head)
        }
        var answer = Answer(status: status, headers: [], body: [])
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { throw Failure.malformed(String(line)) }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            answer.headers.append((line[..<colon].lowercased(), String(value)))
        }
        if toHead || status == 204 || status == 304 || status / 100 == 1 { return answer }
        if answer.header("transfer-encoding") == "chunked" {
            answer.body = try readChunks()
        } else if let length = answer.header("content-length").flatMap(Int.init) {
            answer.body = try take(length)
        } else {
            while try fill() {}
            answer.body = buffered
            buffered = []
        }
        return answer
    }

    /// Sends a request and reads its answer.
    package func request(
        _ method: String, _ target: String, headers: [(String, String)] = [], body: [UInt8] = [],
        host: String = "localhost"
    ) throws -> Answer {
        var text = "\(method) \(target) HTTP/1.1\r\nHost: \(host)\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        if !body.isEmpty || method == "POST" { text += "Content-Length: \(body.count)\r\n" }
        try send(Array((text + "\r\n").utf8) + body)
        return try readAnswer(toHead: method == "HEAD")
    }

    /// True when the peer has closed and everything it sent has been read.
    package func isClosedByPeer() throws -> Bool {
        if !buffered.isEmpty { return false }
        return try !fill()
    }

    private func readHead() throws -> String {
        while true {
            if let end = headEnd() {
                let head = String(decoding: buffered[..<end], as: UTF8.self)
                buffered.removeFirst(end + 4)
                return head
            }
            guard try fill() else { throw Failure.closed }
        }
    }

    private func headEnd() -> Int? {
        guard buffered.count >= 4 else { return nil }
        for index in 0...(buffered.count - 4)
        where buffered[index] == 13 && buffered[index + 1] == 10 && buffered[index + 2] == 13
            && buffered[index + 3] == 10
        {
            return index
        }
        return nil
    }

    private func readChunks() throws -> [UInt8] {
        var body: [UInt8] = []
        while true {
            var line: [UInt8] = []
            while line.suffix(2) != [13, 10] { line += try take(1) }
            guard let count = Int(String(decoding: line.dropLast(2), as: UTF8.self), radix: 16) else {
                throw Failure.malformed("chunk")
            }
            let chunk = try take(count + 2)
            if count == 0 { return body }
            body += chunk.dropLast(2)
        }
    }

    private func take(_ count: Int) throws -> [UInt8] {
        while buffered.count < count { guard try fill() else { throw Failure.closed } }
        let taken = Array(buffered[..<count])
        buffered.removeFirst(count)
        return taken
    }

    /// Reads more; false at the end of the stream.
    private func fill() throws -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            if count > 0 {
                buffered.append(contentsOf: chunk[..<count])
                return true
            }
            if count == 0 { return false }
            if errno == EINTR { continue }
            throw errno == EAGAIN ? Failure.timedOut : Failure.closed
        }
    }
}
