/// What the program knows of a tag type: the form that people fill in, the purposes it needs, the hosts that a page's CSP
/// has to allow, and the runtime module that runs it.
package struct TagType: Sendable {
    /// As a tag's `type` has it: `metaPixel`.
    package let name: String
    /// For people: `Meta pixel`.
    package let title: String
    package let fields: [Field]
    /// Consent types that a tag of this type needs where nobody has said otherwise (`ConsentRule.Status.notSet`).
    package let purposes: [String]
    /// Hosts for `script-src`, and for `connect-src` and `img-src`.
    package let scriptHosts: [String]
    package let connectHosts: [String]
    /// `RuntimeModules`' name of the file that runs it.
    package let module: String
    /// Modules that `module` builds on.
    let base: [String]
    /// Modules for some parameters alone; see `modules(for:)`.
    let options: [Option]
    /// Parameters of which at least one has to be given: where the tag sends to. None where it needs no such.
    let destinations: [String]

    package init(
        _ name: String, title: String, fields: [Field], purposes: [String], scriptHosts: [String] = [],
        connectHosts: [String] = [], module: String, base: [String] = [], options: [Option] = [],
        destinations: [String] = []
    ) {
        self.name = name
        self.title = title
        self.fields = fields
        self.purposes = purposes
        self.scriptHosts = scriptHosts
        self.connectHosts = connectHosts
        self.module = module
        self.base = base
        self.options = options
        self.destinations = destinations
    }

    /// The modules that a tag with these parameters needs: those of its type, and those of options that are switched on
    /// or that a variable may switch on. Started in the order of their names. O(options × parameters), a handful each.
    package func modules(for parameters: [Parameter.Member]) -> [String] {
        let optional = options.filter { option in option.keys.contains { parameters.mayBeOn($0) } }
        return base + [module] + optional.map(\.module)
    }

    /// The consent types that a tag with these parameters needs where nobody has said otherwise: those of the type, but
    /// for Highland's own tags that count without identifiers before consent, and for Google tags of Google Ads.
    package func purposes(for parameters: [Parameter.Member]) -> [String] {
        if parameters["beforeConsent"]?.text == TagType.cookieless { return [] }
        if name == "googleTag", let id = parameters["tagId"]?.text?.uppercased(),
            id.hasPrefix("AW-") || id.hasPrefix("DC-")
        {
            return TagType.advertising
        }
        return purposes
    }

    /// Parameters of which any that is on needs a module more.
    package struct Option: Sendable {
        let module: String
        let keys: [String]

        init(_ module: String, _ keys: String...) {
            self.module = module
            self.keys = keys
        }
    }

    /// One parameter that the type takes. Others are kept in the definition and not sent to browsers.
    package struct Field: Sendable {
        package let key: String
        package let title: String
        package let kind: Kind
        package let isRequired: Bool
        /// A value in a finding or beside a form's field: `G-ABC1234567`.
        package let example: String?

        package init(_ key: String, _ title: String, _ kind: Kind, isRequired: Bool = false, example: String? = nil) {
            self.key = key
            self.title = title
            self.kind = kind
            self.isRequired = isRequired
            self.example = example
        }

        package enum Kind: Sendable, Equatable {
            case text
            /// Many lines: HTML, JavaScript.
            case code
            case flag
            case number
            case choice([String])
            /// A list of maps with these keys: `[{key, value}]`.
            case table([String])
            case list
        }
    }
}

extension [Parameter.Member] {
    /// Whether a parameter is given and is not plainly off: neither empty nor "false". A reference may be anything.
    fileprivate func mayBeOn(_ key: String) -> Bool {
        guard let value = self[key] else { return false }
        guard let text = value.text else { return !value.items.isEmpty || !value.members.isEmpty }
        return !text.isEmpty && text != "false"
    }
}
