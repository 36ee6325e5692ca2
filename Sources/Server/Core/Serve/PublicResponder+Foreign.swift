internal import Catalog
internal import Collect
internal import Events
internal import RequestParsing
internal import Serving

/// What the clients of other products ask: their paths, on every host and behind a site's neutral prefix.
extension PublicResponder {
    /// The path behind `/x/PREFIX`, where that is a site's; nil where it begins so and is nobody's. Other paths as they
    /// are.
    @_lifetime(copy path)
    func withoutPrefix(_ path: RawSpan) -> RawSpan? {
        let start = 3
        guard path.byteCount > start, path.extracting(first: start).equals("/x/") else { return path }
        guard let end = path.firstOffset(of: UInt8(ascii: "/"), in: start..<path.byteCount),
            catalog.current().site(pathPrefix: path.extracting(start..<end)) != nil
        else { return nil }
        return path.extracting(end..<path.byteCount)
    }

    func foreign(
        _ route: ForeignRoute, path: RawSpan, _ request: borrowing Request, _ slot: ResponseSlot
    ) -> ResponseDecision {
        if request.method == .options { return .now(preflight(of: route, request)) }
        unzipped.removeAll(keepingCapacity: unzipped.capacity <= 1 << 20)
        guard GzipInflater.hasMagic(request.body) else {
            return foreign(route, path: path, body: request.body, request, slot)
        }
        // Zipped, and not said so in a header.
        var inflater = GzipInflater()
        var bytes: [UInt8] = []
        swap(&bytes, &unzipped)
        let outcome = inflater.inflate(request.body, into: &bytes, outputBytesMax: bodyBytesMax)
        // What is no whole stream is no event either: the protocol says so in its own way.
        let count = outcome == .finished ? bytes.count : 0
        let decision = foreign(
            route, path: path, body: bytes.span.bytes.extracting(first: count), request, slot)
        unzipped = bytes
        return decision
    }

    private func foreign(
        _ route: ForeignRoute, path: RawSpan, body: RawSpan, _ request: borrowing Request, _ slot: ResponseSlot
    ) -> ResponseDecision {
        let facts = requestFacts(request)
        let foreign = ForeignRequest(
            method: request.method, action: route.action, path: path, query: request.query, body: body,
            head: request.head, headBytes: request.headBytes, facts: facts, catalog: catalog.current())
        let outcome = collector.collectForeign(route, foreign, answer: &foreignAnswer)
        var response = response(to: foreignAnswer)
        Self.allow(foreignAnswer.origins, request.header(.origin), &response)
        if outcome.refused > 0, let reason = collector.rejections.first?.reason {
            response.addField("X-Highland-Rejected", reason.rawValue)
        }
        return answer(response, after: outcome, slot)
    }

    private func response(to answer: ForeignAnswer) -> Response {
        if let constant = answers.foreign(answer) { return Response(constant) }
        let response = try? Response(
            status: answer.status, headers: PublicAnswers.foreignHeaders(answer),
            body: PublicAnswers.foreignBody(answer))
        return response ?? Response(answers.unavailable)
    }

    /// Mirrored with cookies where the protocol's client sends them, else for everyone without.
    private static func allow(_ origins: ForeignOrigins, _ origin: RawSpan, _ response: inout Response) {
        guard origins == .mirrored, origin.byteCount > 0 else {
            response.addField("Access-Control-Allow-Origin", "*")
            return
        }
        response.addField("Vary", "Origin")
        guard response.addField("Access-Control-Allow-Origin", origin) else { return }
        response.addField("Access-Control-Allow-Credentials", "true")
    }

    private func preflight(of route: ForeignRoute, _ request: borrowing Request) -> Response {
        let preflight = ForeignProtocols.all[route.index].preflight
        let response = try? Response(
            status: preflight.status,
            headers: [
                ("Access-Control-Allow-Methods", "GET, POST, OPTIONS"),
                ("Access-Control-Allow-Headers", preflight.headers),
                ("Access-Control-Max-Age", "\(preflight.seconds)"),
            ])
        guard var response else { return Response(answers.preflight) }
        Self.allow(preflight.origins, request.header(.origin), &response)
        return response
    }

    /// Pages read why with leave of their origin only. Foreign clients repeat for ever what is answered 413 or 415, but
    /// not 400.
    func refusal(of head: borrowing RequestHead, headBytes: RawSpan, general: Response) -> Response? {
        guard let path = withoutPrefix(headBytes.extracting(head.path)) else { return nil }
        let origin = headBytes.extracting(head.value(.origin) ?? 0..<0)
        if case .collect = PublicRoute(path) {
            var response = general
            allow(origin, catalog.current(), &response)
            return response
        }
        guard let route = foreignRoutes.route(path, method: head.method) else { return nil }
        var response = Response(answers.foreignBodyRefused)
        Self.allow(ForeignProtocols.all[route.index].preflight.origins, origin, &response)
        return response
    }
}
