/// Something that a person should know of a container before it is published: where, and what.
package struct Finding: Sendable, Hashable {
    package var severity: Severity
    /// `tag "Meta": parameter html, line 3`.
    package var place: String
    /// One sentence for people.
    package var message: String

    package init(_ severity: Severity, _ place: String, _ message: String) {
        self.severity = severity
        self.place = place
        self.message = message
    }

    package enum Severity: String, Sendable, CaseIterable {
        /// The container cannot be published.
        case error
        /// It can, when somebody says so: the container's consent manager cannot run, say.
        case confirmation
        /// It can; part of it does not do what its author may think.
        case warning
        case notice
    }
}
