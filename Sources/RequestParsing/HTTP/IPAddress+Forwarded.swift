package import Events

extension IPAddress {
    /// One element of X-Forwarded-For: an address, with or without a port (`1.2.3.4:80`, `[::1]:80`).
    package init?(forwardedElement text: RawSpan) {
        let count = text.byteCount
        var end = count
        while end > 0, ASCII.isDigit(text.byte(at: end - 1)) { end -= 1 }
        guard end > 0, end < count, count - end <= 5, text.byte(at: end - 1) == UInt8(ascii: ":") else {
            self.init(parsing: text)
            return
        }
        let host = text.extracting(0..<end - 1)
        let isBracketed = host.byteCount > 0 && host.byte(at: host.byteCount - 1) == UInt8(ascii: "]")
        let colons = host.firstOffset(of: UInt8(ascii: ":"), in: 0..<host.byteCount)
        self.init(parsing: isBracketed || colons == nil ? host : text)
    }
}
