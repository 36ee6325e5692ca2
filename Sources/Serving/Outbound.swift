/// What waits to be sent on one connection: bytes of its own, and between them large bodies of templates, which are not
/// copied. So a script costs the connection of a slow reader a reference, not its size, and no allocation.
///
///     own:    head of answer 1 | head of answer 2, its small body
///     shared:                  ^ body of answer 1
struct Outbound {
    /// A shorter body is copied: that costs less than a second piece.
    static let sharedBytesMin = 4 << 10

    struct Shared {
        /// How many bytes of `own` stand before it.
        let place: Int
        let body: [UInt8]
    }

    private(set) var own: [UInt8] = []
    private(set) var shared: [Shared] = []
    private var sharedCount = 0

    /// In bytes.
    var count: Int { own.count + sharedCount }
    var isEmpty: Bool { own.isEmpty && shared.isEmpty }

    static func += (outbound: inout Outbound, bytes: [UInt8]) { outbound.own += bytes }

    /// Appends a text of the program's own.
    mutating func append(_ text: StaticString) { text.withUTF8Buffer { own.append(contentsOf: $0) } }

    /// Appends a template's body.
    mutating func append(body: [UInt8]) {
        guard body.count >= Self.sharedBytesMin else { return own += body }
        shared.append(Shared(place: own.count, body: body))
        sharedCount += body.count
    }

    /// Everything in order, piece by piece. What is shared stays so.
    func pieces() -> [[UInt8]] {
        if shared.isEmpty { return own.isEmpty ? [] : [own] }
        var pieces: [[UInt8]] = []
        var start = 0
        for one in shared {
            if start < one.place { pieces.append(Array(own[start..<one.place])) }
            pieces.append(one.body)
            start = one.place
        }
        if start < own.count { pieces.append(Array(own[start...])) }
        return pieces
    }

    /// Whether it has storage to write into.
    var hasStorage: Bool { own.capacity > 0 }

    /// Forgets everything; storage of up to 64 KiB stays for the next answer.
    mutating func removeAll() {
        own.removeAll(keepingCapacity: own.capacity <= 64 << 10)
        sharedCount = 0
        if !shared.isEmpty { shared.removeAll(keepingCapacity: shared.capacity <= 4) }
    }
}
