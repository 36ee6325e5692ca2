internal import Events

/// Why a chunked body is refused; where the next request begins is unknown then, so the connection closes.
package enum ChunkError: UInt8, Error, CaseIterable, Sendable {
    case size, sizeTooLong, lineEnd, dataEnd, trailer, tooLarge

    /// The HTTP status that answers it.
    package var status: UInt16 { self == .tooLarge ? 413 : 400 }

    /// One sentence that tells the sender what is wrong.
    package var sentence: StaticString {
        switch self {
        case .size: "A chunk does not begin with its size in hexadecimal digits."
        case .sizeTooLong: "A chunk's size has more than eight digits."
        case .lineEnd: "A chunk's size is not followed by CRLF; chunk extensions are not understood."
        case .dataEnd: "A chunk's data is not followed by CRLF."
        case .trailer: "Trailers after the last chunk are not understood."
        case .tooLarge: "The body is too large."
        }
    }
}

/// Takes the chunked transfer coding apart, as strictly as the head parser: hexadecimal digits, CRLF, data, CRLF, and
/// `0` CRLF CRLF at the end; no extensions, no trailers (RFC 9112 7.1, narrowed).
///
///     size "\r\n" data "\r\n" … "0\r\n\r\n"
///
/// A value with 24 bytes of state; it sees the bytes in any split and gives the same ranges joined. The data is bounded
/// by `bodyBytesMax` as soon as a size says so, before its bytes arrive.
package struct ChunkedDecoder: Sendable {
    package enum Event: Equatable, Sendable {
        /// Bytes of the body, a range of the bytes given.
        case data(Range<Int>)
        /// All bytes given are used up; the body goes on.
        case needsMore
        /// The body is over; what follows belongs to the next request.
        case end
        case refused(ChunkError)
    }

    private enum State: UInt8 {
        case firstDigit, digits, sizeLineFeed, data, dataReturn, dataLineFeed, endReturn, endLineFeed, done
    }

    private var state = State.firstDigit
    private var digitCount: UInt8 = 0
    /// The size being read, then what is left of the chunk.
    private var remaining = 0
    private var allowance: Int

    /// - Parameter bodyBytesMax: the most bytes of data, all chunks together.
    package init(bodyBytesMax: Int) { allowance = max(bodyBytesMax, 0) }

    /// Reads from `offset`, which moves behind what was used. Call again until it needs more, ends or refuses.
    package mutating func next(_ bytes: borrowing RawSpan, from offset: inout Int) -> Event {
        while offset < bytes.byteCount {
            if state == .data {
                let end = offset + min(remaining, bytes.byteCount - offset)
                let range = offset..<end
                remaining -= range.count
                offset = end
                if remaining == 0 { state = .dataReturn }
                return .data(range)
            }
            guard state != .done else { return .end }
            if let error = read(bytes.byte(at: offset)) { return .refused(error) }
            offset += 1
            if state == .done { return .end }
        }
        return state == .done ? .end : .needsMore
    }

    private mutating func read(_ byte: UInt8) -> ChunkError? {
        switch state {
        case .firstDigit, .digits: return readSize(byte)
        case .sizeLineFeed:
            guard byte == LineScan.lineFeed else { return .lineEnd }
            guard remaining <= allowance else { return .tooLarge }
            allowance -= remaining
            state = remaining == 0 ? .endReturn : .data
        case .dataReturn:
            guard byte == LineScan.carriageReturn else { return .dataEnd }
            state = .dataLineFeed
        case .dataLineFeed:
            guard byte == LineScan.lineFeed else { return .dataEnd }
            state = .firstDigit
            digitCount = 0
        case .endReturn:
            guard byte == LineScan.carriageReturn else { return .trailer }
            state = .endLineFeed
        case .endLineFeed:
            guard byte == LineScan.lineFeed else { return .trailer }
            state = .done
        case .data, .done: break
        }
        return nil
    }

    private mutating func readSize(_ byte: UInt8) -> ChunkError? {
        if let digit = Self.hexadecimal(byte) {
            guard digitCount < 8 else { return .sizeTooLong }
            remaining = state == .firstDigit ? digit : remaining << 4 | digit
            digitCount += 1
            state = .digits
            return nil
        }
        guard state == .digits else { return .size }
        guard byte == LineScan.carriageReturn else { return .lineEnd }
        state = .sizeLineFeed
        return nil
    }

    private static func hexadecimal(_ byte: UInt8) -> Int? {
        let digit = byte &- UInt8(ascii: "0")
        if digit < 10 { return Int(digit) }
        let letter = (byte | 0x20) &- UInt8(ascii: "a")
        return letter < 6 ? Int(letter) + 10 : nil
    }
}
