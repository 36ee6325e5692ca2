internal import RequestParsing

/// How nothing of an export gets lost: what the model does not hold stays in an object's `foreign` text, and so does a
/// member that the model holds but would write otherwise (`"paused": false`, a type in small letters, a parameter with a
/// member that we do not know).
///
/// On the way back a member of the second sort stands in for ours as long as it still says what the model says: once
/// somebody has changed the object, ours is written and the old one is gone. So an export of an unchanged import has the
/// members of the file, and its import is the same definition.
struct GTMForeign<Object: Equatable> {
    /// What an export says of an object.
    let write: (Object) -> [JSONValue.Member]
    /// The object that members of an export are, without `foreign`; nil where they are none.
    let read: ([JSONValue.Member]) -> Object?
    /// Takes the `foreign` text out of an object, so that two can be compared.
    let plain: (inout Object) -> Void
    /// Every name that `read` looks at.
    let names: Set<String>

    /// The `foreign` text for an object that was read from members; nil where there is nothing to keep. A member that says
    /// something else than the object (an id that was given anew) is not kept.
    func kept(_ members: [JSONValue.Member], of object: Object) -> String? {
        var object = object
        plain(&object)
        let ours = write(object)
        var written: [String: JSONValue] = [:]
        for member in ours { written[member.name] = member.value }
        let rest = members.filter { member in
            written[member.name]?.sorted != member.value.sorted
                && (!names.contains(member.name) || read(merge(ours, [member])) == object)
        }
        return rest.isEmpty ? nil : JSONValue.object(rest).foreignText
    }

    /// The members of an export: ours, but for those that a kept one stands in for, then what was kept.
    func members(of object: Object, foreign: [JSONValue.Member]) -> [JSONValue.Member] {
        var object = object
        plain(&object)
        let ours = write(object)
        guard !foreign.isEmpty else { return ours }
        let merged = merge(ours, foreign)
        if read(merged) == object { return merged }
        let valid = foreign.filter { !names.contains($0.name) || read(merge(ours, [$0])) == object }
        return merge(ours, valid)
    }

    private func merge(_ ours: [JSONValue.Member], _ foreign: [JSONValue.Member]) -> [JSONValue.Member] {
        let replaced = Set(foreign.map(\.name))
        return ours.filter { !replaced.contains($0.name) } + foreign
    }
}
