extension HTMLSplitter {
    /// A start tag as it came, its references as parts.
    mutating func write(_ tag: HTMLTag) {
        write("<\(tag.name)".utf8)
        for attribute in tag.attributes { write(attribute, of: tag) }
        write((tag.isSelfClosing ? "/>" : ">").utf8)
    }

    mutating func write(_ attribute: HTMLAttribute, of tag: HTMLTag, named: String? = nil) {
        guard !attribute.isNameVariable else {
            return problem("a variable cannot be the name of an attribute", at: attribute.start)
        }
        write(" ".utf8)
        if let named { write(named.utf8) } else { write(bytes[attribute.rawName]) }
        guard let value = attribute.value else { return }
        let hasReference = hasReference(in: value)
        let isQuoted = attribute.quote != 0
        let quote = isQuoted ? attribute.quote : UInt8(ascii: "\"")
        write("=".utf8)
        let addsQuotes = isQuoted || hasReference || value.isEmpty
        if addsQuotes { write(CollectionOfOne(quote)) }
        if hasReference {
            writeValue(attribute, value)
        } else {
            write(bytes[value])
        }
        if addsQuotes { write(CollectionOfOne(quote)) }
        // an unquoted value would take the slash of "/>"
        if !addsQuotes, tag.isSelfClosing { write(" ".utf8) }
    }

    private func hasReference(in range: Range<Int>) -> Bool {
        range.contains { Reference.end(in: bytes, at: $0) != nil }
    }

    /// A value that has references.
    private mutating func writeValue(_ attribute: HTMLAttribute, _ value: Range<Int>) {
        var place = value.lowerBound
        var before: [UInt8] = []
        while place < value.upperBound {
            guard let end = Reference.end(in: bytes, at: place) else {
                if attribute.quote == 0, bytes[place] == UInt8(ascii: "\"") {
                    write("&quot;".utf8)
                } else {
                    write(CollectionOfOne(bytes[place]))
                }
                before.append(bytes[place])
                place += 1
                continue
            }
            let name = Reference.name(in: bytes, place..<end)
            switch context(attribute.name, before: before) {
            case .success(let context): part(.reference(name: name, context))
            case .failure(let refusal): problem("{{\(name)}} is left out: \(refusal.reason)", at: place)
            }
            place = end
        }
    }

    private struct Refusal: Error {
        var reason: String
    }

    /// How a value in an attribute is escaped, by what stands before it.
    private func context(
        _ name: String, before: [UInt8]
    ) -> Result<HTMLTemplate.Context, Refusal> {
        if name.hasPrefix("on") {
            return .failure(Refusal(reason: "no value is safe in a handler (\(name)); use a script"))
        }
        switch name {
        case "srcdoc": return .failure(Refusal(reason: "no value is safe in srcdoc"))
        case "style": return .success(.css)
        case "href", "src", "action", "formaction", "data", "poster", "cite", "background", "longdesc", "ping",
            "xlink:href", "srcset", "manifest", "codebase", "data-gtmsrc":
            return urlContext(before)
        default: return .success(.text)
        }
    }

    /// `before` is without references, whose names may have any characters.
    private func urlContext(_ before: [UInt8]) -> Result<HTMLTemplate.Context, Refusal> {
        // browsers drop tabs and line ends in a URL, and resolve entities: an entity before the path counts as unsafe
        let trimmed = before.filter { $0 > 0x20 }
        let head = trimmed.prefix { !Array(":/?#&".utf8).contains($0) }
        guard head.count < trimmed.count else { return .success(.url) }
        let scheme = String(decoding: head, as: UTF8.self).lowercased()
        let end = trimmed[head.count]
        let isUnsafe = end == UInt8(ascii: ":") && !["http", "https", "mailto", "tel"].contains(scheme)
        if isUnsafe || end == UInt8(ascii: "&") {
            return .failure(Refusal(reason: "no value is safe in a URL that begins with \"\(scheme.prefix(20))\""))
        }
        let isComponent = trimmed.contains(UInt8(ascii: "?")) || trimmed.contains(UInt8(ascii: "#"))
        return .success(isComponent ? .urlComponent : .text)
    }

    // MARK: Scripts

    /// A script from behind its start tag to behind its end tag.
    mutating func script(_ tag: HTMLTag) {
        let start = offset
        let end = scriptEnd()
        let type = (tag.attribute("type")?.value).map { String(decoding: bytes[$0], as: UTF8.self) } ?? ""
        let kind = ScriptType(type)
        let hasSource = tag.attribute("src")?.value != nil || tag.attribute("data-gtmsrc")?.value != nil
        if end == bytes.count { problem("script without an end tag", at: tag.start) }
        switch kind {
        case .javaScript where hasSource: writeScript(tag, number: nil)
        case .javaScript where tag.attribute("nomodule") != nil:
            problem("a script with nomodule is left out: no browser that runs this runs it", at: tag.start)
        case .javaScript:
            let code = String(decoding: bytes[start..<end], as: UTF8.self)
            pieces_.scripts.append(HTMLTemplate.Script(code: code, line: lineNumber(start)))
            writeScript(tag, number: pieces_.scripts.count - 1)
        default:
            write(tag)
            if kind == .module {
                if !hasSource {
                    problem(
                        "a module script stays inline: it runs only where the page's CSP allows that", at: tag.start)
                }
                copyModule(to: end)
            } else if kind == .json {
                copyJSON(to: end)
            } else {
                copyRaw(to: end, .text)
            }
            write("</script>".utf8)
        }
        offset = end
        guard end < bytes.count else { return }
        offset = (bytes[end...].firstIndex(of: UInt8(ascii: ">")) ?? bytes.count - 1) + 1
    }

