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
    /// Tables that are sent as one object, of the first column's texts to the second column's values, where they can be.
    let objects: Set<String>
    /// Parameters of which at least one has to be given: where the tag sends to. None where it needs no such.
    let destinations: [String]
    /// Makes what is sent of the parameters, for types whose form is not what the runtime takes.
    let made: (@Sendable ([Parameter.Member]) -> [Parameter.Member])?

    package init(
        _ name: String, title: String, fields: [Field], purposes: [String], scriptHosts: [String] = [],
        connectHosts: [String] = [], module: String, base: [String] = [], options: [Option] = [],
        objects: Set<String> = [], destinations: [String] = [],
        made: (@Sendable ([Parameter.Member]) -> [Parameter.Member])? = nil
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
        self.objects = objects
        self.destinations = destinations
        self.made = made
    }

    /// The modules that a tag with these parameters needs: those of its type, and those of options that are switched on
    /// or that a variable may switch on. Started in the order of their names. O(options × parameters), a handful each.
    package func modules(for parameters: [Parameter.Member]) -> [String] {
        let hasRows = parameters.contains { objects.contains($0.key) && object(of: $0) == nil }
        let optional = options.filter { $0.isNeeded(by: parameters) || ($0.takesRows && hasRows) }
        return base + [module] + optional.map(\.module)
    }

    /// Names and values of a table that is sent as one object: nil for other parameters, and where a name is worked out in
    /// the page or would be a path.
    func object(of member: Parameter.Member) -> [Parameter.Member]? {
        guard objects.contains(member.key), case .list(let rows) = member.value,
            case .table(let columns)? = fields.first(where: { $0.key == member.key })?.kind, columns.count == 2
        else { return nil }
        var members: [Parameter.Member] = []
        for row in rows {
            guard let name = row.members[columns[0]], let value = row.members[columns[1]] else { continue }
            guard case .template(let text) = name, !text.contains("."), !text.contains("{{"),
                !["", "__proto__", "constructor", "prototype"].contains(text)
            else { return nil }
            members.append(Parameter.Member(text, value))
        }
        return members
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

    /// What a module more is needed for.
    package struct Option: Sendable {
        let module: String
        /// Parameters of which any that is on needs it.
        private let keys: [String]
        /// Parameters that need it with any value but these.
        private let usual: [String: [String]]
        /// Whether tables need it that cannot be sent as objects.
        fileprivate let takesRows: Bool

        init(_ module: String, _ keys: String..., unless usual: [String: [String]] = [:], takesRows: Bool = false) {
            self.module = module
            self.keys = keys
            self.usual = usual
            self.takesRows = takesRows
        }

        func isNeeded(by parameters: [Parameter.Member]) -> Bool {
            keys.contains { parameters.mayBeOn($0) }
                || usual.contains { key, values in
                    parameters[key].map { !values.contains($0.text ?? "{{}}") } ?? false
                }
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
        /// The value that is not sent, as it is the same to the runtime as none.
        let usual: String?
        /// The module without which it is not sent.
        let module: String?
        /// Another parameter, with whose value this one counts for nothing.
        let unless: Parameter.Member?

        package init(
            _ key: String, _ title: String, _ kind: Kind, isRequired: Bool = false, example: String? = nil,
            usual: String? = nil, isWith module: String? = nil, unless: Parameter.Member? = nil
        ) {
            self.key = key
            self.title = title
            self.kind = kind
            self.isRequired = isRequired
            self.example = example
            self.usual = usual
            self.module = module
            self.unless = unless
        }

        /// Whether the runtime does the same without this value, given all parameters.
        func isUsual(_ value: Parameter, among all: [Parameter.Member]) -> Bool {
            if let unless, all[unless.key] == unless.value { return true }
            return usual != nil && value.text == usual
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
