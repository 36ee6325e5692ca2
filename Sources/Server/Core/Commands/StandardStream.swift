internal import Foundation
internal import Synchronization

/// Standard output or standard error. Where it cannot be written (a full disk, a closed descriptor) the text is lost and
/// the reason kept: the command says so at its end. From any thread.
final class StandardStream: Sendable {
    private let descriptor: Int32
    private let code = Atomic<Int32>(0)

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// What the system said when the first text was lost.
    var problem: String? {
        let code = code.load(ordering: .relaxed)
        return code == 0 ? nil : SystemCall.message(code)
    }

    func write(_ text: String) {
        guard code.load(ordering: .relaxed) == 0 else { return }
        var text = text
        text.withUTF8 { bytes in
            var done = 0
            while done < bytes.count {
                // SAFETY: the pointer covers the text's bytes from `done` on and is used within the call only.
                let count = Foundation.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
                if count > 0 {
                    done += count
                } else if count < 0, errno == EAGAIN {
                    // Somebody has made the terminal or pipe non-blocking.
                    var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = poll(&entry, 1, -1)
                } else if count == 0 || errno != EINTR {
                    return code.store(count == 0 ? EIO : errno, ordering: .relaxed)
                }
            }
        }
    }

    /// Where the program was started with one of the three streams closed, the next file that it opens would stand in its
    /// place, and be written over with what was meant for people: a descriptor that takes no text holds the place.
    static func holdPlaces() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) == -1 {
            _ = open("/dev/null", O_RDONLY)
        }
    }
}