    /// The script's tag without its type, which says nothing, and without its nonce, which the page gives.
    private mutating func writeScript(_ tag: HTMLTag, number: Int?) {
        write("<script".utf8)
        if let number {
            write(" data-hl=\"".utf8)
            part(.script(number))
            write("\"".utf8)
        }
        for attribute in tag.attributes {
            switch attribute.name {
            case "type", "nonce", "language", "data-hl": continue
            case "data-gtmsrc" where tag.attribute("src") == nil: write(attribute, of: tag, named: "src")
            default: write(attribute, of: tag)
            }
        }
        write("></script>".utf8)
    }

    private mutating func copyModule(to end: Int) {
        while offset < end {
            if let after = Reference.end(in: bytes, at: offset), after <= end {
                problem(
                    "{{\(Reference.name(in: bytes, offset..<after))}} is left as text: no value is put in a module",
                    at: offset)
                copy(to: after)
            } else {
                copy(to: offset + 1)
            }
        }
    }

    private mutating func copyJSON(to end: Int) {
        var isInString = false
        while offset < end {
            switch bytes[offset] {
            case UInt8(ascii: "\""): isInString.toggle()
            case UInt8(ascii: "\\")
            where isInString && offset + 1 < end && Reference.end(in: bytes, at: offset + 1) == nil:
                copy(to: offset + 2)
                continue
            default: break
            }
            copyOrReference(isInString ? .jsonString : .json)
        }
    }

    private enum ScriptType {
        case javaScript, module, json, other

        init(_ raw: String) {
            let type = raw.lowercased().filter { !$0.isWhitespace }
            switch type.prefix(while: { $0 != ";" }) {
            case "", "text/javascript", "application/javascript", "application/x-javascript", "text/ecmascript",
                "application/ecmascript", "application/x-ecmascript", "text/x-ecmascript", "text/x-javascript",
                "text/jscript", "text/livescript", "text/gtmscript":
                // a parameter makes a browser not run it; Google Tag Manager's `text/gtmscript` is as good as none
                self = type.contains(";") ? .other : .javaScript
            case "module": self = .module
            case let found:
                if found.hasPrefix("text/javascript1.") {
                    self = .javaScript
                } else {
                    self =
                        found.hasSuffix("json") || found == "importmap" || found == "speculationrules" ? .json : .other
                }
            }
        }
    }

    // MARK: What the markup loads

    /// Keeps the URLs of a tag.
    mutating func note(_ tag: HTMLTag) {
        switch tag.name {
        case "script":
            note(tag.attribute("src") ?? tag.attribute("data-gtmsrc"), .script)
        case "img", "image":
            note(tag.attribute("src") ?? tag.attribute("href"), .image)
            noteSet(tag.attribute("srcset"))
        case "iframe", "frame": note(tag.attribute("src"), .frame)
        case "link":
            let relation = (tag.attribute("rel")?.value).map { String(decoding: bytes[$0], as: UTF8.self).lowercased() }
            let kind: HTMLTemplate.Resource.Kind =
                switch relation {
                case let found? where found.contains("stylesheet"): .style
                case let found? where found.contains("icon"): .image
                default: .other
                }
            note(tag.attribute("href"), kind)
        case "source", "video", "audio", "track":
            note(tag.attribute("src"), .media)
            note(tag.attribute("poster"), .image)
            noteSet(tag.attribute("srcset"))
        case "embed": note(tag.attribute("src"), .other)
        case "object": note(tag.attribute("data"), .other)
        case "input": note(tag.attribute("src"), .image)
        case "form": note(tag.attribute("action"), .form)
        default: break
        }
    }

    private mutating func note(_ attribute: HTMLAttribute?, _ kind: HTMLTemplate.Resource.Kind) {
        guard let value = attribute?.value, !value.isEmpty else { return }
        note(String(decoding: bytes[value], as: UTF8.self), kind)
    }

    /// The URLs of a `srcset`: what stands before each space.
    private mutating func noteSet(_ attribute: HTMLAttribute?) {
        guard let value = attribute?.value else { return }
        for candidate in bytes[value].split(separator: UInt8(ascii: ",")).prefix(50) {
            let url = candidate.drop { $0 <= 0x20 }.prefix { $0 > 0x20 }
            if !url.isEmpty { note(String(decoding: url, as: UTF8.self), .image) }
        }
    }

    private mutating func note(_ url: String, _ kind: HTMLTemplate.Resource.Kind) {
        // at most as many as a page could need; more are not reported
        guard pieces_.resources.count < 1000 else { return }
        let resolved = url.split(separator: "&amp;", omittingEmptySubsequences: false).joined(separator: "&")
        let resource = HTMLTemplate.Resource(kind: kind, url: resolved, host: HTMLTemplate.host(of: resolved))
        if !pieces_.resources.contains(resource) { pieces_.resources.append(resource) }
    }
}
