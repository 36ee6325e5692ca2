/// Everything that a container is made of: what a workspace edits, a version keeps and the compiler turns into a script.
/// A value without identity; `ContainerDefinition+JSON.swift` draws its stored form.
package struct ContainerDefinition: Sendable, Hashable {
    package var tags: [Tag] = []
    package var triggers: [Trigger] = []
    package var variables: [Variable] = []
    /// Names of built-in variables that are switched on, in the words of Google's API: `pageUrl`, `clickId`.
    package var builtIns: [String] = []
    package var folders: [Folder] = []
    package var templates: [ImportedTemplate] = []
    package var settings = ContainerSettings()
    /// Members of the export that Highland does not use (`containerVersion` without the lists), as JSON text.
    package var foreign: String?

    package init() {}
}

/// What holds for a container as a whole.
package struct ContainerSettings: Sendable, Hashable {
    /// Custom HTML, custom scripts and JavaScript variables may be published. Off in a new container; an import that has
    /// such code turns it on and says so.
    package var allowsCustomCode = false
    /// The id of the container that was imported: pages that ask `google_tag_manager["GTM-…"]` find this one.
    package var importedID: String?
    /// How Google's tags behave without a grant. `basic`: they do not run. `advanced`: they run and tell Google so.
    package var googleConsent: GoogleConsent = .basic
    /// GA4 and UA event tags become Highland events too, or instead.
    package var googleEvents: GoogleEvents = .keep
    /// Milliseconds that tags wait for a consent manager's first word.
    package var waitForConsentMilliseconds = 0

    package init() {}

    package enum GoogleConsent: String, Sendable, CaseIterable {
        case basic, advanced
    }

    package enum GoogleEvents: String, Sendable, CaseIterable {
        /// As they are: GA4 tags send to Google; UA tags are dead, since Google took their service down.
        case keep
        /// Highland events instead.
        case highland
        /// Both.
        case both
    }
}
