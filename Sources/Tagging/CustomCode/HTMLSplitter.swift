/// The tokenizer behind `HTMLTemplate`, after the HTML standard's states, with scripting on.
struct HTMLSplitter {
    let bytes: [UInt8]
    var offset = 0
    private var text: [UInt8] = []
    var pieces_ = HTMLTemplate.Pieces()
    private var lineOffset = 0
    private var line = 1

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    func byte(_ place: Int) -> UInt8 { place < bytes.count ? bytes[place] : 0 }

    /// Reads everything.
    mutating func pieces() -> HTMLTemplate.Pieces {
        while offset < bytes.count {
            guard bytes[offset] == UInt8(ascii: "<") else {
                copyOrReference(.text)
                continue
            }
            let next = byte(offset + 1)
            if isLetter(next) {
                startTag()
            } else if next == UInt8(ascii: "/") {
                endTag()
            } else if has("<!--", at: offset) {
                copy(to: commentEnd())
            } else if next == UInt8(ascii: "!") || next == UInt8(ascii: "?") {
                copy(to: bogusEnd())
            } else {
                copy(to: offset + 1)
            }
        }
        flush()
        return pieces_
    }

    // MARK: Output

    func isLetter(_ byte: UInt8) -> Bool { byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A }

    func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0C || byte == 0x0D
    }

    /// ASCII bytes stand here, in either case of letters.
    func has(_ word: StaticString, at place: Int) -> Bool {
        let count = word.utf8CodeUnitCount
        guard bytes.count - place >= count else { return false }
        return word.withUTF8Buffer { buffer in
            buffer.indices.allSatisfy { step in
                let byte = bytes[place + step]
                return byte == buffer[step] || isLetter(byte) && byte | 0x20 == buffer[step]
            }
        }
    }

    mutating func write(_ slice: some Sequence<UInt8>) { text.append(contentsOf: slice) }

    mutating func copy(to end: Int) {
        let end = min(end, bytes.count)
        write(bytes[offset..<end])
        offset = end
    }

    mutating func flush() {
        guard !text.isEmpty else { return }
        pieces_.parts.append(.text(String(decoding: text, as: UTF8.self)))
        text = []
    }

    mutating func part(_ part: HTMLTemplate.Part) {
        flush()
        pieces_.parts.append(part)
    }

    /// A problem at a place of the markup. Places come in order.
    mutating func problem(_ problem: String, at place: Int) {
        guard pieces_.problems.count < 100 else { return }
        pieces_.problems.append(HTMLTemplate.Problem(line: lineNumber(place), text: problem))
    }

    /// The line of a place. Amortised O(bytes), as places come in order.
    mutating func lineNumber(_ place: Int) -> Int {
        if place < lineOffset {
            lineOffset = 0
            line = 1
        }
        for byte in bytes[lineOffset..<min(place, bytes.count)] where byte == 0x0A { line += 1 }
        lineOffset = min(place, bytes.count)
        return line
    }

    /// One byte as it is, or a reference as a part.
    mutating func copyOrReference(_ context: HTMLTemplate.Context) {
        guard let end = Reference.end(in: bytes, at: offset) else {
            write(CollectionOfOne(bytes[offset]))
            offset += 1
            return
        }
        part(.reference(name: Reference.name(in: bytes, offset..<end), context))
        offset = end
    }

    // MARK: Comments and end tags

    /// Behind a comment's `-->` or `--!>`, or the end.
    private func commentEnd() -> Int {
        var place = offset + 4
        if byte(place) == UInt8(ascii: ">") { return place + 1 }
        if byte(place) == UInt8(ascii: "-"), byte(place + 1) == UInt8(ascii: ">") { return place + 2 }
        while place < bytes.count {
            if has("-->", at: place) { return place + 3 }
            if has("--!>", at: place) { return place + 4 }
            place += 1
        }
        return place
    }

    private func bogusEnd() -> Int {
        (bytes[offset...].firstIndex(of: UInt8(ascii: ">")) ?? bytes.count - 1) + 1
    }

    private mutating func endTag() {
        guard isLetter(byte(offset + 2)) else { return copy(to: bogusEnd()) }
        copy(to: offset + 2)
        while offset < bytes.count, bytes[offset] != UInt8(ascii: ">") {
            if let end = Reference.end(in: bytes, at: offset) { offset = end } else { copy(to: offset + 1) }
        }
        copy(to: offset + 1)
    }

    // MARK: Start tags

    /// A start tag, and what it makes of the text behind it.
    private mutating func startTag() {
        let start = offset
        var tag = HTMLTag(start: start)
        offset += 1
        let nameStart = offset
        while offset < bytes.count, !isSpace(bytes[offset]), bytes[offset] != UInt8(ascii: "/"),
            bytes[offset] != UInt8(ascii: ">")
        {
            if let end = Reference.end(in: bytes, at: offset) {
                problem("a variable cannot be part of a tag's name", at: offset)
                offset = end
                tag.isBroken = true
            } else {
                offset += 1
            }
        }
        tag.name = String(decoding: bytes[nameStart..<offset], as: UTF8.self).lowercased()
        while offset < bytes.count, bytes[offset] != UInt8(ascii: ">") {
            if isSpace(bytes[offset]) || bytes[offset] == UInt8(ascii: "/") {
                offset += 1
            } else {
                tag.attributes.append(attribute())
            }
        }
        // a tag that does not end is dropped by browsers, with all behind it
        guard offset < bytes.count else { return problem("tag that does not end", at: start) }
        offset += 1
        tag.isSelfClosing = byte(offset - 2) == UInt8(ascii: "/")
        if tag.isBroken { return }
        note(tag)
        if tag.name == "script" { return script(tag) }
        write(tag)
        rawText(of: tag.name)
    }

    private mutating func attribute() -> HTMLAttribute {
        var attribute = HTMLAttribute(start: offset)
        let start = offset
        while offset < bytes.count, !isSpace(bytes[offset]), bytes[offset] != UInt8(ascii: "/"),
            bytes[offset] != UInt8(ascii: ">"), bytes[offset] != UInt8(ascii: "=") || offset == start
        {
            if let end = Reference.end(in: bytes, at: offset) {
                attribute.isNameVariable = true
                offset = end
            } else {
                offset += 1
            }
        }
        attribute.rawName = start..<offset
        attribute.name = String(decoding: bytes[start..<offset], as: UTF8.self).lowercased()
        var place = offset
        while isSpace(byte(place)) { place += 1 }
        guard byte(place) == UInt8(ascii: "=") else { return attribute }
        place += 1
        while isSpace(byte(place)) { place += 1 }
        offset = place
        let quote = byte(place)
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            attribute.quote = quote
            offset += 1
            attribute.value = skipValue { $0 == quote }
            offset = min(offset + 1, bytes.count)
        } else if quote != UInt8(ascii: ">") {
            attribute.value = skipValue { byte in
                byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0C || byte == 0x0D
                    || byte == UInt8(ascii: ">")
            }
        }
        return attribute
    }

    /// To the byte that ends a value; references are taken whole.
    private mutating func skipValue(_ ends: (UInt8) -> Bool) -> Range<Int> {
        let start = offset
        while offset < bytes.count, !ends(bytes[offset]) {
            offset = Reference.end(in: bytes, at: offset) ?? offset + 1
        }
        return start..<offset
    }

    // MARK: Raw text

    /// The text of elements in which tags are text, up to their end tag.
    private mutating func rawText(of name: String) {
        switch name {
        case "style": copyRaw(to: rawEnd(name), .css)
        case "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript": copyRaw(to: rawEnd(name), .text)
        case "plaintext": copyRaw(to: bytes.count, .text)
        default: break
        }
    }

    mutating func copyRaw(to end: Int, _ context: HTMLTemplate.Context) {
        while offset < end { copyOrReference(context) }
    }

    /// Where the end tag of a raw text begins, or the end.
    func rawEnd(_ name: String) -> Int {
        var place = offset
        while place < bytes.count {
            if bytes[place] == UInt8(ascii: "<"), isEndTag(name, at: place) { return place }
            place += 1
        }
        return place
    }

    /// `</name` and a space, slash or `>` stand here.
    func isEndTag(_ name: String, at place: Int) -> Bool {
        byte(place) == UInt8(ascii: "<") && byte(place + 1) == UInt8(ascii: "/") && isName(name, at: place + 2)
    }

    /// A tag's name stands here, and ends.
    func isName(_ name: String, at place: Int) -> Bool {
        var end = place
        for letter in name.utf8 {
            guard byte(end) | 0x20 == letter else { return false }
            end += 1
        }
        return isSpace(byte(end)) || byte(end) == UInt8(ascii: "/") || byte(end) == UInt8(ascii: ">")
    }

    /// Where a script's end tag begins: `<!--` and `<script` inside it hide end tags, as browsers have it.
    func scriptEnd() -> Int {
        var place = offset
        var isEscaped = false
        var isDouble = false
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "<"):
                if !isEscaped, has("<!--", at: place) {
                    isEscaped = true
                    // the two dashes may be the ones of `-->`
                    place += 2
                    continue
                }
                if isDouble, isEndTag("script", at: place) {
                    isDouble = false
                } else if isEndTag("script", at: place) {
                    return place
                } else if isEscaped, isName("script", at: place + 1) {
                    isDouble = true
                }
                place += 1
            case UInt8(ascii: "-") where isEscaped && has("-->", at: place):
                isEscaped = false
                isDouble = false
                place += 3
            default: place += 1
            }
        }
        return place
    }
}

/// A start tag that was read.
struct HTMLTag {
    var start: Int
    var name = ""
    var attributes: [HTMLAttribute] = []
    var isSelfClosing = false
    /// Its name has a reference: the tag is left out.
    var isBroken = false

    /// The first attribute of a name: browsers ignore the others.
    func attribute(_ name: String) -> HTMLAttribute? { attributes.first { $0.name == name } }
}

struct HTMLAttribute {
    var start: Int
    var rawName = 0..<0
    var name = ""
    var isNameVariable = false
    var value: Range<Int>?
    /// 0 for an unquoted value.
    var quote: UInt8 = 0
}
