/// What the program knows of a type of variable: its form, what is sent of it, and the runtime module that computes it.
///
/// Codes and parameters are those of Google's variable dictionary and of what its editor writes into exports. Built-in
/// variables that have no code go by Google's word for them (`debugMode`).
package struct VariableType: Sendable {
    /// As a variable's `type` has it: `smm`.
    package let name: String
    /// For people, as Google Tag Manager shows it: `Lookup Table`.
    package let title: String
    /// The parameters that are sent, in the order of the form.
    package let fields: [TagType.Field]
    /// `RuntimeModules`' name of the file that computes it; nil: the core does, or (`htmlId`) the file of the tag that
    /// alone has one.
    package let module: String?
    /// Modules for some parameters alone.
    let options: [TagType.Option]

    private init(
        _ name: String, _ title: String, module: String? = nil, fields: [TagType.Field] = [],
        options: [TagType.Option] = []
    ) {
        self.name = name
        self.title = title
        self.module = module
        self.fields = fields
        self.options = options
    }

    /// The module that a container needs as soon as one variable has format values.
    package static let formatModule = "format"

    /// The keys of format values that are sent. `convertNaNToValue` and `convertEmptyToValue` are of newer exports.
    package static let formatKeys: Set<String> = [
        "caseConversionType", "convertNullToValue", "convertUndefinedToValue", "convertTrueToValue",
        "convertFalseToValue", "convertNaNToValue", "convertEmptyToValue", "convertToNumber",
    ]

    /// The type of this code, nil for codes that the runtime does not compute. O(1).
    package static func named(_ name: String) -> VariableType? { byName[name] }

    /// Types that people may choose, in the order of Google's editor, then those that only exports have.
    package static let all: [VariableType] = [
        VariableType("f", "HTTP Referrer", module: "referrer", fields: [component] + parts, options: [moreParts]),
        VariableType(
            "u", "URL", module: "page",
            fields: [component] + parts + [
                Field("multiQueryKeys", "Query keys are a list", .flag, usual: "false"),
                Field("ignoreEmptyQueryParam", "Ignore empty query parameters", .flag, usual: "false"),
                Field("customUrlSource", "URL source", .text, example: "{{Click URL}}"),
            ], options: [moreParts]),
        VariableType(
            "k", "1st Party Cookie", module: "cookie",
            fields: [
                Field("name", "Cookie name", .text, isRequired: true, example: "visitor"),
                Field("decodeCookie", "URI-decode cookie", .flag),
            ]),
        VariableType("jsm", "Custom JavaScript", fields: [Field("javascript", "Function", .code, isRequired: true)]),
        VariableType(
            "v", "Data Layer Variable",
            fields: [
                Field("name", "Name in the data layer", .text, isRequired: true, example: "ecommerce.value"),
                Field("dataLayerVersion", "Data layer version", .choice(["2", "1"]), usual: "2"),
                Field("setDefaultValue", "Set a default value", .flag, usual: "false"),
                Field("defaultValue", "Default value", .text),
            ]),
        VariableType(
            "j", "JavaScript Variable", module: "global",
            fields: [Field("name", "Global variable name", .text, isRequired: true, example: "shop.language")]),
        VariableType("uv", "Undefined Value"),
        VariableType("aev", "Auto-Event Variable", module: "auto", fields: automatic + fallback),
        VariableType(
            "d", "DOM Element", module: "dom",
            fields: selection + [Field("attributeName", "Attribute name", .text, example: "content")]),
        VariableType(
            "vis", "Element Visibility", module: "visibility-variable",
            fields: selection + [
                Field("outputMethod", "Output type", .choice(["BOOLEAN", "PERCENT"])),
                Field("onScreenRatio", "Minimum percent visible", .number, example: "50"),
            ]),
        VariableType("c", "Constant", fields: [Field("value", "Value", .text, isRequired: true)]),
        VariableType("e", "Custom Event"),
        VariableType("smm", "Lookup Table", module: "lookup", fields: lookup + fallback),
        VariableType(
            "remm", "RegEx Table", module: "lookup",
            fields: lookup + [
                Field("ignoreCase", "Ignore case", .flag),
                Field("fullMatch", "Full matches only", .flag),
                Field("replaceAfterMatch", "Capture groups and replacement", .flag),
            ] + fallback),
        VariableType(
            "r", "Random Number", module: "random",
            fields: [Field("min", "From", .number, example: "0"), Field("max", "To", .number, example: "99")]),
        VariableType("clickText", "Click Text", module: "text"),
        VariableType("containerId", "Container ID", module: "misc"),
        VariableType("ctv", "Container Version Number", module: "misc"),
        VariableType("debugMode", "Debug Mode", module: "misc"),
        VariableType("environmentName", "Environment Name", module: "misc"),
        VariableType("htmlId", "HTML ID"),
        VariableType("firstPartyServingUrl", "First Party Serving URL", module: "misc"),
        VariableType("gtcs", "Google Tag: Configuration Settings", module: "settings", fields: configuration),
        VariableType("gtes", "Google Tag: Event Settings", module: "settings", fields: eventSettings),
        VariableType("gas", "Google Analytics Settings", module: "settings", fields: analytics),
        VariableType("awec", "User-Provided Data", module: "settings", fields: userData),
        VariableType("analyticsClientId", "Analytics Client ID", module: "analytics"),
        VariableType("analyticsSessionId", "Analytics Session ID", module: "analytics"),
        VariableType("analyticsSessionNumber", "Analytics Session Number", module: "analytics"),
    ]

    private static let byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }

    private typealias Field = TagType.Field

    private static let fallback: [TagType.Field] = [
        Field("setDefaultValue", "Set a default value", .flag),
        Field("defaultValue", "Default value", .text),
    ]

    private static let component = TagType.Field(
        "component", "Component type",
        .choice(["URL", "PROTOCOL", "HOST", "PORT", "PATH", "EXTENSION", "QUERY", "FRAGMENT"]), usual: "URL")

    /// Whatever module `page` does not do.
    private static let moreParts = TagType.Option(
        "page-more", "stripWww", "defaultPages", "queryKey", unless: ["component": ["", "URL", "HOST", "PATH"]])

    private static let parts: [TagType.Field] = [
        Field("stripWww", "Strip \"www.\"", .flag, usual: "false"),
        Field("defaultPages", "Default pages", .list, example: "index.html"),
        Field("queryKey", "Query key", .text, example: "utm_source"),
    ]

    private static let automatic: [TagType.Field] =
        [
            Field(
                "varType", "Variable type",
                .choice([
                    "ELEMENT", "ATTRIBUTE", "CLASSES", "ID", "TARGET", "TEXT", "URL", "TAG_NAME",
                    "HISTORY_NEW_URL_FRAGMENT",
                    "HISTORY_OLD_URL_FRAGMENT", "HISTORY_NEW_STATE", "HISTORY_OLD_STATE", "HISTORY_CHANGE_SOURCE",
                    "FORM",
                ]), isRequired: true),
            Field("attribute", "Attribute name", .text, example: "data-label"),
            Field(
                "component", "Component type",
                .choice([
                    "URL", "IS_OUTBOUND", "PROTOCOL", "HOST", "PORT", "PATH", "EXTENSION", "QUERY", "FRAGMENT",
                    "SUBMIT_TEXT", "LENGTH",
                ])),
            Field("affiliatedDomains", "Affiliated domains", .text, example: "example.com,example.org"),
        ] + parts

    private static let selection: [TagType.Field] = [
        Field("selectorType", "Selection method", .choice(["ID", "CSS"]), isRequired: true),
        Field("elementId", "Element ID", .text, example: "price"),
        Field("elementSelector", "Element selector", .text, example: "meta[name=author]"),
    ]

    private static let lookup: [TagType.Field] = [
        Field("input", "Input variable", .text, isRequired: true, example: "{{Page Hostname}}"),
        Field("map", "Table", .table(["key", "value"]), isRequired: true),
    ]

    private static let configuration: [TagType.Field] = [
        Field("configSettingsTable", "Configuration parameters", .table(["parameter", "parameterValue"]))
    ]

    private static let eventSettings: [TagType.Field] = [
        Field("eventSettingsTable", "Event parameters", .table(["parameter", "parameterValue"])),
        Field("userProperties", "User properties", .table(["name", "value"])),
    ]

    /// Of Universal Analytics, which is gone: only what a Highland event can make use of.
    private static let analytics: [TagType.Field] = [
        Field("trackingId", "Tracking ID", .text, example: "UA-123456-1"),
        Field("cookieDomain", "Cookie domain", .text, example: "auto"),
        Field("fieldsToSet", "Fields to set", .table(["fieldName", "value"])),
        Field("dimension", "Custom dimensions", .table(["index", "dimension"])),
        Field("metric", "Custom metrics", .table(["index", "metric"])),
        Field("contentGroup", "Content groups", .table(["index", "group"])),
    ]

    private static let userData: [TagType.Field] = [
        Field("mode", "Type", .choice(["MANUAL", "CODE", "AUTO"])),
        Field("dataSource", "Data source", .text),
        Field("email", "Email", .text),
        Field("phone_number", "Phone", .text),
        Field("first_name", "First name", .text),
        Field("last_name", "Last name", .text),
        Field("street", "Street", .text),
        Field("city", "City", .text),
        Field("region", "Region", .text),
        Field("postal_code", "Postal code", .text),
        Field("country", "Country", .text),
    ]
}
