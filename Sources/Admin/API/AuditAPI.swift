internal import Catalog
internal import Events
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Reports
internal import RequestParsing

/// `GET /api/v1/audit?limit=100`: who changed what, newest first.
extension AdminHandlers {
    func audit(_ request: AdminRequest) async throws -> Response {
        var limit = 100
        if let text = request.value("limit") {
            guard text.utf8.count <= 4, let number = Int(text), (1...1_000).contains(number) else {
                throw AdminError(
                    .invalid, "limit: '\(CatalogError.shown(text))' is out of range.", field: "limit",
                    expected: "a number from 1 to 1000")
            }
            limit = number
        }
        let count = limit
        let entries = try await changes.read { store throws(CatalogError) in try store.auditEntries(limit: count) }
        let list = entries.map { entry in
            JSONValue.object([
                .init("number", .integer(entry.number)),
                .init("at", .string(MomentText.rfc3339(Timestamp(milliseconds: entry.atMilliseconds)))),
                .init("actor", .string(entry.actor)), .init("action", .string(entry.action)),
                .init("object", .string(entry.object)), .init("detail", .string(entry.detail)),
            ])
        }
        return AdminAnswer.json(.object([.init("entries", .array(list))]))
    }
}
