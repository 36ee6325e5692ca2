internal import Events

/// Why a line is no request: counted under these words in an import's `rejected`.
package enum AccessLogRejection: String, Error, Sendable, CaseIterable {
    case notALogLine = "not_a_log_line"
    case noTime = "no_time"
    case invalidTime = "invalid_time"
    case noRequestLine = "no_request_line"
    case invalidRequestLine = "invalid_request_line"
    case invalidStatus = "invalid_status"
    case invalidSize = "invalid_size"
    /// A referrer or agent begins with a quote and has no end: the line is cut short.
    case unclosedQuote = "unclosed_quote"
    case invalidHost = "invalid_host"
    case lineTooLong = "line_too_long"
}

/// Why a request of a log is no event: counted under these words in an import's `skipped`.
package enum AccessLogSkip: String, Sendable, CaseIterable {
    /// Style sheets, scripts, images, fonts, media, feeds.
    case asset
    /// Not a GET.
    case method
    /// Neither 2xx, 304 nor 404: redirects, refusals, errors of the server.
    case status
    /// Its event is there from an earlier import of the same line.
    case duplicate
    /// The last line of a Combined log, without its line end and its last fields: its server is still writing it.
    case unfinished
}

/// What a log line's request is.
package enum AccessLogVerdict: Hashable, Sendable {
    case pageview
    /// An event `404`.
    case notFound
    /// An event `download`.
    case download
    case skipped(AccessLogSkip)

    /// Decides by method, status and the path's ending; `path` is the target without its query.
    package init(method: borrowing RawSpan, status: UInt16, path: borrowing RawSpan) {
        guard method.byteCount == 3, method.octet(at: 0) == 71, method.octet(at: 1) == 69, method.octet(at: 2) == 84
        else {
            self = .skipped(.method)
            return
        }
        if status == 404 {
            self = .notFound
            return
        }
        guard (200...299).contains(status) || status == 304 else {
            self = .skipped(.status)
            return
        }
        switch PathEnding(path) {
        case .asset: self = .skipped(.asset)
        case .download: self = .download
        case .other: self = .pageview
        }
    }
}

/// What a path's ending says of the file behind it.
enum PathEnding: Hashable, Sendable {
    case asset
    case download
    case other

    init(_ path: borrowing RawSpan) {
        guard let packed = PathEnding.packedEnding(path) else {
            self = .other
            return
        }
        self =
            EndingTables.assets.contains(packed) ? .asset : EndingTables.downloads.contains(packed) ? .download : .other
    }

    /// The letters after the last dot of the last segment, lower-case, packed; nil without a dot or beyond five
    /// letters.
    private static func packedEnding(_ path: borrowing RawSpan) -> UInt64? {
        var packed: UInt64 = 0
        var count: UInt64 = 0
        var offset = path.byteCount
        while offset > 0 {
            offset -= 1
            let byte = path.octet(at: offset)
            if byte == UInt8(ascii: ".") { return count > 0 ? packed : nil }
            guard byte != UInt8(ascii: "/"), count < 5 else { return nil }
            packed |= UInt64(byte >= 65 && byte <= 90 ? byte | 0x20 : byte) << (count * 8)
            count += 1
        }
        return nil
    }

    static func pack(_ ending: Substring) -> UInt64 {
        var packed: UInt64 = 0
        for byte in ending.utf8 { packed = packed << 8 | UInt64(byte) }
        return packed
    }
}

private enum EndingTables {
    static let assets = Set(
        ("css js mjs map json xml txt rss atom png jpg jpeg gif svg webp avif ico bmp woff woff2 ttf otf eot "
            + "mp3 mp4 webm ogg wav mov avi").split(separator: " ").map(PathEnding.pack))
    static let downloads = Set(
        "pdf zip gz tar tgz bz2 xz 7z rar exe dmg iso deb rpm jar doc docx xls xlsx ppt pptx epub csv".split(
            separator: " "
        )
        .map(PathEnding.pack))
}
