internal import Events
internal import RequestParsing

/// The identifier that the collector, not the page, gives a browser: the cookie `sp`, a UUID, good for a year from the
/// last request. A page may state it itself (`nuid`).
enum SnowplowNetworkID {
    private static let cookieName: StaticString = "sp"
    private static let cookieSeconds = 365 * 86_400
    private static let textBytes = 36

    /// The client asks that nothing be kept of its visitor. Its value is `*`; others are as good.
    static func isAnonymous(_ request: borrowing ForeignRequest) -> Bool {
        request.header("sp-anonymous").byteCount > 0
    }

    /// The cookie of the request, the first of several; absent where it is no UUID.
    static func cookie(_ request: borrowing ForeignRequest, _ edge: inout EdgeCollector) -> ArenaText {
        guard let range = cookieRange(request) else { return .absent }
        let text = edge.arena.append(request.facts.cookies.extracting(range))
        return isUUID(edge.bytes(text)) ? text : .absent
    }

    private static func cookieRange(_ request: borrowing ForeignRequest) -> Range<Int>? {
        var pairs = CookiePairs(of: request.facts.cookies)
        while let (name, value) = pairs.next() {
            if request.facts.cookies.extracting(name).equals(cookieName) { return value }
        }
        return nil
    }

    /// 8-4-4-4-12 hexadecimal digits that are not all zero, as those of a visitor who has no id are.
    static func isUUID(_ text: borrowing RawSpan) -> Bool {
        guard text.byteCount == textBytes else { return false }
        var isZero = true
        for index in 0..<textBytes {
            let byte = text.byte(at: index)
            switch index {
            case 8, 13, 18, 23: guard byte == UInt8(ascii: "-") else { return false }
            default:
                guard ASCII.hexValue(byte) != nil else { return false }
                if byte != UInt8(ascii: "0") { isZero = false }
            }
        }
        return !isZero
    }

    /// A random one, version 4.
    static func random(_ edge: inout EdgeCollector) -> ArenaText {
        let start = edge.arena.count
        for (index, byte) in ID128.random().description.utf8.enumerated() where index < 32 {
            if [8, 12, 16, 20].contains(index) { edge.arena.appendByte(UInt8(ascii: "-")) }
            switch index {
            case 12: edge.arena.appendByte(UInt8(ascii: "4"))
            case 16: edge.arena.appendByte(UInt8(ascii: "a"))
            default: edge.arena.appendByte(byte)
            }
        }
        return edge.arena.text(from: start)
    }

    /// Sets the cookie again where the last event's visitor allows measurement, ends it where they refuse, and leaves
    /// it where nobody knows. Libraries on servers and bots have none.
    static func setCookie(
        _ request: borrowing ForeignRequest, _ outcome: CollectOutcome, of edge: borrowing EdgeCollector,
        into answer: inout ForeignAnswer
    ) {
        let consent = edge.draft.consent[.measurement]
        if isAnonymous(request) || consent == .denied || consent == .objected {
            guard cookieRange(request) != nil else { return }
            return add("", seconds: 0, &answer)
        }
        guard consent == .granted, outcome.accepted > 0, !edge.sender.isServer, !edge.draft.flags.contains(.bot),
            edge.sender.cookieID.count > 0
        else { return }
        add(edge.arena.string(edge.sender.cookieID), seconds: cookieSeconds, &answer)
    }

    private static func add(_ value: String, seconds: Int, _ answer: inout ForeignAnswer) {
        let text = "\(cookieName)=\(value); Path=/; Max-Age=\(seconds); Secure; HttpOnly; SameSite=None"
        answer.headers.append(("Set-Cookie", text))
    }
}
