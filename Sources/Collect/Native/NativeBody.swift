internal import Events
internal import RequestParsing

/// What a body gives next.
package enum NativeBodyStep: Hashable, Sendable {
    /// The draft holds an event.
    case event
    /// This event is refused; others may follow.
    case refused(Rejection)
    /// Nothing of the body can be taken, what was read before included.
    case broken(Rejection)
    case end
}

/// The events of a `POST /collect` body, one after another. Its first bytes tell what it is; the content type is not
/// asked, because `sendBeacon` sends JSON as `text/plain`.
///
/// - `[`: one JSON array. It is taken or refused as a whole where its syntax is wrong; an element that is no object
///   is refused alone.
/// - `{`, or anything else: JSON values one after another, by lines or run together. Where one is broken in its first
///   line, only that line is refused. One that goes on over several lines ends where a line begins with `{`, the first
///   of them indented or not. Every other line is read.
/// - no brace, but a `=`, and no line that begins with a brace: a form with the pixel's keys, one event.
/// - nothing but blanks: `empty_body`.
///
/// No allocation once the arena has grown.
package struct NativeBody: ~Escapable {
    private enum Mode: Sendable {
        case empty
        case form
        case array
        case sequence
        case finished
    }

    private let body: RawSpan
    private let referer: RawSpan
    private var reader: NativeEventReader
    private var mode: Mode
    private var hasOpened = false
    private var isCopied = false

    @_lifetime(copy body, copy referer)
    package init(_ body: RawSpan, referer: RawSpan, limits: CollectLimits) {
        self.body = body
        self.referer = referer
        mode = NativeBody.mode(of: body)
        reader = NativeEventReader(
            JSONScanner(body, depthMax: limits.depthMax, keysMax: limits.keysMax, isSequence: mode == .sequence),
            limits: limits)
    }

    /// The next event goes into the draft, its text into the arena.
    @_lifetime(self: copy self)
    package mutating func next(into draft: inout EventDraft, arena: inout TextArena) -> NativeBodyStep {
        switch mode {
        case .finished:
            return .end
        case .empty:
            mode = .finished
            return .broken(.emptyBody)
        case .form:
            mode = .finished
            return form(into: &draft, arena: &arena)
        case .array:
            copy(into: &arena)
            do throws(JSONError) {
                return try element(into: &draft, arena: &arena)
            } catch {
                mode = .finished
                return .broken(error.rejection)
            }
        case .sequence:
            copy(into: &arena)
            return value(into: &draft, arena: &arena)
        }
    }

    /// The body stands in the arena as it is: most strings need no more than that.
    @_lifetime(self: copy self)
    private mutating func copy(into arena: inout TextArena) {
        guard !isCopied else { return }
        isCopied = true
        reader.copy = arena.append(body)
    }

    private static func mode(of body: borrowing RawSpan) -> Mode {
        var offset = 0
        if body.byteCount >= 3, body.byte(at: 0) == 0xEF, body.byte(at: 1) == 0xBB, body.byte(at: 2) == 0xBF {
            offset = 3
        }
        while offset < body.byteCount, body.byte(at: offset) <= 0x20 { offset += 1 }
        guard offset < body.byteCount else { return .empty }
        switch body.byte(at: offset) {
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "{"), UInt8(ascii: "\""): return .sequence
        default: break
        }
        // A form's first key is short and plain.
        for place in offset..<min(offset + 128, body.byteCount) {
            switch body.byte(at: place) {
            case UInt8(ascii: "="): return hasObjectLine(body, from: place) ? .sequence : .form
            case 0...0x20, UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "<"): return .sequence
            default: break
            }
        }
        return .sequence
    }

    private static func hasObjectLine(_ body: borrowing RawSpan, from start: Int) -> Bool {
        var place = start
        while let end = body.firstOffset(of: 0x0A, in: place..<body.byteCount) {
            place = end + 1
            if place < body.byteCount, body.byte(at: place) == UInt8(ascii: "{") { return true }
        }
        return false
    }

    private mutating func form(into draft: inout EventDraft, arena: inout TextArena) -> NativeBodyStep {
        do throws(Rejection) {
            try PixelTranslation.translate(body, referer: referer, limits: reader.limits, into: &draft, arena: &arena)
            draft.wireProtocol = .native
            return .event
        } catch {
            return .refused(error)
        }
    }

    /// The next element of the array; `.end` once the array and the body are over.
    @_lifetime(self: copy self)
    private mutating func element(
        into draft: inout EventDraft, arena: inout TextArena
    ) throws(JSONError) -> NativeBodyStep {
        if !hasOpened {
            _ = try reader.scanner.next()
            hasOpened = true
        }
        let token = try reader.scanner.next()
        if case .arrayEnd = token.kind {
            _ = try reader.scanner.next()
            mode = .finished
            return .end
        }
        return try event(token, into: &draft, arena: &arena)
    }

    /// The next of several values.
    @_lifetime(self: copy self)
    private mutating func value(into draft: inout EventDraft, arena: inout TextArena) -> NativeBodyStep {
        let start = JSONLexer.blanksEnd(body, from: reader.scanner.offset)
        var hasBegun = false
        do throws(JSONError) {
            let token = try reader.scanner.next()
            if case .end = token.kind {
                mode = .finished
                return .end
            }
            hasBegun = true
            return try event(token, into: &draft, arena: &arena)
        } catch {
            // What the draft holds is the event before, not the broken one.
            if !hasBegun { draft.reset() }
            if let line = nextLine(after: start, brokenAt: error.offset) {
                reader.scanner.resume(at: line)
            } else {
                mode = .finished
            }
            return .refused(error.rejection)
        }
    }

    @_lifetime(self: copy self)
    private mutating func event(
        _ token: JSONToken, into draft: inout EventDraft, arena: inout TextArena
    ) throws(JSONError) -> NativeBodyStep {
        guard case .objectStart = token.kind else {
            draft.reset()
            try reader.scanner.skip(token)
            return .refused(.notAnObject)
        }
        try reader.read(into: &draft, arena: &arena)
        if reader.scanner.offset - token.start > reader.limits.eventBytesMax { return .refused(.eventTooLarge) }
        if let refusal = reader.refusal { return .refused(refusal) }
        return .event
    }

    /// Where to read on after a value that begins at `start` and is broken at `place`; nil where nothing follows.
    private func nextLine(after start: Int, brokenAt place: Int) -> Int? {
        let next = lineEnd(from: start)
        var offset = JSONLexer.blanksEnd(body, from: next)
        guard offset < body.byteCount else { return nil }
        if place <= next || body.byte(at: offset) == UInt8(ascii: "{") { return offset }
        // Lines of a value that was written over several of them.
        offset = lineEnd(from: offset)
        while offset + 1 < body.byteCount {
            if body.byte(at: offset + 1) == UInt8(ascii: "{") { return offset + 1 }
            offset = lineEnd(from: offset + 1)
        }
        return nil
    }

    /// The line feed that ends the line, or the body's end.
    private func lineEnd(from start: Int) -> Int {
        body.firstOffset(of: 0x0A, in: start..<body.byteCount) ?? body.byteCount
    }
}

extension JSONError {
    /// The reason that answers and metrics give for it.
    var rejection: Rejection {
        switch kind {
        case .tooDeep: .tooDeep
        case .invalidUTF8: .invalidUTF8
        case .tooManyKeys: .tooManyProperties
        case .unexpectedByte, .unexpectedEnd, .controlCharacter, .invalidEscape, .invalidNumber: .invalidJSON
        }
    }
}
