package import Catalog

/// Why a container is not what somebody wanted it to be. Nothing was changed.
package enum PublicationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The store's answer; the kind of its error chooses the kind of this one.
    case catalog(CatalogError)
    /// A definition or export that does not read or compile, with its findings where there are some.
    case tagging(TaggingError)
    /// It can be published when somebody says that these are meant.
    case unconfirmed([Finding])

    package var description: String {
        switch self {
        case .catalog(let error): error.description
        case .tagging(let error): error.description
        case .unconfirmed(let findings):
            "needs to be confirmed: "
                + findings.prefix(5).map { "\($0.place): \($0.message)" }.joined(separator: "; ")
        }
    }
}

extension [Finding] {
    /// Those of one severity.
    package func only(_ severity: Finding.Severity) -> [Finding] { filter { $0.severity == severity } }
}
