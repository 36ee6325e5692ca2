import Tagging
import Testing

@Suite struct CustomCodeHTMLTests {
    private func split(_ html: String) -> HTMLTemplate.Pieces { HTMLTemplate.split(html) }

    private func text(_ pieces: HTMLTemplate.Pieces) -> String {
        pieces.parts.map { part in
            switch part {
            case .text(let text): text
            case .reference(let name, let context): "[\(context.rawValue) \(name)]"
            case .script(let number): "#\(number)"
            }
        }.joined()
    }

    @Test(arguments: [
        ("<script>a</script>b", "<script data-hl=\"#0\"></script>b", "a"),
        ("<SCRIPT type='text/javascript' id=q>a</SCRIPT >", "<script data-hl=\"#0\" id=q></script>", "a"),
        ("<script type=\"text/gtmscript\">{{x}}</script>", "<script data-hl=\"#0\"></script>", "{{x}}"),
        (
            "<script><!--\nf('<script></script>')\n--></script>c", "<script data-hl=\"#0\"></script>c",
            "<!--\nf('<script></script>')\n-->"
        ),
        ("<script>a</scripts></script>", "<script data-hl=\"#0\"></script>", "a</scripts>"),
    ])
    func inlineScriptsAreTakenOut(_ html: String, _ wanted: String, _ code: String) {
        let found = split(html)
        #expect(text(found) == wanted)
        #expect(found.scripts.map(\.code) == [code])
    }

    @Test(arguments: [
        "<script src=\"//a.test/b.js\" async></script>", "<script type=\"text/template\"><b></script>",
        "<!-- <script>a</script> -->", "<textarea><script>a</script></textarea>", "a < b <3 </ x> <!doctype html>",
        "<noscript><img src=\"//a.test/p\"></noscript>", "<p title='a>b' data-a=\"<script>\">c</p>",
    ])
    func otherMarkupStaysAsItIs(_ html: String) {
        let found = split(html)
        #expect(text(found) == html)
        #expect(found.scripts.isEmpty)
    }

    @Test(arguments: [
        ("<p>{{x}}</p>", "<p>[text x]</p>"), ("<p id={{x}}>", "<p id=\"[text x]\">"),
        ("<a href='{{x}}'>", "<a href='[url x]'>"),
        ("<a href=\"/a/{{x}}?b={{y}}\">", "<a href=\"/a/[text x]?b=[urlComponent y]\">"),
        ("<a href='{{x}}{{y}}'>", "<a href='[url x][url y]'>"),
        ("<p style='color:{{x}}'>", "<p style='color:[css x]'>"),
        ("<style>a{b:{{x}}}</style>", "<style>a{b:[css x]}</style>"), ("<!-- {{x}} -->", "<!-- {{x}} -->"),
        (
            "<script type='application/ld+json'>{\"a\":\"b{{x}}\",\"c\":{{y}}}</script>",
            "<script type='application/ld+json'>{\"a\":\"b[jsonString x]\",\"c\":[json y]}</script>"
        ),
    ])
    func aReferenceKnowsItsContext(_ html: String, _ wanted: String) {
        let found = split(html)
        #expect(text(found) == wanted)
        #expect(found.problems.isEmpty)
    }

    @Test(arguments: [
        "<p onclick=\"f('{{x}}')\">", "<a href=\"javascript:f('{{x}}')\">", "<a href='&#106;avascript:{{x}}'>",
        "<a href='{{a}}:{{x}}'>", "<iframe srcdoc='{{x}}'></iframe>", "<p {{x}}>", "<a href='java\tscript:{{x}}'>",
    ])
    func whereNoValueIsSafeNoneIsWritten(_ html: String) {
        let found = split(html)
        #expect(!text(found).contains(" x]"))
        #expect(!found.problems.isEmpty)
    }

    @Test func whatIsLoadedIsListed() {
        let found = split(
            """
            <script src="https://CDN.test:8443/a.js?b&amp;c"></script><img srcset="//a.test/1 1x, //b.test/2 2x">
            <iframe src="//f.test/{{x}}"></iframe><link rel="stylesheet" href="/s.css"><img src="{{x}}">
            """)
        #expect(found.hosts == ["a.test", "b.test", "cdn.test:8443", "f.test"])
        #expect(found.resources.first?.url == "https://CDN.test:8443/a.js?b&c")
        #expect(found.resources.map(\.kind) == [.script, .image, .image, .frame, .style, .image])
    }

    @Test func problemsAndScriptsNameTheirLines() {
        let found = split("<p>\n<script>\na</script>\n<script type=module>b</script>")
        #expect(found.scripts.map(\.line) == [2])
        #expect(found.problems.map(\.line) == [4])
    }

    @Test func longMarkupIsRefusedAndOddMarkupEnds() {
        #expect(split(String(repeating: "a", count: HTMLTemplate.bytesMax + 1)).problems.count == 1)
        for piece in ["<", "<a ", "<!--", "{{", "<script>", "<a b='", "</", "<a {{", "<![CDATA["] {
            let found = split(String(repeating: piece, count: 20_000))
            #expect(found.problems.count <= 100)
        }
    }
}
