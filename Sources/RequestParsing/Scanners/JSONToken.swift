/// One piece of a JSON text. Ranges are places in the text that was scanned.
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
    package var start: Int
    /// Behind the last byte.
    package var end: Int

    /// What the token covers: a key or string without its quotes, everything else as a whole.
    package var range: Range<Int> { start..<end }

    @inline(__always)
    init(_ kind: Kind, _ start: Int, _ end: Int, hasEscapes: Bool = false, isPlain: Bool = false) {
        self.kind = kind
        self.hasEscapes = hasEscapes
        self.isPlain = isPlain
        self.start = start
        self.end = end
    }
}
