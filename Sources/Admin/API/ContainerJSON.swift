internal import Catalog
internal import Events
internal import RequestParsing
internal import Tagging

/// What belongs to containers as JSON, in one place.
enum ContainerJSON {
    private typealias Member = JSONValue.Member

    static func container(_ container: Container) -> JSONValue {
        .object([
            Member("id", number(Int(container.id.rawValue))), Member("publicID", .string(container.publicID)),
            Member("name", .string(container.name)),
            Member("sites", .array(container.sites.map { number(Int($0.rawValue)) })),
            Member("needsApproval", .bool(container.needsApproval)),
            Member("revision", number(container.revision)), Member("newestVersion", number(container.newestVersion)),
            Member("environments", .array(container.environments.map { environment($0, of: container) })),
            Member("kills", .array(container.kills.map(kill))),
            Member("workspaces", .array(container.workspaces.map { workspace($0) })),
            Member("pending", .array(container.requests.map(request))),
        ])
    }

    static func environment(_ environment: ContainerEnvironment, of container: Container) -> JSONValue {
        .object([
            Member("name", .string(environment.name)), Member("version", number(environment.version)),
            Member("path", .string(container.url(of: environment.name))),
            Member("immutablePath", .string("/tags/\(container.publicID)/\(environment.script)")),
            Member("integrity", .string(environment.integrity)), Member("publishedBy", .string(environment.actor)),
            Member("publishedAt", moment(environment.atMilliseconds)),
        ])
    }

    static func kill(_ kill: ContainerKill) -> JSONValue {
        .object([
            Member("id", .string(id(of: kill.target))), Member("target", .string(kill.target.words.kind)),
            Member("value", .string(kill.target.words.value)), Member("by", .string(kill.actor)),
            Member("at", moment(kill.atMilliseconds)),
        ])
    }

    /// `container`, `tag:5`, `host:connect.example`: names a kill in a path.
    static func id(of target: ContainerKill.Target) -> String {
        let (kind, value) = target.words
        return value.isEmpty ? kind : "\(kind):\(value)"
    }

    /// The kill that such a text names; nil for none.
    static func killTarget(_ id: String) -> ContainerKill.Target? {
        let parts = id.split(separator: ":", maxSplits: 1)
        guard let kind = parts.first else { return nil }
        return ContainerKill.Target(kind: String(kind), value: parts.count > 1 ? String(parts[1]) : "")
    }

    static func request(_ request: PublicationRequest) -> JSONValue {
        .object([
            Member("environment", .string(request.environment)), Member("version", number(request.version)),
            Member("askedBy", .string(request.askedBy)), Member("askedAt", moment(request.askedAtMilliseconds)),
            Member("isConfirmed", .bool(request.isConfirmed)),
        ])
    }

    static func workspace(_ workspace: Workspace, _ others: [JSONValue.Member] = []) -> JSONValue {
        .object(
            [
                Member("name", .string(workspace.name)), Member("base", number(workspace.base)),
                Member("revision", number(workspace.revision)),
                Member("authors", .array(workspace.authors.map(JSONValue.string))),
                Member("savedBy", .string(workspace.savedBy)), Member("savedAt", moment(workspace.savedAtMilliseconds)),
            ] + others)
    }

    static func version(_ version: ContainerVersion, _ others: [JSONValue.Member] = []) -> JSONValue {
        .object(
            [
                Member("number", number(version.number)), Member("name", .string(version.name)),
                Member("note", .string(version.note)), Member("base", number(version.base)),
                Member("authors", .array(version.authors.map(JSONValue.string))),
                Member("createdAt", moment(version.createdAtMilliseconds)),
            ] + others)
    }

    /// The stored form of a definition as a value.
    static func definition(_ json: [UInt8]) -> JSONValue { (try? JSONReader.read(json)) ?? .null }

    static func findings(_ findings: [Finding]) -> JSONValue {
        .array(
            findings.map { finding in
                .object([
                    Member("severity", .string(finding.severity.rawValue)), Member("place", .string(finding.place)),
                    Member("message", .string(finding.message)),
                ])
            })
    }

    static func changes(_ changes: [DefinitionDiff.Change]) -> JSONValue {
        .array(
            changes.map { change in
                .object([
                    Member("kind", .string(change.kind.rawValue)), Member("id", .string(change.id)),
                    Member("name", .string(change.name)), Member("action", .string(change.action.rawValue)),
                    Member("previousName", text(change.previousName)),
                    Member(
                        "details",
                        .array(
                            change.details.map { detail in
                                .object([
                                    Member("path", .string(detail.path)), Member("old", text(detail.old)),
                                    Member("new", text(detail.new)),
                                ])
                            })),
                ])
            })
    }

    static func preview(_ link: PreviewLink, of container: Container, token: String? = nil) -> JSONValue {
        let name = container.workspaces.first { $0.id == link.workspace }?.name
        var members = [
            Member("id", .string(link.id)), Member("workspace", text(name)), Member("by", .string(link.actor)),
            Member("createdAt", moment(link.createdAtMilliseconds)),
            Member("expiresAt", moment(link.expiresAtMilliseconds)),
        ]
        if let token {
            members += [
                Member("token", .string(token)), Member("query", .string("highland_preview=\(token)")),
            ]
        }
        return .object(members)
    }

    static func publication(_ done: Publication) -> JSONValue {
        .object([
            Member("container", container(done.container)),
            Member("environment", done.environment.map { environment($0, of: done.container) } ?? .null),
            Member("pending", done.pending.map(request) ?? .null), Member("findings", findings(done.findings)),
        ])
    }

    private static func number(_ value: Int) -> JSONValue { .integer(Int64(value)) }
    private static func text(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }
    private static func moment(_ milliseconds: Int64) -> JSONValue {
        .string(MomentText.rfc3339(Timestamp(milliseconds: milliseconds)))
    }
}
