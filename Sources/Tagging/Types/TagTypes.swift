/// The tag types that run in pages. Parameters have the keys of Google Tag Manager's exports and of the community
/// templates that are imported as native tags, wherever there are such.
extension TagType {
    /// In the order in which pages offer them.
    package static let all: [TagType] = highlandTypes + googleTypes + vendorTypes + customTypes

    /// The type of that name; nil for one that does not run. O(1).
    package static func named(_ name: String) -> TagType? { byName[name] }

    private static let byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }

    /// The value of `beforeConsent` with which a tag of Highland's runs without a grant: events carry no identifier
    /// then.
    static let cookieless = "cookieless"

    /// What advertising needs in consent mode.
    static let advertising = ["ad_storage", "ad_user_data"]

    private static let customTypes: [TagType] = [
        TagType(
            "html", title: "Custom HTML",
            fields: [
                Field("html", "HTML", .code, isRequired: true),
                Field("supportDocumentWrite", "Support document.write", .flag),
            ], purposes: [], module: "html"),
        TagType(
            "image", title: "Custom image",
            fields: [
                Field("url", "Image URL", .text, isRequired: true, example: "https://pixel.example/p.gif"),
                Field("useCacheBuster", "Keep caches out", .flag),
                Field("cacheBusterQueryParam", "Query parameter for that", .text, example: "gtmcb"),
            ], purposes: [], module: "image"),
        TagType(
            "script", title: "Custom script",
            fields: [Field("code", "JavaScript", .code, isRequired: true)], purposes: [], module: "script"),
    ]
}
