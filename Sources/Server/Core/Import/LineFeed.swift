internal import Foundation

/// Finds line ends with the C library's search, which goes 32 bytes a step.
enum LineFeed {
    static func first(in bytes: borrowing RawSpan, from start: Int) -> Int? {
        let rest = bytes.extracting(start..<bytes.byteCount)
        // SAFETY: memchr reads at most the count given, all of it inside the span, and the pointer does not leave the
        // closure.
        return rest.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress, let found = memchr(base, 10, buffer.count) else { return nil }
            return start + (UnsafeRawPointer(found) - base)
        }
    }
}
