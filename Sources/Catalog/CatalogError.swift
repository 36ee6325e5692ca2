/// Why a definition was not taken or not found. Every case names the field or file and what was expected, so
/// that one line on a terminal is enough to put it right.
package enum CatalogError: Error, Sendable, Equatable {
    /// A value that its field does not take. The caller changes the value and tries again.
    case invalid(field: String, value: String, expected: String)
    /// A value that another definition already has.
    case taken(field: String, value: String, by: String)
    /// Somebody else was first: what was read has changed since. The caller reads again and decides anew.
    case conflict(what: String, by: String, expected: String)
    /// What this actor may not do though its role has the right: approving its own work.
    case notAllowed(what: String, expected: String)
    /// Nothing is called this.
    case notFound(kind: String, reference: String)
    /// The store's file was written by a newer Highland.
    case newerFormat(path: String, hint: String)
    /// The store could not read or write. `code` is the store's own number; retry only where the hint says so.
    case storage(operation: String, path: String, code: Int32, message: String, hint: String)

    /// What kind of answer this is: the one table from which status codes are chosen.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        case invalid, taken, conflict, notAllowed, notFound, storage
    }

    package var kind: Kind {
        switch self {
        case .invalid: .invalid
        case .taken: .taken
        case .conflict: .conflict
        case .notAllowed: .notAllowed
        case .notFound: .notFound
        case .newerFormat, .storage: .storage
        }
    }
}

extension CatalogError: CustomStringConvertible {
    /// One line, without control characters from outside.
    package var description: String {
        switch self {
        case .invalid(let field, let value, let expected):
            "\(field): '\(CatalogError.shown(value))' is not valid; expected \(expected)"
        case .taken(let field, let value, let owner):
            "\(field): '\(CatalogError.shown(value))' already belongs to \(owner); expected one that is free"
        case .conflict(let what, let actor, let expected):
            "\(CatalogError.shown(what)) was changed by \(CatalogError.shown(actor)) in between; expected \(expected)"
        case .notAllowed(let what, let expected): "\(CatalogError.shown(what)); expected \(expected)"
        case .notFound(let kind, let reference):
            "no \(kind) '\(CatalogError.shown(reference))'"
        case .newerFormat(let path, let hint):
            "\(path): written by a newer version; \(hint)"
        case .storage(let operation, let path, let code, let message, let hint):
            "\(path): cannot \(operation): \(message) (SQLite code \(code)); \(hint)"
        }
    }

    /// The first 80 characters of a value, control characters replaced, fit for a terminal and a log.
    package static func shown(_ value: String) -> String {
        let cut = value.unicodeScalars.prefix(80).map { scalar -> Character in
            scalar.properties.generalCategory == .control ? "\u{FFFD}" : Character(scalar)
        }
        return String(cut) + (value.unicodeScalars.count > 80 ? "…" : "")
    }
}
