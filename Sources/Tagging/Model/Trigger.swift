/// When tags fire: a kind of happening in the page, and what has to hold beside it.
package struct Trigger: Sendable, Hashable {
    /// Digits; unique among the triggers of its container, and never given again in it.
    package var id: String
    package var name: String
    /// The word of Google's API; a kind that the web does not have is kept and never fires.
    package var type: String
    /// All have to hold when the event comes.
    package var filters: [Condition] = []
    /// All have to hold for the event's name (`{{_event}}`) of a custom event.
    package var customEventFilters: [Condition] = []
    /// All have to hold on the page for the listener to be at work (waiting for tags, forms' validation).
    package var autoEventFilters: [Condition] = []
    /// Everything else that an export says of it: `waitForTags`, `checkValidation`, `interval`, `limit`, `eventName`,
    /// `verticalScrollPercentageList`, `selector` …, and `parameter` members under their own keys.
    package var parameters: [Parameter.Member] = []
    package var folder: String?
    package var notes: String?
    package var foreign: String?

    package init(id: String, name: String, type: String) {
        self.id = id
        self.name = name
        self.type = type
    }
}

/// The triggers that every container has without listing them. Google's numbers, so that imported tags keep theirs.
package enum BuiltInTrigger: String, Sendable, CaseIterable {
    case consentInitialisation = "2147479572"
    case initialisation = "2147479573"
    case allPages = "2147479553"

    package var name: String {
        switch self {
        case .consentInitialisation: "Consent Initialization - All Pages"
        case .initialisation: "Initialization - All Pages"
        case .allPages: "All Pages"
        }
    }

    /// The type of the trigger that it is.
    package var type: String {
        switch self {
        case .consentInitialisation: "consentInit"
        case .initialisation: "init"
        case .allPages: "pageview"
        }
    }
}
