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

    package init(
        _ name: String, title: String, fields: [Field], purposes: [String], scriptHosts: [String] = [],
        connectHosts: [String] = [], module: String
    ) {
        self.name = name
        self.title = title
        self.fields = fields
        self.purposes = purposes
        self.scriptHosts = scriptHosts
        self.connectHosts = connectHosts
        self.module = module
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
