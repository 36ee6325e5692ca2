internal import Events

/// A fixed list of ASCII names, found without regard to case. A name of at most 16 bytes is two machine words, compared
/// as such; the few longer ones are compared one after another. No allocation.
struct NameTable<Value: Sendable>: Sendable {
    private let values: [Value]
    /// Codes are places in `values`, plus 1.
    private let short: PackedWordTable
    private let long: [(name: [UInt8], value: Value)]

    /// At most 255 names of up to 16 bytes.
    init(_ entries: [(name: String, value: Value)]) {
        var values: [Value] = []
        var words: [(PackedWord, UInt8)] = []
        var long: [(name: [UInt8], value: Value)] = []
        for entry in entries {
            let name = entry.name.utf8.map(ASCII.lower)
            if let word = PackedWord(name.span.bytes, 0..<name.count) {
                values.append(entry.value)
                words.append((word, UInt8(clamping: values.count)))
            } else {
                long.append((name, entry.value))
            }
        }
        precondition(values.count < 256, "a code of one byte tells the short names apart")
        self.values = values
        self.long = long
        short = PackedWordTable(words)
    }

    /// The value of the entry these bytes name; nil where there is none.
    @inline(__always)
    func value(of name: borrowing RawSpan) -> Value? {
        guard let word = PackedWord(name, 0..<name.byteCount) else { return longValue(of: name) }
        let code = short.code(of: word.lowercased)
        return code == 0 ? nil : values[Int(code) - 1]
    }

    private func longValue(of name: borrowing RawSpan) -> Value? {
        for index in 0..<long.count where ASCII.equalsFolded(name, lower: long[index].name) { return long[index].value }
        return nil
    }
}
