import Catalog
import Collect
import Events
import Journal
import RequestParsing
import Testing

/// What the script is told of where to send, behind a site's own prefix.
@Suite struct SegmentSettingsTests {
    @Test func settingsBehindAPrefixNameItToo() throws {
        let bench = ForeignBench()
        let request = Array("GET /x/abcd/v1/projects/wk_test/settings HTTP/1.1\r\nHost: shop.test:8443\r\n\r\n".utf8)
        let bytes = request.span.bytes
        var parser = RequestHeadParser(limits: HeadLimits())
        let result = parser.parse(bytes)
        #expect(result == .complete)
        let head = parser.head
        let path = bytes.extracting(head.path.lowerBound + 7..<head.path.upperBound)
        let found = ForeignRoutes().route(path, method: .get)
        let route = try #require(found)
        let facts = RequestFacts(
            receivedAt: ForeignBench.received, address: IPAddress(ipv4: 0), none: bytes.extracting(first: 0))
        let foreign = ForeignRequest(
            method: .get, action: route.action, path: path, query: bytes.extracting(head.query),
            body: bytes.extracting(first: 0), head: head, headBytes: bytes, facts: facts, catalog: bench.catalog)
        var edge = EdgeCollector(
            secrets: Secrets.random(), salts: .replay(ReplaySalts()), geo: .none, journal: bench.journal)
        var answer = ForeignAnswer()
        _ = edge.collectForeign(route, foreign, answer: &answer)
        let body = String(decoding: answer.body, as: UTF8.self)
        #expect(body.contains(#""apiHost":"shop.test:8443/x/abcd/v1""#))
    }
}
