/// Custom HTML, cut as a browser's tokenizer cuts it, into markup, inline scripts and references.
///
/// - An inline script in JavaScript (no type, a JavaScript type, `text/gtmscript`) becomes
///   `<script data-hl="N"></script>` with its other attributes, and its code is taken out. Scripts of other types keep
///   their text; so do module scripts, which run only where the page's CSP lets inline scripts run, and are reported.
/// - A reference becomes a part with the context that decides how its value is escaped. Where no escaping makes a value
///   safe (handlers, `srcdoc`, `javascript:`, names of tags and attributes, modules) it is left out and reported.
///
/// Nothing is repaired: markup goes out as it came in, but for quotes around an unquoted value that has a reference.
/// Cost: O(bytes); no recursion.
package enum HTMLTemplate {
    /// Longer markup is refused.
    package static let bytesMax = 1 << 20

    /// Where a value stands, and so how it has to be written.
    package enum Context: String, Sendable, CaseIterable {
        /// Text or a quoted attribute: HTML-escaped (`[4, i]`).
        case text
        /// Behind `?` or `#` of a URL: `encodeURIComponent` (`[5, i]`).
        case urlComponent
        /// The beginning of a URL: HTML-escaped, and "#" if it has a scheme other than http, https, mailto, tel
        /// (`[6, i]`).
        case url
        /// In a style sheet or `style`: one plain value, nothing if it has other characters (`[7, i]`).
        case css
        /// In a string of a JSON script: escaped without quotes (`[8, i]`).
        case jsonString
        /// A value of a JSON script: whole JSON (`[9, i]`).
        case json
    }

    package enum Part: Sendable, Hashable {
        case text(String)
        case reference(name: String, Context)
        /// The number of an inline script among `scripts`; the compiler writes the number of its function.
        case script(Int)
    }

    /// An inline script.
    package struct Script: Sendable, Hashable {
        package var code: String
        /// The line of the markup that its code begins in, from 1.
        package var line: Int
    }

    /// Something that the markup loads.
    package struct Resource: Sendable, Hashable {
        package var kind: Kind
        /// As written, entities of `&` resolved, references in braces.
        package var url: String
        /// Lower case, with the port; nil when it is the page's own or comes from a variable.
        package var host: String?

        package enum Kind: String, Sendable, CaseIterable {
            case script, image, frame, style, media, form, other
        }
    }

    /// What cannot work as written.
    package struct Problem: Sendable, Hashable {
        /// From 1.
        package var line: Int
        package var text: String
    }

    package struct Pieces: Sendable, Hashable {
        package var parts: [Part] = []
        package var scripts: [Script] = []
        package var resources: [Resource] = []
        package var problems: [Problem] = []
        /// Hosts of the resources, sorted, each once. Hosts that code loads from are in its facts.
        package var hosts: [String] { Array(Set(resources.compactMap(\.host))).sorted() }
    }

    /// The pieces of markup. Markup that is too long gives no parts, and a problem.
    package static func split(_ html: String) -> Pieces {
        let bytes = Array(html.utf8)
        guard bytes.count <= bytesMax else {
            return Pieces(problems: [Problem(line: 1, text: "more than \(bytesMax) bytes of HTML")])
        }
        var splitter = HTMLSplitter(bytes)
        return splitter.pieces()
    }

    /// The host of an absolute or `//` URL, lower case with its port; nil for others, and where it has a reference.
    package static func host(of url: String) -> String? {
        let bytes = Array(url.utf8)
        var start = 0
        while start < bytes.count, bytes[start] <= 0x20 { start += 1 }
        let lower = String(decoding: bytes[start...].prefix(8), as: UTF8.self).lowercased()
        if lower.hasPrefix("https://") {
            start += 8
        } else if lower.hasPrefix("http://") {
            start += 7
        } else if lower.hasPrefix("//") {
            start += 2
        } else {
            return nil
        }
        var host = bytes[min(start, bytes.count)...].prefix { !Array("/?#\\ \t\n\r".utf8).contains($0) }
        if let at = host.lastIndex(of: UInt8(ascii: "@")) { host = host[(at + 1)...] }
        let isPlain = host.allSatisfy { byte in
            byte >= 0x61 && byte <= 0x7A || byte >= 0x41 && byte <= 0x5A || byte >= 0x30 && byte <= 0x39
                || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ":") || byte >= 0x80
        }
        guard isPlain, !host.isEmpty, host.count <= 260 else { return nil }
        return String(decoding: host, as: UTF8.self).lowercased()
    }
}
