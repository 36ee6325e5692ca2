import Admin
import Catalog
import Foundation
import HTTPTypes
import Testing

/// The page with a site's numbers: what it shows, and that text from outside stays text.
@Suite struct PageTests {
    static let attacks = [
        "<script>alert(1)</script>", "\"><script>alert(1)</script>", "'><img src=x onerror=alert(1)>",
        "</title><script>",
        "{{{chart}}}", "{{> frame}}", "\"\u{301} onmouseover=alert(1) x=\"", "<\u{301}script>", "javascript:alert(1)//",
        "data:text/html,<script>alert(1)</script>", "https://a.example/\"><script>", "\u{202E}txt.exe", "\0\u{1B}[31m",
        "&lt;script&gt;", "<!--<script>", "]]><script>", "https://a.example/' onclick='x",
    ]

    private func page(
        _ reports: MadeUpReports = MadeUpReports(), siteName: String = "Shop", path: String = "/"
    ) async throws -> TestResponse {
        let plane = try TestPlane(reports: reports, siteName: siteName)
        return try await plane.test { client in
            try await client.execute(
                uri: path, method: .get, headers: .key(plane.key(.viewer)).with("Accept", "text/html"))
        }
    }

    @Test(arguments: attacks) func textFromOutsideStaysText(_ attack: String) async throws {
        let name = String(
            attack.unicodeScalars.filter { $0.properties.generalCategory != .control }.map(Character.init))
        let answer = try await page(MadeUpReports(prefix: attack), siteName: name)
        #expect(answer.status == .ok)
        let html = answer.text
        let scripts = html.components(separatedBy: "<script").count - 1
        #expect(scripts == 1, "only the page's own module")
        #expect(!html.contains("<img src=x"))
        #expect(!html.contains("href=\"javascript:"))
        #expect(!html.contains("href=\"data:"))
        // By bytes: a combining mark must not hide a quote.
        let bytes = Array(html.utf8)
        for raw in ["\"\u{301}", "<\u{301}", "\u{202E}", "\u{1B}", "\0"] {
            #expect(bytes.firstRange(of: Array(raw.utf8)) == nil)
        }
        #expect(html.contains("Top pages"))
    }

    @Test func noElementHasAHandlerOrAStyleOfItsOwn() async throws {
        for attack in PageTests.attacks {
            let html = try await page(MadeUpReports(prefix: attack)).text
            for tag in html.matches(of: /<[a-z][^>]*>/) {
                // What stands in quotes is a value; what is left are names.
                let names = tag.output.replacing(/"[^"]*"/, with: "")
                #expect(!names.contains(/\son[a-z]+/), "\(tag.output)")
                #expect(!names.contains("style"), "\(tag.output)")
            }
        }
    }

