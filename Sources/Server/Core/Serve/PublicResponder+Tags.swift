internal import Catalog
internal import Events
internal import RequestParsing
internal import Serving

/// Container scripts: `/tags/…`, on every host and behind a site's neutral prefix.
extension PublicResponder {
    /// What follows `/tags/` in a path; nil for other paths.
    @_lifetime(copy path)
    static func scriptPath(_ path: RawSpan) -> RawSpan? {
        let start = 6
        guard path.byteCount >= start, path.extracting(first: start).equals("/tags/") else { return nil }
        return path.extracting(droppingFirst: start)
    }

    /// The script at `path`. Host, query, cookies, languages and forwarding headers are not looked at, so that no cache
    /// can be made to keep what somebody else's request asked for; no cookie is set.
    func script(_ path: RawSpan, _ request: borrowing Request) -> Response {
        switch request.method {
        case .get, .head: break
        case .options: return Response(tagAnswers.preflight)
        default: return Response(tagAnswers.methodNotAllowed)
        }
        guard let script = find(path), !hasExpired(script) else {
            scriptCounters.addUnknown()
            let ended = Self.isPreviewLink(path) ? TagAnswers.endedPreview : nil
            return Response(ended ?? tagAnswers.unknown)
        }
        var coded = script.identity
        if let gzip = script.gzip, Self.acceptsGzip(request) { coded = gzip }
        if Self.has(coded.entityTag, request) {
            scriptCounters.addUnchanged(script.caching)
            return Response(coded.notModified)
        }
        scriptCounters.addServed(script.caching, bytes: request.method == .head ? 0 : coded.byteCount)
        return Response(coded.whole)
    }

    /// A preview is found by its token's digest, which only such a path costs; the digest itself opens nothing.
    private func find(_ path: RawSpan) -> TagScripts.Entry? {
        guard ServedScript.isPreview(path) else { return scripts.current().find(path) }
        guard let preview = ServedScript.previewPath(asked: path) else { return nil }
        let bytes = Array(preview.utf8)
        return scripts.current().find(bytes.span.bytes)
    }

    /// Whether it has the form of a preview's path, of a container that exists or not: what is said of it tells nobody
    /// anything.
    private static func isPreviewLink(_ path: RawSpan) -> Bool {
        ServedScript.isPreview(path) && ServedScript.previewPath(asked: path) != nil
    }

    private func hasExpired(_ script: TagScripts.Entry) -> Bool {
        guard let expires = script.expires else { return false }
        return time.wallClock() >= expires
    }

    private static func acceptsGzip(_ request: borrowing Request) -> Bool {
        guard request.has(.acceptEncoding) else { return false }
        var accepted = AcceptedCodings()
        let bytes = request.headBytes
        request.head.forEachValue(.acceptEncoding) { accepted.read($0, in: bytes) }
        return accepted.preferred == .gzip
    }

    /// The client says that it has the bytes with this entity tag.
    private static func has(_ tag: [UInt8], _ request: borrowing Request) -> Bool {
        guard request.has(.ifNoneMatch) else { return false }
        var isNamed = false
        let bytes = request.headBytes
        request.head.forEachValue(.ifNoneMatch) { value in
            if !isNamed { isNamed = bytes.extracting(value).namesEntityTag(tag.span.bytes) }
        }
        return isNamed
    }
}
