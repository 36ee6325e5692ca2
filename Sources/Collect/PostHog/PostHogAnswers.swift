internal import Events
internal import RequestParsing

/// What PostHog's clients hear.
enum PostHogAnswers {
    /// What posthog-js asks about itself. Nothing that would ask for more of this server is on; autocapture stays what
    /// the page says.
    private static let settings: StaticString = """
        "supportedCompression":["gzip","gzip-js"],"hasFeatureFlags":false,"autocapture_opt_out":false,\
        "autocaptureExceptions":false,"captureDeadClicks":false,"capturePerformance":false,"heatmaps":false,\
        "sessionRecording":false,"surveys":false,"productTours":false,"logs":{"captureConsoleLogs":false},\
        "conversations":false,"elementsChainAsString":true,"defaultIdentifiedOnly":true,\
        "analytics":{"endpoint":"/i/v0/e/"},"siteApps":[],"toolbarParams":{},"isAuthenticated":false
        """

    /// For `/flags` of every version and for `/decide`: each looks at its own part.
    static let noFlags: StaticString = """
        {"flags":{},"featureFlags":{},"featureFlagPayloads":{},"errorsWhileComputingFlags":false,\
        "requestId":"00000000-0000-4000-8000-000000000000","evaluatedAt":0,"config":{"enable_collect_everything":true},\
        "supportedCompression":["gzip","gzip-js"],"autocapture_opt_out":false,"autocaptureExceptions":false,\
        "capturePerformance":false,"heatmaps":false,"sessionRecording":false,"surveys":false,\
        "elementsChainAsString":true,"defaultIdentifiedOnly":true,"analytics":{"endpoint":"/i/v0/e/"},"siteApps":[],\
        "toolbarParams":{},"isAuthenticated":false}
        """

    // MARK: events

    /// 200 whatever became of the events but for what can never succeed, because its clients repeat themselves without
    /// end otherwise.
    static func events(
        _ request: borrowing ForeignRequest, _ outcome: CollectOutcome, of edge: borrowing EdgeCollector,
        into answer: inout ForeignAnswer
    ) {
        let reason = edge.rejections.first?.reason
        if outcome.status == .unavailable {
            answer.status = 503
            answer.json("{\"type\":\"server_error\",\"code\":\"busy\",\"detail\":\"Try again.\",\"attr\":null}")
            answer.headers.append(("Retry-After", "1"))
        } else if outcome.status == .refused, reason == .missingSite {
            answer.status = 401
            answer.json(
                """
                {"type":"authentication_error","code":"missing_api_key","detail":"There is no project token.",\
                "attr":null}
                """)
        } else if request.action == PostHog.results, results(request, outcome, of: edge, into: &answer) {
            answer.content = .json
        } else if outcome.status == .refused, PostHogFields.isClientsFault(reason) {
            answer.status = 400
            answer.json(
                "{\"type\":\"validation_error\",\"code\":\"invalid_payload\",\"detail\":\"")
            answer.body.append(contentsOf: (reason?.rawValue ?? "").utf8)
            answer.body.append(contentsOf: "\",\"attr\":null}".utf8)
        } else {
            answer.json("{\"status\":\"Ok\"}")
        }
    }

    /// `{"results":{"UUID":{"result":"ok"}}}`; false where the body has no such list or was refused as a whole. The ids
    /// are read again: few clients ask for this, and nothing needs to be kept for them.
    private static func results(
        _ request: borrowing ForeignRequest, _ outcome: CollectOutcome, of edge: borrowing EdgeCollector,
        into answer: inout ForeignAnswer
    ) -> Bool {
        let rejections = edge.rejections
        guard rejections.count == outcome.refused else { return false }
        var tree = JSONTree()
        let body = request.body
        guard (try? tree.read(body, edge.collector.limits)) != nil,
            let batch = tree.member("batch", of: 0, in: body), tree.kind(batch) == .array
        else { return false }
        var text = Array("{\"results\":{".utf8)
        var place = 0
        var refused = 0
        var isFirst = true
        var child = tree.first(in: batch)
        while let event = child {
            child = tree.next(after: event, in: batch)
            var reason: Rejection?
            if refused < rejections.count, rejections[refused].index == place {
                reason = rejections[refused].reason
                refused += 1
            }
            place += 1
            guard tree.kind(event) == .object, let id = tree.member("uuid", of: event, in: body),
                tree.kind(id) == .string
            else { continue }
            text.append(contentsOf: (isFirst ? "\"" : ",\"").utf8)
            isFirst = false
            // As it stands in a JSON string already.
            body.extracting(tree.nodes[id].token.range).withUnsafeBytes { text.append(contentsOf: $0) }
            text.append(contentsOf: "\":".utf8)
            text.append(contentsOf: verdict(reason).utf8)
        }
        guard place == outcome.offered else { return false }
        text.append(contentsOf: "}}".utf8)
        answer.body = text
        return true
    }

    private static func verdict(_ reason: Rejection?) -> String {
        guard let reason, reason == .timeOutOfRange || PostHogFields.isClientsFault(reason) else {
            return "{\"result\":\"ok\"}"
        }
        return "{\"result\":\"drop\",\"details\":\"\(reason.rawValue)\"}"
    }

    // MARK: configuration

    /// `/array/TOKEN/config` and `/array/TOKEN/config.js`; nil for other paths, and for tokens that could mean something
    /// where they are written into a script.
    static func configPath(_ path: RawSpan) -> (token: Range<Int>, isScript: Bool)? {
        let count = path.byteCount
        let start = 7
        guard count > start, path.extracting(first: start).equals("/array/"),
            let end = path.firstOffset(of: UInt8(ascii: "/"), in: start..<count), end > start, end - start <= 200
        else { return nil }
        for offset in start..<end {
            let byte = path.byte(at: offset)
            guard ASCII.isAlphanumeric(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") else {
                return nil
            }
        }
        let file = path.extracting(end..<count)
        if file.equals("/config") { return (start..<end, false) }
        return file.equals("/config.js") ? (start..<end, true) : nil
    }

    static func config(_ request: borrowing ForeignRequest, into answer: inout ForeignAnswer) {
        guard let (range, isScript) = configPath(request.path) else { return answer.json("{}") }
        let token = request.path.extracting(range).array
        let settings = Self.settings.withUTF8Buffer { Array($0) }
        var object = Array("{\"token\":\"".utf8) + token
        object += Array("\",".utf8) + settings + Array("}".utf8)
        answer.cacheSeconds = 300
        guard isScript else {
            answer.content = .json
            answer.body = object
            return
        }
        answer.content = .javaScript
        answer.body =
            Array("(function(){var all=window._POSTHOG_REMOTE_CONFIG=window._POSTHOG_REMOTE_CONFIG||{};all[\"".utf8)
            + token + Array("\"]={config:".utf8) + object + Array(",siteApps:[]}})();\n".utf8)
    }
}
