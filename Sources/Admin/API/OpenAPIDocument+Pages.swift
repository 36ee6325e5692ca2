/// The tag manager's pages, for whoever looks at them with a program. All are alike: a page is shown, or a form is sent and
/// answered with a page, with the way to one, or with either.
extension OpenAPIDocument {
    static let containerPages = [
        pagePath(
            "", show: ("containersPage", "The tag manager's first page"),
            send: ("addContainerForm", "Adds a container from the page's form", .elsewhere)),
        pagePath(
            "/{container}", show: ("containerPage", "A container: snippet, drafts, versions, kills"),
            send: ("changeContainerForm", "Changes it from the page's form", .elsewhere)),
        pagePath("/{container}/versions/{number}", show: ("versionPage", "A version")),
        pagePath("/{container}/diff", show: ("diffPage", "What differs between two states")),
        pagePath(
            "/{container}/publish", show: ("publishPage", "What a publication would change"),
            send: ("publishForm", "Publishes from the page's form", .elsewhere)),
        pagePath(
            "/{container}/approval",
            send: ("approvalForm", "Approves or declines from the page's form", .elsewhere)),
        pagePath(
            "/{container}/rollback", send: ("rollbackForm", "Rolls back from the page's form", .elsewhere)
        ),
        pagePath(
            "/{container}/kills",
            send: ("killForm", "Switches off or on from the page's form", .elsewhere)),
        pagePath(
            "/{container}/environments",
            send: ("environmentForm", "Ends an environment from the page's form", .elsewhere)),
        pagePath(
            "/{container}/remove",
            send: ("removeContainerForm", "Removes the container from the page's form", .elsewhere)),
        pagePath(
            "/{container}/import", show: ("importPage", "The form for an export's file"),
            send: ("importForm", "Checks an export's file; saves nothing", .page),
            type: "multipart/form-data"),
        pagePath(
            "/{container}/import/take",
            send: ("takeImportForm", "Saves a checked export into the draft", .elsewhere)),
        pagePath(
            "/{container}/workspaces",
            send: ("addWorkspaceForm", "Adds a draft from the page's form", .elsewhere)),
        pagePath(
            "/{container}/workspaces/{workspace}", show: ("workspacePage", "A draft"),
            send: ("workspaceForm", "Previews or removes a draft from the page's form", .either)),
        pagePath(
            "/{container}/workspaces/{workspace}/{kind}/{item}",
            show: ("itemPage", "The form of a tag, trigger, variable or folder"),
            send: ("itemForm", "Saves or deletes one from the page's form", .either)),
    ].joined()

    /// What a form is answered with.
    private enum FormAnswer {
        case page, elsewhere, either
    }

    /// One path below `/containers` with its comma; `type` is the form's.
    private static func pagePath(
        _ path: String, show: (id: String, summary: String)? = nil,
        send: (id: String, summary: String, answer: FormAnswer)? = nil,
        type: String = "application/x-www-form-urlencoded"
    ) -> String {
        var members: [String] = []
        let names = path.split(separator: "/").filter { $0.hasPrefix("{") }.map {
            String($0.dropFirst().dropLast())
        }
        if !names.isEmpty {
            members.append("\"parameters\": [\(names.map(pageParameter).joined(separator: ", "))]")
        }
        if let show {
            members.append("\"get\": {\(operation(show.id, show.summary)), \(responses([shown]))}")
        }
        if let send {
            let answers =
                switch send.answer {
                case .page: [shown]
                case .elsewhere: [elsewhere]
                case .either: [elsewhere, shown]
                }
            members.append(
                "\"post\": {\(operation(send.id, send.summary)), \(formBody(type)), \(responses(answers))}")
        }
        return "\"/containers\(path)\": {\(members.joined(separator: ", "))},\n"
    }

    private static func operation(_ id: String, _ summary: String) -> String {
        "\"operationId\": \"\(id)\", \"summary\": \"\(summary)\""
    }

    private static func pageParameter(_ name: String) -> String {
        name == "container"
            ? ##"{"$ref": "#/components/parameters/anyContainer"}"##
            : #"{"name": "\#(name)", "in": "path", "required": true, "schema": {"type": "string"}}"#
    }

    private static func formBody(_ type: String) -> String {
        let schema = #"{"type": "object", "properties": {"csrf": {"type": "string"}}}"#
        return #""requestBody": {"required": true, "content": {"\#(type)": {"schema": \#(schema)}}}"#
    }

    private static let shown = ##""200": {"$ref": "#/components/responses/page"}"##
    private static let elsewhere = #""303": {"description": "Done; the page that shows it"}"#

    private static func responses(_ answers: [String]) -> String {
        let all = answers + [##""default": {"$ref": "#/components/responses/pageProblem"}"##]
        return "\"responses\": {\(all.joined(separator: ", "))}"
    }
}
