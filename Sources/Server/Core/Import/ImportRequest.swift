/// What an import is asked for; travels over the admin socket.
package struct ImportRequest: Codable, Sendable, Equatable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        case accessLog = "access-log"
        case ndjson
        case csv
    }

    package var kind: Kind
    /// A domain, number or key.
    package var site: String
    /// Keeps the same line of two sources apart; lines are known again under the same label only.
    package var source: String
    /// Absolute paths, in the order they are read; `-` is standard input, where the reader has one.
    package var files: [String]
    /// Field by column name (CSV).
    package var map: [String: String] = [:]
    /// Events that say nothing of measurement had consent to it (NDJSON and CSV).
    package var assumesMeasurement = true

    package init(kind: Kind, site: String, files: [String], source: String? = nil) {
        self.kind = kind
        self.site = site
        self.files = files
        self.source = source ?? kind.rawValue
    }
}

/// What became of the lines: read = imported + the sum of skipped + the sum of rejected.
package struct ImportCounts: Codable, Sendable, Equatable {
    package var read = 0
    package var imported = 0
    /// By reason: `AccessLogSkip`.
    package var skipped: [String: Int] = [:]
    /// By reason: `AccessLogRejection`, `ImportedEventRejection` and the steps' `Rejection`.
    package var rejected: [String: Int] = [:]

    package init() {}
}

/// One thing an import says while it runs; exactly one field is there.
package struct ImportMessage: Codable, Sendable, Equatable {
    /// The counts so far, and how much of the files is read.
    package struct Progress: Codable, Sendable, Equatable {
        package var counts: ImportCounts
        package var bytesRead: Int
        /// nil where a size is not known beforehand.
        package var bytesTotal: Int?
    }

    package var progress: Progress?
    /// A sentence for people: a rejected line, columns passed over.
    package var note: String?
    package var result: ImportCounts?

    package init(progress: Progress? = nil, note: String? = nil, result: ImportCounts? = nil) {
        self.progress = progress
        self.note = note
        self.result = result
    }
}

/// What ends an import before its files do. What was committed until then stays and is known to a repetition.
package enum ImportError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A file that cannot be used. The problem is half a sentence.
    case file(path: String, problem: String, hint: String)
    /// The first hundred lines are none.
    case notThisFormat(path: String, kind: ImportRequest.Kind, firstReason: String)
    /// A CSV header that does not fit.
    case header(path: String, problem: String)
    case noSuchSite(String)
    /// The journal takes nothing more.
    case journal(problem: String, counts: ImportCounts)
    /// The ledger of imported lines.
    case ledger(path: String, problem: String)
    /// Whoever asked for it is gone.
    case cancelled

    package var description: String {
        switch self {
        case .file(let path, let problem, let hint): "\(path): \(problem); \(hint)"
        case .notThisFormat(let path, let kind, let reason):
            "\(path): none of the first \(Importer.trialLines) lines is \(kind.lineName) (\(reason)); expected \(kind.lineShape)"
        case .header(let path, let problem): "\(path): \(problem)"
        case .noSuchSite(let reference):
            "no site '\(reference.withoutControls)'; 'highland site list' shows the sites there are"
        case .journal(let problem, let counts):
            "\(problem); \(counts.imported) events were imported before that, and a repetition goes on behind them"
        case .ledger(let path, let problem):
            "\(path): \(problem); expected the ledger of imports that this program wrote"
        case .cancelled: "the import was cut off; a repetition goes on behind what was imported"
        }
    }
}

extension ImportRequest.Kind {
    var lineName: String {
        switch self {
        case .accessLog: "a line of an access log"
        case .ndjson: "an event"
        case .csv: "a record with an event"
        }
    }

    var lineShape: String {
        switch self {
        case .accessLog:
            "the Common or Combined format: 203.0.113.9 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1024 "
                + "\"referrer\" \"user agent\""
        case .ndjson:
            "one JSON object a line: {\"name\":\"pageview\",\"time\":\"2026-01-31T12:00:00Z\",\"url\":\"https://…\"}"
        case .csv: "a header row, then one event a row (RFC 4180)"
        }
    }
}
