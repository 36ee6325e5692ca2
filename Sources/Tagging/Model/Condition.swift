/// A comparison of a variable with a value, as triggers have them.
package struct Condition: Sendable, Hashable {
    package var comparison: Comparison
    /// What is compared: nearly always one reference, `{{Page Path}}`.
    package var subject: String
    /// What it is compared with; may hold references.
    package var value: String
    package var isNegated = false
    package var ignoresCase = false

    package init(
        _ comparison: Comparison, _ subject: String, _ value: String, isNegated: Bool = false, ignoresCase: Bool = false
    ) {
        self.comparison = comparison
        self.subject = subject
        self.value = value
        self.isNegated = isNegated
        self.ignoresCase = ignoresCase
    }

    /// The raw value is the word of Google's API; exports write it in capitals with underscores.
    package enum Comparison: String, Sendable, CaseIterable {
        case equals, contains, startsWith, endsWith, matchRegex, greater, greaterOrEquals, less, lessOrEquals
        case cssSelector, urlMatches
    }
}
