/// Why bytes are no JSON, and where.
package struct JSONError: Error, Hashable, Sendable {
    /// What is wrong at the offset.
    package enum Kind: UInt8, Sendable, CaseIterable {
        /// A byte that cannot stand here.
        case unexpectedByte
        /// The text ends inside a value.
        case unexpectedEnd
        /// A string holds bytes that are not UTF-8.
        case invalidUTF8
        /// A string holds an unescaped control character.
        case controlCharacter
        /// A backslash is followed by something that is no escape.
        case invalidEscape
        /// A number breaks off or has a form JSON does not know.
        case invalidNumber
        /// Arrays and objects lie deeper than the limit.
        case tooDeep
        /// More keys than the limit.
        case tooManyKeys
    }

    package var kind: Kind
    /// Bytes from the start of the text to the first byte that is wrong; the text's length where it ends early.
    package var offset: Int

    package init(_ kind: Kind, at offset: Int) {
        self.kind = kind
        self.offset = offset
    }
}
