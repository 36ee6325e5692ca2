internal import Catalog
internal import Crypto
internal import Events
internal import RequestParsing
package import Serving

/// Every script that pages may load, at one moment: path to answers that are ready to send. Immutable; made on any
/// thread but a loop's (it hashes every byte that was not in the table before), then put into a `TagScriptsHolder`.
///
/// An answer depends on the path and on the coding that Accept-Encoding chooses, and on nothing else of a request. Each
/// coding has a strong entity tag of its own, made of its bytes. Finding one costs a hash of the path and one
/// comparison, answering it no allocation (measured: none for 200 and 304, packed and not).
package final class TagScripts: Sendable {
    /// Beyond either bound scripts are left out, immutable ones first, then previews; `leftOut` names them.
    package static let countMax = 20_000
    package static let bytesMax = 256 << 20
    /// A longer path has no script.
    package static let pathBytesMax = 200

    /// The catalog's when the scripts were read: a holder takes no older table than it has.
    package let generation: UInt64
    package let count: Int
    /// Of all scripts, packed and not.
    package let byteCount: Int
    /// Paths without a script for want of space, or because they are empty, too long or taken.
    package let leftOut: [String]
    private let table: KeyTable
    private let entries: [Entry]

    /// One script's answers.
    final class Entry: Sendable {
        fileprivate let source: TagScript
        let identity: Coded
        /// nil where packing made it no smaller.
        let gzip: Coded?
        var caching: TagScript.Caching { source.caching }

        var expires: Timestamp? { source.expires }

        fileprivate init(_ source: TagScript, reusing old: Entry?) throws(ServingError) {
            if let old, old.source.bytes == source.bytes, old.source.gzip == source.gzip,
                old.source.caching == source.caching
            {
                // The old one's arrays, which its answers share.
                var kept = old.source
                kept.expires = source.expires
                self.source = kept
                (identity, gzip) = (old.identity, old.gzip)
                return
            }
            self.source = source
            identity = try Coded(source.bytes, coding: .identity, caching: source.caching)
            gzip =
                source.gzip.isEmpty || source.gzip.count >= source.bytes.count
                ? nil : try Coded(source.gzip, coding: .gzip, caching: source.caching)
        }
    }

    /// One coding of a script.
    final class Coded: Sendable {
        /// With its quotation marks.
        let entityTag: [UInt8]
        let whole: ResponseTemplate
        let notModified: ResponseTemplate
        let byteCount: Int

        fileprivate init(
            _ bytes: [UInt8], coding: ContentCoding, caching: TagScript.Caching
        ) throws(ServingError) {
            let tag = "\"\(Self.hash(bytes))\""
            let common =
                TagAnswers.everywhere + [
                    ("Timing-Allow-Origin", "*"), ("ETag", tag), ("Cache-Control", caching.header),
                    ("Vary", "Accept-Encoding"),
                ]
            var own: [(name: String, value: String)] = [("Content-Type", "text/javascript; charset=utf-8")]
            if coding == .gzip { own.append(("Content-Encoding", "gzip")) }
            entityTag = Array(tag.utf8)
            byteCount = bytes.count
            whole = try ResponseTemplate(status: 200, headers: own + common, body: bytes)
            notModified = try ResponseTemplate(status: 304, headers: common)
        }

        /// 128 bits of the bytes' SHA-256, in hexadecimal digits.
        private static func hash(_ bytes: [UInt8]) -> String {
            let digits = Array("0123456789abcdef")
            return String(SHA256.hash(data: bytes).prefix(16).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
        }
    }

    /// No scripts.
    package init() {
        (generation, count, byteCount, leftOut, entries) = (0, 0, 0, [], [])
        table = KeyTable([])
    }

    /// The table of `scripts`. What `previous` had ready and has not changed is taken from there. Blocks for 2 to 3 ms
    /// a megabyte that is new.
    /// - Throws: `ServingError.header`: a header could not be written.
    package init(
        _ scripts: [TagScript], generation: UInt64 = 0, reusing previous: TagScripts? = nil
    ) throws(ServingError) {
        self.generation = generation
        var paths: Set<String> = []
        var leftOut: [String] = []
        var entries: [Entry] = []
        var byteCount = 0
        for caching in [TagScript.Caching.live, .preview, .immutable] {
            for script in scripts where script.caching == caching {
                let bytes = script.bytes.count + script.gzip.count
                guard (1...Self.pathBytesMax).contains(script.path.utf8.count), entries.count < Self.countMax,
                    bytes <= Self.bytesMax - byteCount, paths.insert(script.path).inserted
                else {
                    leftOut.append(script.path)
                    continue
                }
                byteCount += bytes
                entries.append(try Entry(script, reusing: previous?.find(script.path)))
            }
        }
        table = KeyTable(entries.map(\.source.path))
        self.entries = entries
        self.leftOut = leftOut
        self.byteCount = byteCount
        count = entries.count
    }

    /// The script at a path below `/tags/`; nil where there is none. Compared byte by byte, nothing is decoded.
    func find(_ path: borrowing RawSpan) -> Entry? {
        guard path.byteCount <= Self.pathBytesMax, let index = table.index(of: path) else { return nil }
        return entries[index]
    }

    private func find(_ path: String) -> Entry? {
        let bytes = Array(path.utf8)
        return find(bytes.span.bytes)
    }
}
