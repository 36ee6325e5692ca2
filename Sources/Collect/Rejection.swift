/// Why an event was refused: the closed list that answers, metrics and `highland tail` use. The raw value is
/// the word in `{"index":…,"reason":…}` and in `collect_events_rejected_total{reason}`.
package enum Rejection: String, Error, Sendable, CaseIterable {
    // parse
    case invalidJSON = "invalid_json"
    case notAnObject = "not_an_object"
    case tooDeep = "too_deep"
    case invalidUTF8 = "invalid_utf8"
    case invalidField = "invalid_field"
    case missingName = "missing_name"
    case emptyBody = "empty_body"
    // site and key
    case missingSite = "missing_site"
    case unknownSite = "unknown_site"
    case wrongKey = "wrong_key"
    // origin
    case originNotAllowed = "origin_not_allowed"
    // limits
    case eventTooLarge = "event_too_large"
    case tooManyEvents = "too_many_events"
    case tooManyProperties = "too_many_properties"
    case tooManyItems = "too_many_items"
    case fieldTooLong = "field_too_long"
    // time
    case invalidTime = "invalid_time"
    case timeOutOfRange = "time_out_of_range"
    // journal
    case queueFull = "queue_full"
    case noSpace = "no_space"
    case projectionLag = "projection_lag"
    case journalFailed = "journal_failed"
    case shuttingDown = "shutting_down"

    /// The client may send the same event again later and succeed.
    package var isTransient: Bool {
        switch self {
        case .queueFull, .noSpace, .projectionLag, .journalFailed, .shuttingDown: true
        default: false
        }
    }
}
