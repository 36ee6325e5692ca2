import Admin
import Events
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Reports
import Synchronization
import Testing

/// How the plane ends. An accepted connection that nobody takes used to end the whole process.
@Suite(.serialized) struct StopTests {
    private func running(drainDeadline: Duration) async throws -> RunningPlane {
        var settings = AdminSettings()
        settings.listenPort = 0
        return try await RunningPlane(try TestPlane(settings: settings), drainDeadline: drainDeadline)
    }

    /// A connection that is on its way.
    private func arriving(at port: Int) -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = in_port_t(port).bigEndian
        target.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        withUnsafePointer(to: &target) { pointer in
            // SAFETY: a sockaddr_in begins with a sockaddr; the pointer lives for the call only.
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return descriptor
    }

    @Test func connectionsThatArriveWhileItStopsAreClosed() async throws {
        for _ in 0..<20 {
            // So long that none is cut off, however busy the machine.
            let plane = try await running(drainDeadline: .seconds(600))
            let crowd = (0..<40).map { _ in arriving(at: plane.port) }
            await plane.stop()
            for one in crowd { close(one) }
            #expect(plane.logged.all == [])
        }
    }

    @Test func aRequestThatNeverComesWholeIsCutOffAtTheDeadline() async throws {
        let plane = try await running(drainDeadline: .milliseconds(50))
        let client = arriving(at: plane.port)
        defer { close(client) }
        var writable = pollfd(fd: client, events: Int16(POLLOUT), revents: 0)
        #expect(poll(&writable, 1, 10_000) == 1)
        let half = Array("POST /api/v2/query HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\n{".utf8)
        #expect(send(client, half, half.count, Int32(MSG_NOSIGNAL)) == half.count)
        await plane.stop()
        var readable = pollfd(fd: client, events: Int16(POLLIN), revents: 0)
        #expect(poll(&readable, 1, 10_000) == 1, "the connection is over")
        #expect(plane.logged.all == [])
    }
}
