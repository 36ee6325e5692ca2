import Glibc

/// What a client got: one answer taken apart.
struct TestAnswer: Equatable {
    var status: Int
    var head: String
    var body: [UInt8]
    var text: String { String(decoding: body, as: UTF8.self) }

    /// A header's value, the name in lower case.
    func header(_ name: String) -> String? {
        for line in head.split(separator: "\r\n").dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            if line[..<colon].lowercased() == name {
                return String(line[line.index(after: colon)...].drop { $0 == " " })
            }
        }
        return nil
    }
}

enum TestClientError: Error { case connect(CInt), ended, timedOut, malformed(String) }

/// A blocking client on a raw socket that waits for events only, each at most ten seconds.
final class TestClient {
    private let descriptor: CInt
    private(set) var unread: [UInt8] = []

    /// - Parameter receiveBytes: the size of the socket's receive buffer, for slow readers.
    init(port: Int, source: String = "127.0.0.1", receiveBytes: CInt? = nil) throws {
        descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var timeout = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var one: CInt = 1
        setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<CInt>.size))
        if var size = receiveBytes {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<CInt>.size))
        }
        var own = Self.address(source, port: 0)
        var peer = Self.address("127.0.0.1", port: port)
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        // SAFETY: both addresses are sockaddr_in of `size` bytes, lent for the length of the call.
        let bound = withUnsafePointer(to: &own) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
        }
        // SAFETY: as above.
        let code = withUnsafePointer(to: &peer) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        guard bound == 0, code == 0 else { throw TestClientError.connect(errno) }
    }

    deinit { close(descriptor) }

    private static func address(_ text: String, port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        inet_pton(AF_INET, text, &address.sin_addr)
        return address
    }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw TestClientError.ended }
            sent += count
        }
    }

    /// Whether the system still counts the connection as open in both directions: the first byte of tcp(7)'s TCP_INFO
    /// is the state, and 1 stands for that.
    var isConnected: Bool {
        var state: UInt8 = 0
        var size = socklen_t(1)
        return getsockopt(descriptor, CInt(IPPROTO_TCP), TCP_INFO, &state, &size) == 0 && state == 1
    }

    /// Tells the server that no more will come.
    func finishSending() { shutdown(descriptor, CInt(SHUT_WR)) }

    /// Reads once more; false at the end of the stream, a reset among the ends.
    func receive() throws -> Bool {
        var piece = [UInt8](repeating: 0, count: 65_536)
        let count = piece.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
        if count < 0, errno == EAGAIN { throw TestClientError.timedOut }
        guard count > 0 else { return false }
        unread += piece[..<count]
        return true
    }

    /// Reads to the end of the stream.
    func readToEnd() throws -> [UInt8] {
        while try receive() {}
        defer { unread = [] }
        return unread
    }

    /// The next whole answer. `hasBody` is false for the answer to HEAD.
    func answer(hasBody: Bool = true) throws -> TestAnswer {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let start = unread.firstRange(of: end) {
                let head = String(decoding: unread[..<start.lowerBound], as: UTF8.self)
                let words = head.prefix { $0 != "\r\n" }.split(separator: " ")
                guard words.count >= 2, words[0] == "HTTP/1.1", let status = Int(words[1]) else {
                    throw TestClientError.malformed(head)
                }
                var answer = TestAnswer(status: status, head: head, body: [])
                let count = hasBody && status >= 200 ? Int(answer.header("content-length") ?? "0") ?? 0 : 0
                while unread.count < start.upperBound + count {
                    guard try receive() else { throw TestClientError.ended }
                }
                answer.body = Array(unread[start.upperBound..<start.upperBound + count])
                unread.removeFirst(start.upperBound + count)
                return answer
            }
            guard try receive() else { throw TestClientError.ended }
        }
    }

    /// Every answer until the server closes.
    func answersToEnd() throws -> [TestAnswer] {
        var answers: [TestAnswer] = []
        while true {
            do { answers.append(try answer()) } catch TestClientError.ended {
                guard unread.isEmpty else {
                    throw TestClientError.malformed("\(unread.count) bytes after the last answer")
                }
                return answers
            }
        }
    }
}

extension Array where Element == UInt8 {
    /// The first place where `other` stands.
    func firstRange(of other: [UInt8]) -> Range<Int>? {
        guard count >= other.count else { return nil }
        for start in 0...(count - other.count)
        where self[start] == other[0] && Array(self[start..<start + other.count]) == other {
            return start..<start + other.count
        }
        return nil
    }
}
