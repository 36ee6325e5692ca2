internal import RequestParsing

/// What is kept of each kind of object beside what the model holds.
extension GTMObjects {
    static func foreignTag(_ owner: Owner) -> GTMForeign<Tag> {
        GTMForeign(
            write: { members($0, owner) },
            read: { read($0) { object, findings throws(TaggingError) in try tag(object, &findings) } },
            plain: { $0.foreign = nil }, names: tagNames)
    }

    static func foreignTrigger(_ owner: Owner) -> GTMForeign<Trigger> {
        GTMForeign(
            write: { members($0, owner) },
            read: { read($0) { object, findings throws(TaggingError) in try trigger(object, &findings) } },
            plain: { $0.foreign = nil }, names: triggerNames)
    }

    static func foreignVariable(_ owner: Owner) -> GTMForeign<Variable> {
        GTMForeign(
            write: { members($0, owner) },
            read: { read($0) { object, findings throws(TaggingError) in try variable(object, &findings) } },
            plain: { $0.foreign = nil }, names: variableNames)
    }

    static func foreignFolder(_ owner: Owner) -> GTMForeign<Folder> {
        GTMForeign(
            write: { members($0, owner) },
            read: { read($0) { object, _ throws(TaggingError) in try folder(object) } },
            plain: { $0.foreign = nil }, names: folderNames)
    }

    private static func read<Object>(
        _ members: [Member], _ read: (GTMObject, inout [Finding]) throws(TaggingError) -> Object
    ) -> Object? {
        var findings: [Finding] = []
        guard let object = try? GTMObject(.object(members), path: "") else { return nil }
        return try? read(object, &findings)
    }

    /// The list of built-in variables.
    static func builtIns(_ types: [String], _ owner: Owner) -> [JSONValue] {
        types.map { type in
            .object(
                owner.members + [
                    Member("type", .string(GTMWords.snake(type))),
                    Member("name", .string(GTMWords.displayName(builtIn: type))),
                ])
        }
    }
}
