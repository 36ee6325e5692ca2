/// Who counts as whom where a second pair of eyes is asked for.
///
/// Nobody approves what they wrote. The operator at the machine is one person, at the console and in every session that
/// a sign-in link began. A key is the same person as whoever made it, and whoever made that one, since a key's maker
/// has seen its text: with the operator as an author, keys that the operator made are nobody else. The other way round
/// a key cannot approve what a key that it made has written. The operator can, since keys are the operator's way to let
/// others in, and whoever owns the files needs no trick.
package enum Authorship {
    /// Stands for the console and all sessions.
    private static let theOperator = "operator"
    /// A key whose line of makers is longer is not made.
    package static let makersMax = 32

    /// The makers of a key that `actor` makes, nearest first; `makers` gives those of the actor's own key.
    package static func makers(of actor: String, _ makers: (String) throws -> [String]) rethrows -> [String] {
        [actor] + (isKey(actor) ? try makers(actor) : [])
    }

    /// True where `approver` is none of `authors`. `makers` gives the line of makers of a key (`key:ID`), nearest
    /// first, also of one that was revoked. O(authors).
    package static func isSomebodyElse(
        _ approver: String, than authors: [String], makers: (String) throws -> [String]
    ) rethrows -> Bool {
        let own = Set(try line(approver, makers))
        for author in authors {
            if own.contains(person(author)) { return false }
            if isKey(approver), try line(author, makers).contains(approver) { return false }
        }
        return true
    }

    /// The authors with one more. Of the operator's sessions the first stands for all, so that the list is bounded by
    /// the number of keys.
    package static func adding(_ actor: String, to authors: [String]) -> [String] {
        authors.contains { person($0) == person(actor) } ? authors : authors + [actor]
    }

    private static func line(_ actor: String, _ makers: (String) throws -> [String]) rethrows -> [String] {
        ([actor] + (isKey(actor) ? try makers(actor) : [])).map(person)
    }

    private static func person(_ actor: String) -> String {
        actor == Principal.console.name || actor.hasPrefix("session:") ? theOperator : actor
    }

    private static func isKey(_ actor: String) -> Bool { actor.hasPrefix("key:") }
}
