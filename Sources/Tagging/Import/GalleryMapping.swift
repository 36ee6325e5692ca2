internal import RequestParsing

/// Community templates that a tag of ours stands in for: known by their place in the gallery, else by the vendor's name
/// and address in the template itself.
///
/// Meta's and LinkedIn's become our own types, which take the templates' parameters as they are. TikTok, Clarity and the
/// consent managers become custom HTML that does what the vendor documents: consent defaults first, then the vendor's
/// loader with the ids of the parameters. Where the parameters are others, or more than these do, and for every other
/// template, the template's own code runs.
enum GalleryMapping {
    /// The type of the runtime that does what a vendor's template does with these parameters; nil where they are not the
    /// known ones.
    static func runtimeType(
        of parameters: [Parameter.Member], _ vendor: Vendor
    ) -> (type: String, parameters: [Parameter.Member])? {
        switch vendor {
        case .meta: return parameters["pixelId"] == nil ? nil : ("metaPixel", parameters)
        case .linkedIn: return parameters["partnerId"] == nil ? nil : ("linkedinInsight", parameters)
        case .tikTok: return VendorTemplates.tikTok(parameters).map { ("html", $0) }
        case .clarity: return VendorTemplates.clarity(parameters).map { ("html", $0) }
        case .cookiebot: return ConsentTemplates.cookiebot(parameters).map { ("html", $0) }
        case .didomi: return ConsentTemplates.didomi(parameters).map { ("html", $0) }
        case .iubenda: return ConsentTemplates.iubenda(parameters).map { ("html", $0) }
        case .axeptio: return ConsentTemplates.axeptio(parameters).map { ("html", $0) }
        case .consentMode: return ConsentTemplates.consentMode(parameters).map { ("consentMode", $0) }
        case .oneTrust, .cookieYes, .usercentrics, .termly:
            return ConsentTemplates.byShape(vendor, parameters).map { ("html", $0) }
        case .complianz, .consentmanager, .otherManager: return nil
        }
    }

    /// Whether ours does all that the parameters of a consent manager's template say. Templates have changed over the
    /// years: one with parameters that are not known here had better run its own code.
    static func isWhole(_ parameters: [Parameter.Member], _ vendor: Vendor) -> Bool {
        if vendor == .consentMode, parameters["sendDataLayer"]?.isTrue == true { return false }
        guard let known = ConsentTemplates.keys[vendor] else { return true }
        return parameters.allSatisfy { known.contains($0.key) }
    }

    /// The consent manager that a template is of; nil for other vendors.
    static func consentManager(_ vendor: Vendor, _ template: ImportedTemplate) -> String? {
        switch vendor {
        case .meta, .linkedIn, .tikTok, .clarity: return nil
        case .otherManager: return template.name.isEmpty ? "a consent manager" : template.name
        default: return vendor.title
        }
    }

    enum Vendor: String, CaseIterable {
        case meta, linkedIn, tikTok, clarity
        case cookiebot, oneTrust, usercentrics, cookieYes, didomi, iubenda, axeptio, complianz, consentmanager, termly
        /// Simo Ahava's template, which sets consent and loads nothing.
        case consentMode
        /// One that sets consent defaults, by its permissions, and is none of these.
        case otherManager

        var title: String {
            switch self {
            case .meta: "Meta"
            case .linkedIn: "LinkedIn"
            case .tikTok: "TikTok"
            case .clarity: "Microsoft Clarity"
            case .cookiebot: "Cookiebot"
            case .oneTrust: "OneTrust"
            case .usercentrics: "Usercentrics"
            case .cookieYes: "CookieYes"
            case .didomi: "Didomi"
            case .iubenda: "iubenda"
            case .axeptio: "Axeptio"
            case .complianz: "Complianz"
            case .consentmanager: "consentmanager"
            case .termly: "Termly"
            case .consentMode: "Consent Mode"
            case .otherManager: "a consent manager"
            }
        }
    }

