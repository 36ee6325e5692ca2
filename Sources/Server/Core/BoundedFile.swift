internal import Foundation

/// Reads small files whole.
enum BoundedFile {
    /// What went wrong, as half a sentence: `cannot be read: No such file or directory`.
    struct Failure: Error {
        let problem: String
    }

    /// The file's text. Refuses what is no regular file, longer than `bytesMax` or not UTF-8.
    static func text(_ path: String, bytesMax: Int) throws(Failure) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Failure(problem: "cannot be read: \(SystemCall.message(errno))") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw Failure(problem: "is not a file")
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let size = chunk.count
            // SAFETY: the pointer covers `size` bytes and is used within the call only.
            let got = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, size) }
            if got < 0 {
                if errno == EINTR { continue }
                throw Failure(problem: "cannot be read: \(SystemCall.message(errno))")
            }
            if got == 0 { break }
            bytes.append(contentsOf: chunk[..<got])
            guard bytes.count <= bytesMax else { throw Failure(problem: "is longer than \(bytesMax) bytes") }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Failure(problem: "is not UTF-8") }
        return text
    }
}

/// What the system says about its errors.
enum SystemCall {
    /// The text of an error number, as `perror` would print it.
    static func message(_ code: Int32) -> String {
        // SAFETY: strerror gives a NUL-terminated text that is copied at once; glibc keeps a buffer per thread.
        guard let text = strerror(code) else { return "error \(code)" }
        return String(cString: text)
    }
}
