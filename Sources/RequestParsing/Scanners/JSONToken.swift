/// One piece of a JSON text. Ranges are places in the text that was scanned.
@usableFromInline
package struct JSONToken: Hashable, Sendable {
    /// What kind of piece. Without raw values, so that a comparison in another module is a plain call.
    package enum Kind: Hashable, Sendable {
        case objectStart
        case objectEnd
        case arrayStart
        case arrayEnd
        /// A member's name; its colon is consumed with it.
        case key
        case string
        case number
        case `true`
        case `false`
        case null
        /// The text is over.
        case end
    }

    package var kind: Kind
    /// A key or string with at least one backslash.
    package var hasEscapes: Bool
    /// A key or string that stands for itself: printable ASCII without a backslash.
    package var isPlain: Bool
    @usableFromInline package var start: Int
    /// Behind the last byte.
    @usableFromInline package var end: Int

    /// What the token covers: a key or string without its quotes, everything else as a whole.
    @inlinable package var range: Range<Int> { start..<end }

    @inline(__always)
    init(_ kind: Kind, _ start: Int, _ end: Int, hasEscapes: Bool = false, isPlain: Bool = false) {
        self.kind = kind
        self.hasEscapes = hasEscapes
        self.isPlain = isPlain
        self.start = start
        self.end = end
    }
}

/// A member of an object: its name, and the first token of its value.
package struct JSONMember: Sendable {
    package internal(set) var key: JSONToken
    package internal(set) var value: JSONToken

    /// To be filled by `JSONScanner.nextMember`.
    package init() {
        key = JSONToken(.end, 0, 0)
        value = JSONToken(.end, 0, 0)
    }
}