    /// Whose a template is. O(template).
    static func vendor(_ template: ImportedTemplate) -> Vendor? {
        if let gallery = template.gallery?.lowercased() {
            if let vendor = byGallery[gallery] { return vendor }
            if let owner = gallery.split(separator: "/").first, let vendor = byOwner[String(owner)] {
                return vendor.works(for: gallery)
            }
        }
        let data = JSONValue.foreign(template.foreign).first { $0.name == "templateData" }?.value.scalarText ?? ""
        if template.gallery == nil {
            let info = TemplateFile(data)
            // a copy of a template: its own name, and the address that it may load from
            let named = Vendor.allCases.first { vendor in
                guard let mark = marks[vendor] else { return false }
                let words = [template.name, info.displayName, info.id, info.brand].map { $0.lowercased() }
                return words.contains { $0.utf8.holds(mark.name) } && data.utf8.holds(mark.host)
            }
            if let named { return named }
        }
        return setsConsentDefaults(data) ? .otherManager : nil
    }

    /// Templates that may write consent, and ask for `setDefaultConsentState`, are consent managers of some kind.
    private static func setsConsentDefaults(_ data: String) -> Bool {
        data.utf8.holds("setDefaultConsentState") && data.utf8.holds("\"access_consent\"")
    }

    private static let byGallery: [String: Vendor] = [
        "facebookincubator/googletagmanager-webtemplate-for-facebookpixel": .meta,
        "facebookarchive/googletagmanager-webtemplate-for-facebookpixel": .meta,
        "facebook/googletagmanager-webtemplate-for-facebookpixel": .meta,
        "linkedin/linkedin-gtm-community-template": .linkedIn, "tiktok/gtm-template-pixel": .tikTok,
        "microsoft/clarity-gtm-template": .clarity, "cybotcorp/gtm-templates-cookiebot-cmp": .cookiebot,
        "didomi/gtm-template": .didomi, "iubenda/gtm-cookie-solution": .iubenda,
        "axeptio/axeptio-gtm-public-template": .axeptio, "agilitation/axeptio-gtm-public-template": .axeptio,
        "gtm-templates-simo-ahava/consent-mode": .consentMode,
    ]

    /// Owners whose templates are all of a consent manager.
    private static let byOwner: [String: Vendor] = [
        "onetrust": .oneTrust, "onetrust-llc": .oneTrust, "onetrustllc": .oneTrust, "cookieyes": .cookieYes,
        "cookieyeshq": .cookieYes, "mozilor": .cookieYes, "usercentrics": .usercentrics, "termly": .termly,
        "termly-inc": .termly, "complianz": .complianz, "really-simple-plugins": .complianz,
        "consentmanager": .consentmanager, "consentmanager-net": .consentmanager,
    ]

    private static let marks: [Vendor: (name: String, host: String)] = [
        .meta: ("facebook", "connect.facebook.net"), .linkedIn: ("linkedin", "snap.licdn.com"),
        .tikTok: ("tiktok", "ttq"), .clarity: ("clarity", "www.clarity.ms"),
        .cookiebot: ("cookiebot", "cookiebot.com"), .oneTrust: ("onetrust", "cookielaw.org"),
        .usercentrics: ("usercentrics", "usercentrics.eu"), .cookieYes: ("cookieyes", "cookieyes.com"),
        .didomi: ("didomi", "privacy-center.org"), .iubenda: ("iubenda", "cdn.iubenda.com"),
        .axeptio: ("axeptio", "axept.io"), .complianz: ("complianz", "setDefaultConsentState"),
        .consentmanager: ("consentmanager", "consentmanager.net"), .termly: ("termly", "termly.io"),
        .consentMode: ("consent mode", "settingsTable"),
    ]
}

extension GalleryMapping.Vendor {
    /// Variables and other tags of a consent manager's are not the manager.
    fileprivate func works(for gallery: String) -> Self? {
        gallery.contains("variable") || gallery.contains("state") ? nil : self
    }
}

extension String.UTF8View {
    /// Where some bytes stand first. O(bytes of both): the needles are short.
    fileprivate func first(_ needle: String, from start: Index) -> Index? {
        guard let head = needle.utf8.first else { return start }
        var place = start
        while let found = self[place...].firstIndex(of: head) {
            if self[found...].starts(with: needle.utf8) { return found }
            place = index(after: found)
        }
        return nil
    }

    fileprivate func holds(_ needle: String) -> Bool { first(needle, from: startIndex) != nil }
}
