package import Catalog

/// What a definition is compiled for.
package struct CompileContext: Sendable {
    /// `HL-…`, as in `/tags/HL-….js`.
    package var publicID: String
    /// Number of the version; 0 for a draft.
    package var version: Int
    package var environment = "live"
    /// Where the container is used: what the Highland tag sends to, by the page's host.
    package var sites: [Site] = []
    /// Ids of tags that are switched off.
    package var killedTags: Set<String> = []
    /// Hosts of vendors that are switched off: whatever would load from one or send to one stays out.
    package var killedHosts: Set<String> = []
    /// With names and conditions in words, and the panel.
    package var isPreview = false

    package init(publicID: String, version: Int) {
        self.publicID = publicID
        self.version = version
    }
}

/// A container as browsers get it. The same definition and context give the same bytes.
package struct CompiledContainer: Sendable, Hashable {
    /// The whole script: runtime modules that are used, then the container's data.
    package var script: ScriptFile
    /// Custom code: functions that the first script loads when there are any. Its URL stands in the first script.
    package var custom: ScriptFile?
    /// The same functions one by one, for the case that `custom` as a whole does not parse.
    package var pieces: [ScriptFile]
    package var findings: [Finding]
    /// Hosts that a page's CSP has to allow, sorted: `script-src` and `connect-src` (and `img-src`).
    package var scriptHosts: [String]
    package var connectHosts: [String]
}
