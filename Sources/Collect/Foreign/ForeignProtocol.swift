package import Catalog
package import Events
package import RequestParsing

/// A product whose clients are taken as they are: paths, a translation of requests into events, and the answers that
/// its clients expect. Nothing of its words leaks further than its folder.
///
///     request ─> route ─> translate: draft, offer, draft, offer … ─> commit ─> answer in the client's own form
///
/// A folder has the same files for each: `…Protocol` (paths and answers), `…Translation` (requests to events),
/// `…Fields` (the protocol's words, and where each lands). Adding one is a folder, and a line in `ForeignProtocols.all`.
package protocol ForeignProtocol: Sendable {
    /// Whose aliases name sites.
    static var aliases: AliasProtocol { get }
    /// How its events are marked in the journal.
    static var wire: WireProtocol { get }
    /// Paths without a closing slash; each is served with one too.
    static var paths: [ForeignPath] { get }
    /// The action of a path with parts that vary, without a closing slash; nil for all others. Asked only where no exact
    /// path is that of the request.
    static func action(of path: RawSpan, method: HTTPMethod) -> UInt8?
    /// The answer to a preflight.
    static var preflight: ForeignPreflight { get }
    /// Fills a draft for each event of the request and offers it; refuses what it cannot read. Calls
    /// `edge.beginEvent`, fills `edge.draft` with texts in `edge.arena`, then `edge.offer`.
    static func translate(_ request: borrowing ForeignRequest, into edge: inout EdgeCollector)
    /// Says what the client hears. Begins as 200 without a body.
    static func answer(
        _ request: borrowing ForeignRequest, _ outcome: CollectOutcome, of edge: borrowing EdgeCollector,
        into answer: inout ForeignAnswer)
}

extension ForeignProtocol {
    package static func action(of path: RawSpan, method: HTTPMethod) -> UInt8? { nil }
}

/// One path of a protocol and what it means to it.
package struct ForeignPath: Sendable {
    package let path: StaticString
    package let methods: ForeignMethods
    package let action: UInt8

    package init(_ path: StaticString, _ methods: ForeignMethods, _ action: UInt8) {
        self.path = path
        self.methods = methods
        self.action = action
    }
}

/// Methods that a path takes; `OPTIONS` is always answered.
package struct ForeignMethods: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `HEAD` too.
    package static let get = ForeignMethods(rawValue: 1)
    package static let post = ForeignMethods(rawValue: 2)

    package func take(_ method: HTTPMethod) -> Bool {
        switch method {
        case .get, .head: contains(.get)
        case .post: contains(.post)
        case .options: true
        case .put, .delete, .patch: false
        }
    }
}

/// What a browser is told before it sends a request that is not simple.
package struct ForeignPreflight: Sendable {
    package var status: UInt16
    package var origins: ForeignOrigins
    package var headers: String
    package var seconds: Int

    package init(status: UInt16 = 204, origins: ForeignOrigins, headers: String, seconds: Int = 86_400) {
        self.status = status
        self.origins = origins
        self.headers = headers
        self.seconds = seconds
    }
}

/// Which origins may read an answer.
package enum ForeignOrigins: Sendable {
    /// `*`, without cookies.
    case any
    /// The request's own, with cookies; `*` where it names none.
    case mirrored
}

/// The protocols that are served. A new one is one line here.
package enum ForeignProtocols {
    package static let all: [any ForeignProtocol.Type] = [
        Plausible.self,
        Matomo.self,
        Snowplow.self,
        PostHog.self,
        Umami.self,
        GA4.self,
        Segment.self,
    ]
}

/// Where a request belongs.
package struct ForeignRoute: Hashable, Sendable {
    /// Place in `ForeignProtocols.all`.
    package let index: Int
    package let action: UInt8
    package var wire: WireProtocol { ForeignProtocols.all[index].wire }
}

/// Finds the protocol of a path: a table of the exact ones, then each protocol's own rule. Made once.
package struct ForeignRoutes: Sendable {
    private struct Entry: Sendable {
        let bytes: [UInt8]
        let methods: ForeignMethods
        let route: ForeignRoute
    }

    /// Grouped by length: few paths have the same.
    private var byLength: [[Entry]] = []

    package init() {
        for (index, one) in ForeignProtocols.all.enumerated() {
            for path in one.paths {
                let bytes = path.path.withUTF8Buffer { Array($0) }
                while byLength.count <= bytes.count { byLength.append([]) }
                byLength[bytes.count].append(
                    Entry(bytes: bytes, methods: path.methods, route: ForeignRoute(index: index, action: path.action)))
            }
        }
    }

    /// The route of a path, with or without a closing slash; nil where no protocol has it for this method. The first of
    /// two protocols with one path has its `OPTIONS`. About 20 ns.
    package func route(_ path: RawSpan, method: HTTPMethod) -> ForeignRoute? {
        let trimmed = path.withoutClosingSlash
        if trimmed.byteCount < byLength.count {
            for entry in byLength[trimmed.byteCount] where entry.methods.take(method) {
                if trimmed.equals(entry.bytes.span.bytes) { return entry.route }
            }
        }
        for (index, one) in ForeignProtocols.all.enumerated() {
            if let action = one.action(of: trimmed, method: method) {
                return ForeignRoute(index: index, action: action)
            }
        }
        return nil
    }
}
