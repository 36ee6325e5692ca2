/// Which of our tag types runs a tag of Google's: the definition keeps Google's type and parameters, so that an export is
/// what the import was, and the compiler asks here.
///
/// Our types take the parameters of Google's under the keys that exports give them. Tags of community templates go through
/// `GalleryMapping`; those that it does not know run their template's own code (`CustomTemplate`).
package struct TagTypeMapping: Sendable {
    private let templates: [String: Known]

    private struct Known: Sendable {
        let template: ImportedTemplate
        let vendor: GalleryMapping.Vendor?
        /// Nil for those beyond the first `CustomTemplate.countMax`.
        let custom: CustomTemplate?
    }

    /// Looks at each template once. O(bytes of the templates).
    package init(_ templates: [ImportedTemplate]) {
        var byType: [String: Known] = [:]
        for template in templates where byType[template.type] == nil {
            let isLooked = byType.count < CustomTemplate.countMax
            byType[template.type] = Known(
                template: template, vendor: GalleryMapping.vendor(template),
                custom: isLooked ? CustomTemplate(template) : nil)
        }
        self.templates = byType
    }

    /// For one tag; whoever has many makes the mapping once.
    package static func runtimeType(
        of tag: Tag, templates: [ImportedTemplate]
    ) -> (type: String, parameters: [Parameter.Member])? {
        TagTypeMapping(templates.filter { $0.type == tag.type }).runtimeType(of: tag)
    }

    /// `reason(of:)` for one tag.
    package static func reason(of tag: Tag, templates: [ImportedTemplate]) -> String {
        TagTypeMapping(templates.filter { $0.type == tag.type }).reason(of: tag)
    }

    /// `consentManager(of:)` for one tag.
    package static func consentManager(of tag: Tag, templates: [ImportedTemplate]) -> String? {
        TagTypeMapping(templates.filter { $0.type == tag.type }).consentManager(of: tag)
    }

    /// The type of the runtime and its parameters; nil where nothing here runs such a tag, or its type is our own. O(tag).
    package func runtimeType(of tag: Tag) -> (type: String, parameters: [Parameter.Member])? {
        if let type = TagTypeMapping.types[tag.type] { return (type, tag.parameters) }
        guard let known = templates[tag.type] else { return nil }
        let own = known.custom?.code(as: "TAG")
        if let vendor = known.vendor, let mapped = GalleryMapping.runtimeType(of: tag.parameters, vendor) {
            let isWhole = GalleryMapping.isWhole(tag.parameters, vendor)
            if isWhole || own?.modules.contains("template-consent") != true { return mapped }
        }
        return own == nil ? nil : (TagTypeMapping.templateType, tag.parameters)
    }

    /// The runtime's type for tags and variables whose template's own code runs.
    static let templateType = "template"

    /// The template that a type of tag or variable is of; nil for other types.
    func custom(ofType type: String) -> CustomTemplate? { templates[type]?.custom }

    /// The template whose code computes variables of a type; nil where there is none.
    func variableTemplate(ofType type: String) -> CustomTemplate? {
        guard let custom = templates[type]?.custom, custom.code(as: "MACRO") != nil else { return nil }
        return custom
    }

    /// Why variables of a type are undefined: half a sentence; nil for types that are no template's, and where one runs.
    func variableReason(ofType type: String) -> String? {
        guard let known = templates[type] else { return nil }
        guard let custom = known.custom else { return TagTypeMapping.tooMany }
        return custom.reason(as: "MACRO")
    }

    private static let tooMany = "only the first \(CustomTemplate.countMax) custom templates of a container run"

    /// Why nothing here runs tags of a type: half a sentence for people. Only for types that `runtimeType` answers with nil.
    package func reason(of tag: Tag) -> String {
        if let end = TagTypeMapping.ends[tag.type] { return end }
        if let title = TagTypeMapping.titles[tag.type] { return "there is no tag here that does what \(title) does" }
        if let template = templates[tag.type]?.template {
            if let manager = consentManager(of: tag) {
                let why = templates[tag.type]?.custom?.reason(as: "TAG").map { ", and \($0)" } ?? ""
                return "the settings of \(manager)'s template are not ones that are known here\(why)"
            }
            let name = template.gallery.map { "\(template.name) (\($0))" } ?? template.name
            let why = templates[tag.type]?.custom.map { $0.reason(as: "TAG") ?? "" } ?? TagTypeMapping.tooMany
            return "\(name) is a custom template, and \(why)"
        }
        if tag.type.hasPrefix("cvt_") { return "its custom template is not in the file" }
        return tag.type.isEmpty ? "it has no type" : "the type \(tag.type.prefix(60)) is not known"
    }

    /// Our type for one of Google's own; nil for other types.
    static func ownType(of type: String) -> TagType? { types[type].flatMap(TagType.named) }

    /// Whether what tags of a type spoke to is gone.
    static func hasEnded(_ type: String) -> Bool { ends[type] != nil }

    /// The consent manager that a tag is of, whether it runs or not; nil for other tags.
    package func consentManager(of tag: Tag) -> String? {
        guard let known = templates[tag.type], let vendor = known.vendor else { return nil }
        return GalleryMapping.consentManager(vendor, known.template)
    }

    /// The type that an export gives a tag of our own types; nil where Google has none that does the same.
    static func exportedType(of type: String) -> String? { exported[type] }

    private static let types = [
        "html": "html", "img": "image", "googtag": "googleTag", "gaawc": "googleTag", "gaawe": "ga4Event",
        "awct": "googleAdsConversion", "sp": "googleAdsRemarketing", "gclidw": "conversionLinker",
        "baut": "microsoftAds", "bzi": "linkedinInsight",
    ]

    private static let exported = [
        "html": "html", "image": "img", "googleTag": "googtag", "ga4Event": "gaawe", "googleAdsConversion": "awct",
        "googleAdsRemarketing": "sp", "conversionLinker": "gclidw", "microsoftAds": "baut",
    ]

    /// Services that Google has ended, and when.
    private static let ends = [
        "ua": "Google took Universal Analytics down on 1 July 2024",
        "ga": "Google took Universal Analytics, of which it was the first form, down on 1 July 2024",
        "opt": "Google ended Optimize on 30 September 2023", "gcs": "Google ended its surveys in 2022",
        "ts": "Google ended Trusted Stores in 2017",
    ]

    /// Google's other tag types, by the names that its editor gives them.
    private static let titles = [
        "flc": "Floodlight Counter", "fls": "Floodlight Sales", "awcc": "Google Ads Calls from Website Conversion",
        "awud": "Google Ads User-provided Data Event", "zone": "a zone",
        "abtGeneric": "AB TASTY", "ta": "AdAdvisor", "adm": "Adometry", "asp": "AdRoll Smart Pixel",
        "awc": "Affiliate Window Conversion", "awj": "Affiliate Window Journey", "bb": "Bizrate Insights Buyer Survey",
        "bsa": "Bizrate Insights Site Abandonment Survey", "cts": "ClickTale",
        "csm": "comScore Unified Digital Measurement",
        "mpm": "Mediaplex MCT Placement", "mpr": "Mediaplex Standard IFRAME", "cegg": "Crazy Egg",
        "crto": "Criteo OneTag",
        "dstag": "Distroscale", "m6d": "Dstillery Universal Pixel", "ela": "Eulerian Analytics", "hjtc": "Hotjar",
        "infinity": "Infinity Call Tracking", "sca": "Intent Media", "k50Init": "K50", "ll": "LeadLab",
        "ljs": "Lytics JS", "ms": "Marin Software", "messagemate": "Message Mate", "mf": "Mouseflow",
        "ndcr": "Neustar AdAdvisor", "nudge": "Nudge Content Analytics", "okt": "Oktopost",
        "omc": "Optimise Conversion",
        "pa": "Perfect Audience", "pc": "Personali Canvas", "pntr": "Pinterest", "placedPixel": "Placed",
        "pijs": "Pulse Insights", "qcm": "Quantcast Measure", "qpx": "Quora Pixel", "fxm": "FoxMetrics",
        "scjs": "SaleCycle JavaScript", "scp": "SaleCycle Pixel", "sfc": "SearchForce Conversion",
        "sfl": "SearchForce Landing Page", "sfr": "SearchForce Redirection", "svw": "Survicate",
        "shareaholic": "Shareaholic", "tdlc": "Tradedoubler Lead", "tdsc": "Tradedoubler Sale", "tc": "Turn Conversion",
        "tdc": "Turn Data Collection", "twitter_website_tag": "X's (Twitter's) website tag",
        "uslt": "Upsellit Global Footer", "uspt": "Upsellit Confirmation", "vei": "Ve Interactive",
        "veip": "Ve Interactive Pixel", "vdc": "VisualDNA", "xpsh": "Xtremepush", "yieldify": "Yieldify",
        "ua_amp": "Universal Analytics for AMP",
    ]
}

extension ContainerDefinition {
    /// Whether there is code of people in it: custom HTML or scripts, JavaScript variables, templates that become HTML.
    package var hasCustomCode: Bool {
        if variables.contains(where: { $0.type == "jsm" }) { return true }
        let mapping = TagTypeMapping(templates)
        if variables.contains(where: { mapping.variableTemplate(ofType: $0.type) != nil }) { return true }
        return tags.contains { tag in
            let type = mapping.runtimeType(of: tag)?.type ?? tag.type
            return type == "html" || type == "script" || type == TagTypeMapping.templateType
        }
    }
}
