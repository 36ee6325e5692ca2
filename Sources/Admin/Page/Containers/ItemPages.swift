internal import Catalog
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Tagging

/// `…/workspaces/{workspace}/{kind}/{item}`: the form of one thing in a draft; `new?type=html` for a new one.
extension AdminHandlers {
    /// Where an item's form is in a draft, and the draft as it is now.
    private struct ItemPlace {
        var container: Container
        var workspace: Workspace
        var draft: ContainerDefinition
        var form: ItemForm
        var path: String
        var listLink: String { form.kind.isSingle ? path : "\(path)?show=\(form.kind.rawValue)" }
    }

    func itemPages(_ request: AdminRequest) async throws -> Response {
        var place = try await itemPlace(request)
        guard request.route == .itemForm, request.form["action"] != "rows" else {
            return itemPage(place, request, nil)
        }
        let form = request.form
        return try await trying(request) {
            guard Int(form.trimmed("revision")) == place.workspace.revision else {
                throw AdminError(
                    .conflict,
                    "\(place.workspace.savedBy) saved this draft in between. Below is what you typed; saving again puts it "
                        + "into the draft as it is now.", expected: "a look at what changed")
            }
            if form["action"] == "delete", place.form.id != nil {
                guard form.isOn("sure") else {
                    throw AdminError(.invalid, "The box beside the button is empty.", expected: "\"Really\" ticked")
                }
                _ = try await save(
                    place.form.removed(), in: place.workspace, revision: place.workspace.revision, request)
                return AdminAnswer.seeOther(place.listLink + "&done=removed")
            }
            let highest = try await highestID(place)
            guard let (draft, id) = place.form.applied(highestID: highest) else {
                throw AdminError(.invalid, "Some fields need another value; the form says which.")
            }
            if draft != place.draft {
                _ = try await save(draft, in: place.workspace, revision: place.workspace.revision, request)
            }
            let item = place.form.kind.isSingle ? "all" : id
            return AdminAnswer.seeOther("\(place.path)/\(place.form.kind.rawValue)/\(item)?done=saved")
        } failed: { error in
            itemPage(place, request, error)
        }
    }

    private func itemPlace(_ request: AdminRequest) async throws -> ItemPlace {
        let container = try self.container(request)
        let reference = try workspace(request.part(1), of: container)
        guard let kind = ItemKind(rawValue: request.part(2)) else { throw AdminError.notFound }
        let item = request.part(3)
        guard kind.isSingle == (item == "all") else { throw AdminError.notFound }
        let content = try await changes.readContainers { publisher, _ in try publisher.workspace(reference.id) }
        let isForm = request.route == .itemForm
        let type = isForm ? request.form["type"] ?? "" : request.text("type") ?? ""
        let form = ItemForm(
            kind, content.definition, id: kind.isSingle || item == "new" ? nil : item, newType: type,
            form: isForm ? request.form : nil)
        guard form.exists else { throw AdminError.notFound }
        return ItemPlace(
            container: container, workspace: content.workspace, draft: content.definition, form: form,
            path: AdminHandlers.path(content.workspace, of: container))
    }

    /// Above every id that the draft or the newest version has of the kind, so that what was deleted since is not
    /// mistaken for something new.
    private func highestID(_ place: ItemPlace) async throws -> Int64 {
        guard place.form.id == nil, !place.form.kind.isSingle else { return 0 }
        let newest = place.container.newestVersion
        let (draft, kind, id) = (place.draft, place.form.kind, place.container.id)
        return try await changes.readContainers { publisher, _ in
            let older = newest > 0 ? try publisher.definition(ofVersion: newest, of: id) : ContainerDefinition()
            let ids = [draft, older].flatMap { definition in
                switch kind {
                case .tags: definition.tags.map(\.id)
                case .triggers: definition.triggers.map(\.id)
                case .variables: definition.variables.map(\.id)
                default: definition.folders.map(\.id)
                }
            }
            // Google's built-in triggers are above.
            return ids.compactMap { Int64($0) }.filter { $0 < 2_147_000_000 }.max() ?? 0
        }
    }

    private func itemPage(_ place: ItemPlace, _ request: AdminRequest, _ error: AdminError?) -> Response {
        let form = place.form
        let isNew = form.id == nil && !form.kind.isSingle
        var values = containerValues(place.container, request)
        values.merge(problemValues(error)) { _, new in new }
        values["workspaceName"] = place.workspace.name
        values["listLink"] = place.listLink
        values["isNew"] = isNew
        values["kindTitle"] = form.kind.single
        values["itemName"] = form.name
        values["typeTitle"] = form.typeTitle
        values["type"] = FormText.escape(form.type)
        values["isUnknown"] = form.isUnknown
        values["revision"] = String(place.workspace.revision)
        values["action"] = "\(place.path)/\(form.kind.rawValue)/\(form.kind.isSingle ? "all" : form.id ?? "new")"
        values["fields"] = form.fields
        values["dataLists"] = form.dataLists
        values["mayDelete"] = form.id != nil
        if let id = form.id { values["itemID"] = ["text": id] }
        return containerAnswer("item", title: isNew ? "New \(form.kind.single)" : form.name, values, request)
    }
}
