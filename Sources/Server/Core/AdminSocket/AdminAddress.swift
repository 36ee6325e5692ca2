internal import Foundation

/// A descriptor that is closed when its last holder lets go.
final class OwnedDescriptor: Sendable {
    let number: Int32
    init(_ number: Int32) { self.number = number }
    deinit { close(number) }
}

/// Where the admin socket of a data directory is: `admin.sock`, with `admin.lock` beside it.
enum AdminAddress {
    static let socketName = "admin.sock"
    static let lockName = "admin.lock"

    /// Calls `body` (bind or connect) with the socket's address. `sun_path` holds 107 bytes on Linux (unix(7)); a
    /// longer path goes through the directory's descriptor in `/proc/self/fd`, which needs no change of working directory.
    static func with<Result>(
        directory: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) throws(AdminError) -> Result {
        var address = sockaddr_un()
        let room = MemoryLayout.size(ofValue: address.sun_path) - 1
        var path = directory + "/" + socketName
        var held: OwnedDescriptor?
        if path.utf8.count > room {
            let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard descriptor >= 0 else {
                throw .system(
                    operation: "open", path: directory, problem: SystemCall.message(errno),
                    hint: "expected a directory that exists")
            }
            held = OwnedDescriptor(descriptor)
            path = "/proc/self/fd/\(descriptor)/" + socketName
        }
        address.sun_family = sa_family_t(AF_UNIX)
        // SAFETY: the path is at most `room` bytes, one less than the field, whose rest is zero.
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        // SAFETY: a sockaddr_un is read as the sockaddr that it begins with, for the length given, within the call.
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        withExtendedLifetime(held) {}
        return result
    }

    static func makeSocket() -> Int32 { socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0) }
}
