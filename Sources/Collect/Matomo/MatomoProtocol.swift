internal import Catalog
internal import Events
internal import RequestParsing

/// Matomo: `/matomo.php`, one request's worth of fields in query and form, or many of them as JSON; and the one
/// question that Matomo's log importer asks before it sends.
///
/// Source: Matomo's Tracking HTTP API reference (5.x), and what its clients send.
enum Matomo: ForeignProtocol {
    static let aliases = AliasProtocol.matomo
    static let wire = WireProtocol.matomo
    static let paths = [
        ForeignPath("/matomo.php", [.get, .post], track), ForeignPath("/piwik.php", [.get, .post], track),
        ForeignPath("/", .post, ask), ForeignPath("/index.php", .post, ask),
    ]
    static let preflight = ForeignPreflight(origins: .mirrored, headers: "Content-Type")

    static let track: UInt8 = 0
    static let ask: UInt8 = 1

    static func translate(_ request: borrowing ForeignRequest, into edge: inout EdgeCollector) {
        if request.action == track { MatomoTranslation.translate(request, into: &edge) }
    }

    /// The pixel, or 204 where the client wants none; many events hear how many were taken. What can never succeed is
    /// 400: the clients pass over every status.
    static func answer(
        _ request: borrowing ForeignRequest, _ outcome: CollectOutcome, of edge: borrowing EdgeCollector,
        into answer: inout ForeignAnswer
    ) {
        guard request.action == track else { return MatomoSiteQuestion.answer(request, into: &answer) }
        let note = MatomoNote(rawValue: edge.sender.note)
        if request.method == .post { answer.origins = .mirrored }
        if outcome.status == .unavailable { answer.headers.append(("Retry-After", "1")) }
        if note.contains(.bulk) { return bulk(note, request, outcome, edge, &answer) }
        switch outcome.status {
        case .unavailable:
            answer.status = 503
            answer.content = .pixel
        case .refused where MatomoField.isClientsFault(edge.rejections.first?.reason):
            answer.status = 400
            answer.content = .text
            if let reason = edge.rejections.first?.reason { answer.body.append(contentsOf: reason.rawValue.utf8) }
        default:
            answer.status = note.contains(.quiet) ? 204 : 200
            answer.content = note.contains(.quiet) ? .none : .pixel
        }
    }

    /// `{"status":"success","tracked":1,"invalid":1,"invalid_indices":[0]}`; the indices only for a sender with a key.
    private static func bulk(
        _ note: MatomoNote, _ request: borrowing ForeignRequest, _ outcome: CollectOutcome,
        _ edge: borrowing EdgeCollector, _ answer: inout ForeignAnswer
    ) {
        let rejections = edge.rejections
        let isUnread = note.contains(.unread) || rejections.first?.reason == .tooManyEvents
        if outcome.status == .unavailable {
            answer.status = 503
        } else if isUnread {
            answer.status = 400
        } else if note.contains(.quiet) {
            answer.status = 204
            return
        }
        answer.content = .json
        let status = answer.status == 200 ? "success" : "error"
        answer.body.append(contentsOf: "{\"status\":\"\(status)\",\"tracked\":".utf8)
        CollectAnswer.append(outcome.accepted, to: &answer.body)
        answer.body.append(contentsOf: ",\"invalid\":".utf8)
        CollectAnswer.append(isUnread ? 0 : outcome.refused, to: &answer.body)
        if edge.sender.principal != nil || request.facts.hasServerKey {
            answer.body.append(contentsOf: ",\"invalid_indices\":[".utf8)
            for (place, rejection) in rejections.enumerated() where !isUnread {
                if place > 0 { answer.body.append(UInt8(ascii: ",")) }
                CollectAnswer.append(rejection.index, to: &answer.body)
            }
            answer.body.append(UInt8(ascii: "]"))
        }
        if isUnread, let reason = rejections.first?.reason {
            answer.body.append(contentsOf: ",\"message\":\"\(reason.rawValue)\"".utf8)
        }
        answer.body.append(UInt8(ascii: "}"))
    }
}

/// What the translation tells the answer.
struct MatomoNote: OptionSet {
    let rawValue: UInt8

    /// Many events as JSON.
    static let bulk = MatomoNote(rawValue: 1)
    /// The client wants no body.
    static let quiet = MatomoNote(rawValue: 2)
    /// The body could not be read at all.
    static let unread = MatomoNote(rawValue: 4)
}

/// `module=API&method=SitesManager.getSiteFromId&idSite=1&token_auth=KEY`: what the log importer asks first.
///
/// Answered with the site's alias and address to a key that may write its events; everything else is an error in the
/// importer's form, or 404 where it is no such question.
enum MatomoSiteQuestion {
    static func answer(_ request: borrowing ForeignRequest, into answer: inout ForeignAnswer) {
        var question = Question()
        question.read(request.query)
        question.read(request.body)
        guard question.isAsked else {
            answer.status = 404
            return answer.text("not found")
        }
        guard let principal = question.principal(request) ?? request.facts.principal,
            principal.role.has(.writeEvents),
            let (site, _) = request.catalog.alias(.matomo, value: question.site.span.bytes),
            principal.scope.covers(site.id), let host = site.domains.first
        else {
            return answer.json(
                "{\"result\":\"error\",\"message\":\"No such site, or token_auth is no key that may write events.\"}"
            )
        }
        answer.content = .json
        answer.body.append(contentsOf: "{\"idsite\":\"".utf8)
        // An alias that is none of its own kind would have to be escaped; numbers and names are letters and digits.
        for byte in question.site where ASCII.isAlphanumeric(byte) || byte == UInt8(ascii: "-") {
            answer.body.append(byte)
        }
        answer.body.append(contentsOf: "\",\"main_url\":\"https://".utf8)
        for byte in host.utf8 where byte > 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") {
            answer.body.append(byte)
        }
        answer.body.append(contentsOf: "\"}".utf8)
    }

    private struct Question {
        private var module: [UInt8] = []
        private var method: [UInt8] = []
        private(set) var site: [UInt8] = []
        private var token: [UInt8] = []

        var isAsked: Bool {
            module.span.bytes.equals("API") && method.span.bytes.equals("SitesManager.getSiteFromId")
        }

        mutating func read(_ source: RawSpan) {
            var pairs = QueryPairs(source)
            while let pair = pairs.next() {
                guard let field = MatomoField.table.value(of: source.extracting(pair.key)) else { continue }
                var text: [UInt8] = []
                PercentDecoding.append(source.extracting(pair.value), plusIsSpace: true, to: &text)
                switch field {
                case .module: module = text
                case .method: method = text
                case .site: site = text
                case .token: token = text
                default: continue
                }
            }
        }

        func principal(_ request: borrowing ForeignRequest) -> Principal? {
            request.catalog.principal(key: token.span.bytes)
        }
    }
}
