/// Why a report cannot be made: the request's field, what is wrong, and what it may be. Expected; answered with 400.
package struct ReportError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The path of the field, `filters[0][1]`; for a mini-syntax filter its place.
    package var field: String
    /// What is wrong, with the value where that helps.
    package var problem: String
    /// What the field may be.
    package var expected: String

    package init(_ field: String, _ problem: String, expected: String) {
        self.field = field
        self.problem = problem
        self.expected = expected
    }

    package var description: String { "\(field): \(problem); expected \(expected)" }
}
