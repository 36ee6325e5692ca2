/// One thing that a container runs in a page.
package struct Tag: Sendable, Hashable {
    /// Digits; unique among the tags of its container, and never given again in it.
    package var id: String
    /// Unique among the tags of its container.
    package var name: String
    /// A type of `TagType`, or one that only an export knows: such a tag is kept and does not run.
    package var type: String
    package var parameters: [Parameter.Member] = []
    /// Ids of triggers, any of which fires the tag.
    package var firingTriggers: [String] = []
    /// Ids of triggers, any of which keeps it from firing on the same event.
    package var blockingTriggers: [String] = []
    /// Higher ones begin first. May hold a reference in an export; then it counts as 0.
    package var priority: Parameter?
    package var firing: FiringOption = .unlimited
    package var setup: Sequenced?
    package var cleanup: Sequenced?
    package var isPaused = false
    /// Not in previews.
    package var isLiveOnly = false
    /// Milliseconds since 1970; the tag runs from the first to before the second.
    package var startsAt: Int64?
    package var endsAt: Int64?
    package var consent = ConsentRule()
    package var folder: String?
    package var notes: String?
    /// Members of the export that Highland does not use, as JSON text in their order, for the way back.
    package var foreign: String?

    package init(id: String, name: String, type: String) {
        self.id = id
        self.name = name
        self.type = type
    }

    package enum FiringOption: String, Sendable, CaseIterable {
        case unlimited, oncePerEvent, oncePerLoad
    }

    /// A tag before or after this one, by name.
    package struct Sequenced: Sendable, Hashable {
        package var tagName: String
        /// Before: this tag does not fire where that one failed. After: that one does not where this one failed.
        package var stopsOnFailure: Bool

        package init(tagName: String, stopsOnFailure: Bool) {
            self.tagName = tagName
            self.stopsOnFailure = stopsOnFailure
        }
    }
}

/// What a visitor must have granted before a tag runs.
package struct ConsentRule: Sendable, Hashable {
    package var status: Status = .notSet
    /// Consent types in the words of consent mode: `ad_storage`, `analytics_storage`, `ad_user_data`,
    /// `ad_personalization`, `functionality_storage`, `personalization_storage`, `security_storage`; and `stitching`.
    package var types: [String] = []
    /// What a tag without the grant does: with `dropped`, Google Tag Manager's rule, it is gone until a trigger fires it
    /// anew; with `waiting` it runs when the grant comes, once for each event, at most `waitingMax` a page.
    package var lacking: Lacking = .dropped

    package init(status: Status = .notSet, types: [String] = [], lacking: Lacking = .dropped) {
        self.status = status
        self.types = types
        self.lacking = lacking
    }

    package enum Status: String, Sendable, CaseIterable {
        /// Nothing was said: the type's own purposes count.
        case notSet
        /// Runs without any.
        case notNeeded
        /// `types` have to be granted, all of them.
        case needed
    }

    package enum Lacking: String, Sendable, CaseIterable {
        case dropped, waiting
    }
}