    @Test func linksLeadToTheWebOnlyAndTellItNothing() async throws {
        let html = try await page().text
        #expect(
            html.contains(
                "<a href=\"https://news.example/item?id=1\" rel=\"noopener noreferrer nofollow\" target=\"_blank\">"))
        for link in html.matches(of: /href="([^"]*)"/) {
            let target = String(link.output.1)
            #expect(target.hasPrefix("/") || target.hasPrefix("https://") || target.hasPrefix("#"), "\(target)")
        }
    }

    @Test func theHeadlineShowsNumbersAndTheirChange() async throws {
        let html = try await page(path: "/sites/shop.test?period=30d").text
        for text in [
            "12,345", "38,269", "Views per visit", "2.38", "41%", "2m 05s", "18,205 CHF", "+12%", "from 11,007",
            "−3 pts", "31% of the visitors are known for one day only", "11,110 events by bots are left out",
            "amounts in USD are left out", "Switzerland", "Direct or unknown", "and 41 more",
        ] {
            #expect(html.contains(text), "\(text)")
        }
        #expect(html.contains("<title>Shop · Highland</title>"))
    }

    @Test func botsCanBeCountedIn() async throws {
        let html = try await page(path: "/sites/shop.test?period=7d&bots=1").text
        #expect(html.contains("Events by bots are counted in."))
        #expect(html.contains("href=\"/sites/shop.test?period=7d\""))
        #expect(html.contains("?period=day&amp;bots=1"))
    }

    @Test func aSiteWithoutEventsSaysHowToSendOne() async throws {
        let html = try await page(MadeUpReports(isEmpty: true)).text
        #expect(html.contains("No events in this period"))
        #expect(html.contains("/collect.gif?site="))
        #expect(!html.contains("<svg class=\"chart\""))
    }

    @Test func whatTheDataCannotTellIsADash() async throws {
        let html = try await page(MadeUpReports(isAnonymous: true)).text
        #expect(html.contains("<dd class=\"value\">–</dd>"))
        #expect(html.contains("Page views over time"))
        #expect(!html.contains("<dt>Visitors</dt><dd class=\"value\">0"))
    }

    @Test(arguments: [
        "/?period=never", "/?from=2024-01-01", "/?from=2024-02-01&to=2024-01-01", "/?from=%3Cscript%3E&to=x",
    ]) func aWrongPeriodIsAPageThatSaysSo(_ path: String) async throws {
        let answer = try await page(path: path)
        #expect(answer.status == .badRequest)
        #expect(answer.headers[.contentType] == "text/html; charset=utf-8")
        #expect(answer.text.contains("Expected:"))
        #expect(!answer.text.contains("<script>"))
    }

    @Test func withoutASessionThePageSaysHowToGetOne() async throws {
        let plane = try TestPlane()
        try await plane.test { client in
            let answer = try await client.execute(uri: "/", method: .get, headers: [.accept: "text/html"])
            #expect(answer.status == .unauthorized)
            #expect(answer.text.contains("Open the sign-in link"))
        }
    }

    @Test func everyPictureAndTableHasANameAndTheChartATable() async throws {
        let html = try await page().text
        #expect(html.contains("role=\"img\" aria-labelledby=\"chart-title chart-text\""))
        #expect(html.contains("<summary>The same as a table</summary>"))
        #expect(html.contains("<html lang=\"en\">"))
        for svg in html.matches(of: /<svg[^>]*>/) {
            #expect(svg.output.contains("aria-hidden=\"true\"") || svg.output.contains("role=\"img\""))
        }
        for id in html.matches(of: /aria-labelledby="([^"]*)"/).flatMap({ $0.output.1.split(separator: " ") }) {
            #expect(html.contains("id=\"\(id)\""))
        }
        let ids = html.matches(of: /\sid="([^"]*)"/).map { String($0.output.1) }
        #expect(Set(ids).count == ids.count)
        for name in ["{{", "}}", "Optional("] { #expect(!html.contains(name)) }
    }

    @Test func theBoxOfOwnDaysIsClosedAndNamesTheDaysThatAreShown() async throws {
        let own = try await page(path: "/sites/shop.test?from=2024-06-01&to=2024-06-10").text
        #expect(own.contains("<details class=\"range\"><summary class=\"chosen\">2024-06-01 to 2024-06-10</summary>"))
        #expect(own.contains("<input type=\"date\" name=\"from\" value=\"2024-06-01\" required>"))
        let named = try await page(path: "/sites/shop.test?period=30d").text
        #expect(named.contains("<details class=\"range\"><summary>Other days</summary>"))
    }

    @Test func eachDateStandsUnderItsOwnPoint() async throws {
        let html = try await page(path: "/sites/shop.test?period=30d").text
        #expect(html.contains("viewBox=\"0 0 30 100\""))
        let dates = html.matches(of: /<text x="([0-9.]+)%" y="1em" text-anchor="([a-z]+)">([^<]*)<\/text>/)
        let seen = dates.map { "\($0.output.3) \($0.output.1) \($0.output.2)" }
        #expect(
            seen == [
                "1 Jun 1.67 start", "8 Jun 25.0 middle", "15 Jun 48.33 middle", "22 Jun 71.67 middle",
                "30 Jun 98.33 end",
            ])
    }

    @Test func embeddedFilesAreThoseOfThePublicFolder() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder = root.appendingPathComponent("public")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names == EmbeddedFiles.all.map(\.name).sorted())
        for file in EmbeddedFiles.all {
            let text = try String(contentsOf: folder.appendingPathComponent(file.name), encoding: .utf8)
            #expect(text == file.text, "run scripts/embed-public.sh")
        }
    }
}
