import ArgumentParser
import Foundation
import Glibc
import Histogram

/// The engine of `OpenLoop`: a schedule, a line of due requests, and connections that take from it.
struct Generator {
    struct Result {
        var histogram = Histogram<UInt64>(
            highestTrackableValue: 120_000_000_000, numberOfSignificantValueDigits: .three)
        var due = 0
        var answered = 0
        /// Answers other than 2xx.
        var refused = 0
    }

    private struct Connection {
        var descriptor: Int32
        /// When the request in flight was due; 0 when idle.
        var dueAt: UInt64 = 0
        var received: [UInt8] = []
    }

    private let request: [UInt8]
    private var open: [Connection] = []
    private var idle: [Int] = []
    private var polled: [pollfd] = []
    private static let chunkBytes = 4096
    /// Never given back: the program ends with its one generator.
    private let chunk = UnsafeMutableRawPointer.allocate(byteCount: chunkBytes, alignment: 16)

    init(port: Int, request: [UInt8], connections: Int) throws {
        self.request = request
        for index in 0..<connections {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var target = sockaddr_in()
            target.sin_family = sa_family_t(AF_INET)
            target.sin_port = in_port_t(UInt16(truncatingIfNeeded: port).bigEndian)
            inet_pton(AF_INET, "127.0.0.1", &target.sin_addr)
            let connected = withUnsafePointer(to: &target) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            guard connected == 0 else { throw ValidationError("cannot connect to 127.0.0.1:\(port): errno \(errno)") }
            var on: Int32 = 1
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
            _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
            polled.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
            open.append(Connection(descriptor: descriptor))
            idle.append(index)
        }
    }

    mutating func run(rate: Double, seconds: Double, warmUpSeconds: Double) -> Result {
        var result = Result()
        let start = now()
        let interval = 1_000_000_000 / rate
        let total = Int(seconds * rate)
        let measuredFrom = start + UInt64(warmUpSeconds * 1_000_000_000)
        let giveUp = start + UInt64((seconds + 10) * 1_000_000_000)
        var sent = 0
        var outstanding = 0
        while sent < total || outstanding > 0 {
            let time = now()
            if time > giveUp { break }
            while sent < total, let index = idle.last {
                let dueAt = start + UInt64(Double(sent) * interval)
                guard dueAt <= time else { break }
                idle.removeLast()
                open[index].dueAt = dueAt
                if dueAt >= measuredFrom { result.due += 1 }
                sent += 1
                outstanding += 1
                transmit(index)
            }
            let nextDue = start + UInt64(Double(sent) * interval)
            let wait: Int32 = sent < total && !idle.isEmpty ? (nextDue > time + 2_000_000 ? 1 : 0) : 1
            guard poll(&polled, nfds_t(polled.count), wait) > 0 else { continue }
            for index in polled.indices where polled[index].revents != 0 {
                if let status = receive(index) {
                    let dueAt = open[index].dueAt
                    outstanding -= 1
                    open[index].dueAt = 0
                    idle.append(index)
                    guard dueAt >= measuredFrom else { continue }
                    if status / 100 == 2 {
                        result.answered += 1
                        result.histogram.record(max(1, now() - dueAt))
                    } else {
                        result.refused += 1
                    }
                }
            }
        }
        return result
    }

    private func transmit(_ index: Int) {
        var sent = 0
        while sent < request.count {
            let count = request.withUnsafeBytes {
                send(open[index].descriptor, $0.baseAddress! + sent, request.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count > 0 { sent += count } else if errno != EAGAIN && errno != EINTR { return }
        }
    }

    /// The status of a whole answer (head and `Content-Length` bytes), nil while it is incomplete. Reads bytes as they
    /// are: a generator that is busy with texts measures itself.
    private mutating func receive(_ index: Int) -> Int? {
        let count = recv(open[index].descriptor, chunk, Self.chunkBytes, 0)
        guard count > 0 else {
            if count == 0 || (errno != EAGAIN && errno != EINTR) {
                polled[index].fd = -1
            }
            return nil
        }
        open[index].received.append(contentsOf: UnsafeRawBufferPointer(start: chunk, count: count))
        guard let status = Self.status(of: open[index].received) else { return nil }
        open[index].received.removeAll(keepingCapacity: true)
        return status
    }

    private static let lengthName = Array("content-length:".utf8)

    private static func status(of bytes: [UInt8]) -> Int? {
        var status = 0
        var length = 0
        var start = 0
        while let end = bytes[start...].firstIndex(of: 0x0A) {
            if start == 0, end > 12 {
                status = bytes[9..<12].reduce(0) { $0 * 10 + Int($1 & 15) }
            } else if end - start <= 1 {
                return bytes.count >= end + 1 + length ? status : nil
            } else if end - start > lengthName.count,
                zip(bytes[start...], lengthName).allSatisfy({ $0 | 0x20 == $1 | 0x20 })
            {
                for byte in bytes[(start + lengthName.count)..<end] where byte >= 48 && byte < 58 {
                    length = min(length * 10 + Int(byte & 15), 1 << 30)
                }
            }
            start = end + 1
        }
        return nil
    }

    private func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
