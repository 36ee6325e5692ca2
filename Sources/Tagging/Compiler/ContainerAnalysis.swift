/// What a container does in a page, said without compiling it: for the report on an import, and for pages that show a
/// container.
package struct ContainerAnalysis: Sendable, Hashable {
    /// Tags that the container's triggers fire, or other tags call.
    package private(set) var runs: [Entry] = []
    /// Tags that could run and do not, with the reason.
    package private(set) var dead: [Entry] = []
    /// Tags that nothing here runs, with the reason.
    package private(set) var refused: [Entry] = []
    /// Tags that run, and may load or send something, before the visitor has granted anything.
    package private(set) var beforeConsent: [Entry] = []
    /// Whom the tags that run load from or send to, by name.
    package private(set) var vendors: [VendorUse] = []
    /// Names of tags that run once a visitor has granted what they need.
    package private(set) var waiting: [String] = []
    /// Among these, imported tags that the export lets run without.
    package private(set) var stricter: [String] = []
    /// What these need, sorted.
    package private(set) var awaitedConsent: [String] = []
    /// A tag that runs tells what visitors consent to, or may do so.
    package private(set) var tellsConsent = false

    /// One tag.
    package struct Entry: Sendable, Hashable {
        package let id: String
        package let name: String
        /// As the definition has it.
        package let type: String
        /// Why it does not run; for `beforeConsent`, why it needs no consent.
        package let reason: String
        /// Hosts that its type and its own URLs name, sorted.
        package let hosts: [String]
    }

    /// One vendor.
    package struct VendorUse: Sendable, Hashable {
        /// `Meta`; the host where the vendor is not known.
        package let name: String
        package let hosts: [String]
        /// Names of the tags.
        package let tags: [String]
        /// At least one of them runs before consent.
        package let isBeforeConsent: Bool
    }

    /// O(what the definition holds). Nothing is switched off, and it is no preview. `now`, in milliseconds since 1970, is
    /// for schedules that are over.
    package static func of(_ definition: ContainerDefinition, now: Int64? = nil) -> ContainerAnalysis {
        let index = DefinitionIndex(definition)
        let plan = ContainerPlan(index, CompileContext(publicID: "", version: 0))
        var analysis = ContainerAnalysis()
        for (tag, fate) in zip(definition.tags, plan.fates) {
            switch fate {
            case .runs where now.map { tag.endsAt ?? .max <= $0 } ?? false:
                analysis.dead.append(Entry(tag, TagFate.Reason.scheduleOver.description, []))
            case .runs: analysis.runs.append(Entry(tag, "its triggers fire it", []))
            case .called: analysis.runs.append(Entry(tag, "other tags call it", []))
            case .dead(let reason): analysis.dead.append(Entry(tag, reason.description, []))
            case .refused(let reason), .killed(let reason): analysis.refused.append(Entry(tag, reason, []))
            }
        }
        let over = Set(analysis.dead.map(\.id))
        analysis.look(at: plan.tags.filter { !over.contains($0.tag.id) }, of: plan.index)
        return analysis
    }

    private mutating func look(at tags: [PlannedTag], of index: DefinitionIndex) {
        var hostsOf: [String: Set<String>] = [:]
        var early: Set<String> = []
        var late: Set<String> = []
        var awaited: Set<String> = []
        var uses: [String: (hosts: Set<String>, tags: [String], isEarly: Bool)] = [:]
        let sending = ContainerAnalysis.sendingVariables(index.definition)
        for planned in tags {
            let hosts = Set(TagHosts.of(planned.type, planned.parameters, index).all)
            hostsOf[planned.tag.id, default: []].formUnion(hosts)
            let custom = index.mapping.custom(ofType: planned.tag.type)
            let isManager = ContainerAnalysis.isConsentManager(planned, index.mapping)
            let isEarly = planned.consent.isEmpty && ContainerAnalysis.maySend(planned, hosts, custom, sending)
            if isEarly, early.insert(planned.tag.id).inserted {
                let why =
                    isManager
                    ? "it tells what visitors consent to, and has to run before they have"
                    : ContainerAnalysis.whyWithoutConsent(planned, index.definition.settings)
                beforeConsent.append(Entry(planned.tag, why, hosts.sorted()))
            }
            tellsConsent = tellsConsent || isManager || ContainerAnalysis.saysConsent(planned)
            if !planned.consent.isEmpty {
                if late.insert(planned.tag.id).inserted {
                    waiting.append(planned.tag.name)
                    if planned.isStricter { stricter.append(planned.tag.name) }
                }
                awaited.formUnion(planned.consent)
            }
            for host in hosts {
                let vendor = Vendor.name(of: host, for: planned)
                var use = uses[vendor] ?? ([], [], false)
                use.hosts.insert(host)
                if !use.tags.contains(planned.tag.name) { use.tags.append(planned.tag.name) }
                use.isEarly = use.isEarly || isEarly
                uses[vendor] = use
            }
        }
        awaitedConsent = awaited.sorted()
        runs = runs.map { Entry($0, hosts: (hostsOf[$0.id] ?? []).sorted()) }
        vendors = uses.map { name, use in
            VendorUse(name: name, hosts: use.hosts.sorted(), tags: use.tags, isBeforeConsent: use.isEarly)
        }.sorted { $0.name < $1.name }
    }

    /// By its template, known or one that may write consent.
    private static func isConsentManager(_ planned: PlannedTag, _ mapping: TagTypeMapping) -> Bool {
        if planned.type.name == "consentMode" || mapping.consentManager(of: planned.tag) != nil { return true }
        return planned.type.name == TagTypeMapping.templateType
            && mapping.custom(ofType: planned.tag.type)?.permissions.writesConsent == true
    }

    /// Code of people that may tell what visitors consent to: it says so, and not to a vendor's own function alone.
    private static func saysConsent(_ planned: PlannedTag) -> Bool {
        codeTexts(planned)?.contains { text in
            ["\"consent\"", "'consent'", "`consent`"].contains { word in
                text.ranges(of: word).contains { !isToldToVendor(text[..<$0.lowerBound]) }
            }
        } ?? false
    }

    /// Whether code ends with the beginning of a call of a vendor's function, such as `fbq(`.
    private static func isToldToVendor(_ code: Substring) -> Bool {
        let call = code.reversed().drop(while: \.isWhitespace)
        guard call.first == "(" else { return false }
        let name = call.dropFirst().drop(while: \.isWhitespace)
            .prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" }
        return vendorFunctions.contains(String(name.reversed()))
    }

    /// Functions to which vendors' documents tell consent, for themselves.
    private static let vendorFunctions: Set<String> = [
        "clarity", "fbq", "hj", "lintrk", "pintrk", "rdt", "snaptr", "twq",
    ]

    /// The texts of markup and code of people; nil for other types.
    private static func codeTexts(_ planned: PlannedTag) -> [String]? {
        guard planned.type.name == "html" || planned.type.name == "script" else { return nil }
        return planned.parameters.flatMap { ParameterTexts.all(in: $0.value) }
    }

    /// A template by its permissions.
    private static func maySend(
        _ planned: PlannedTag, _ hosts: Set<String>, _ template: CustomTemplate?, _ sending: Set<String>
    ) -> Bool {
        if planned.type.name == TagTypeMapping.templateType, let permissions = template?.permissions {
            return permissions.maySendOrStore
        }
        return !(hosts.isEmpty && sendsNothing(planned, sending))
    }

    /// Names of variables whose code may send, or that use such: a function is made in one and called by markup. O(what
    /// variables hold).
    private static func sendingVariables(_ definition: ContainerDefinition) -> Set<String> {
        var sending: Set<String> = []
        var users: [String: [String]] = [:]
        for variable in definition.variables {
            for text in variable.parameters.flatMap({ ParameterTexts.all(in: $0.value) }) {
                if saysToSend(text) { sending.insert(variable.name) }
                for name in ReferenceText.names(in: text) { users[name, default: []].append(variable.name) }
            }
        }
        var open = Array(sending)
        while let name = open.popLast() {
            for user in users[name] ?? [] where sending.insert(user).inserted { open.append(user) }
        }
        return sending
    }

    private static func saysToSend(_ text: String) -> Bool {
        let text = text.replacing("\"", with: "'")
        return sendingWords.contains { text.contains($0) }
    }

    /// Markup and code without any URL may still send; a tag of another type that names no host sends to its own site.
    private static func sendsNothing(_ planned: PlannedTag, _ sending: Set<String>) -> Bool {
        if planned.type.name == "consentMode" { return true }
        guard let texts = codeTexts(planned) else { return false }
        return !texts.contains { saysToSend($0) || ReferenceText.names(in: $0).contains(where: sending.contains) }
    }

    /// What code needs to reach a server or to keep something: its calls in words, with single quotes, which is a guess on
    /// the safe side.
    private static let sendingWords = [
        "fetch(", "XMLHttpRequest", "sendBeacon", "Image(", "createElement", ".src", "src=", "import(", "WebSocket",
        "EventSource", "document.write", ".cookie", "localStorage", "sessionStorage", "indexedDB", "$.", "jQuery",
        "axios", "innerHTML", "<iframe", "<img", "<link",
        // Functions of vendors, which send as soon as a page or another tag has loaded them.
        "fbq('track", "fbq('init", "gtag('event", "gtag('config", "gtag_report_conversion(", "ga('send", "_gaq.push",
        "ttq.track", "ttq.page", "ttq.load", "ttq.identify", "twq('", "pintrk('", "lintrk('", "uetq.push", "_hsq.push",
        "_paq.push", "hj('", "rdt('", "snaptr('", "clarity('set", "clarity('event", "_learnq.push", "klaviyo.",
        "criteo_q.push", "obApi(", "_tfa.push", "qp('", "mixpanel.", "amplitude.", "posthog.", "analytics.track(",
        "analytics.page(", "analytics.identify(", "plausible('", "_satellite.track", "Intercom(",
    ]

    private static func whyWithoutConsent(_ planned: PlannedTag, _ settings: ContainerSettings) -> String {
        if planned.tag.consent.status == .notNeeded { return "it is set to need no consent" }
        if KnownTypes.isGoogles(planned.type), settings.googleConsent == .advanced {
            return "in advanced consent mode Google's tags run without a grant, and tell Google so"
        }
        return "no consent is asked for, and tags of its type need none by themselves"
    }
}

extension ContainerAnalysis.Entry {
    fileprivate init(_ tag: Tag, _ reason: String, _ hosts: [String]) {
        self.init(id: tag.id, name: tag.name, type: tag.type, reason: reason, hosts: hosts)
    }

    fileprivate init(_ entry: ContainerAnalysis.Entry, hosts: [String]) {
        self.init(id: entry.id, name: entry.name, type: entry.type, reason: entry.reason, hosts: hosts)
    }
}

/// Whose a host is.
enum Vendor {
    /// Google's tags name the hosts of all that they may be used for: they count for the product that they are of.
    static func name(of host: String, for planned: PlannedTag) -> String {
        guard KnownTypes.isGoogles(planned.type) else { return name(of: host) }
        return planned.type.purposes(for: planned.parameters).contains("analytics_storage")
            ? "Google Analytics" : "Google Ads"
    }

    /// The name of who runs a host, found by the longest domain that covers it; else the host itself. O(labels).
    static func name(of host: String) -> String {
        // A template's pattern for what is below a domain.
        let plain = host.hasPrefix("*.") ? host.dropFirst(2) : Substring(host)
        var rest = plain
        while true {
            if let name = byDomain[String(rest)] { return name }
            guard let dot = rest.firstIndex(of: ".") else { return String(plain) }
            rest = rest[rest.index(after: dot)...]
        }
    }

    /// From the vendors' own documentation of what to allow in a CSP.
    private static let byDomain: [String: String] = [
        "google-analytics.com": "Google Analytics", "analytics.google.com": "Google Analytics",
        "googletagmanager.com": "Google tag", "googleadservices.com": "Google Ads", "doubleclick.net": "Google Ads",
        "googlesyndication.com": "Google Ads", "google.com": "Google", "gstatic.com": "Google",
        "googleapis.com": "Google", "youtube.com": "YouTube", "youtube-nocookie.com": "YouTube",
        "facebook.net": "Meta", "facebook.com": "Meta", "licdn.com": "LinkedIn", "linkedin.com": "LinkedIn",
        "ads.linkedin.com": "LinkedIn", "bing.com": "Microsoft Ads", "bat.bing.net": "Microsoft Ads",
        "clarity.ms": "Microsoft Clarity", "tiktok.com": "TikTok", "ttwstatic.com": "TikTok", "twitter.com": "X",
        "ads-twitter.com": "X", "t.co": "X", "pinimg.com": "Pinterest", "pinterest.com": "Pinterest",
        "snapchat.com": "Snapchat", "sc-static.net": "Snapchat", "redditstatic.com": "Reddit", "reddit.com": "Reddit",
        "hotjar.com": "Hotjar", "hotjar.io": "Hotjar", "matomo.cloud": "Matomo", "criteo.com": "Criteo",
        "criteo.net": "Criteo", "taboola.com": "Taboola", "outbrain.com": "Outbrain", "quantserve.com": "Quantcast",
        "hs-scripts.com": "HubSpot", "hubspot.com": "HubSpot", "hs-analytics.net": "HubSpot",
        "intercom.io": "Intercom", "crazyegg.com": "Crazy Egg", "fullstory.com": "FullStory",
        "segment.com": "Segment", "segment.io": "Segment", "mxpnl.com": "Mixpanel", "mixpanel.com": "Mixpanel",
        "amplitude.com": "Amplitude", "posthog.com": "PostHog", "newrelic.com": "New Relic",
        "cookiebot.com": "Cookiebot", "cookielaw.org": "OneTrust", "onetrust.com": "OneTrust",
        "usercentrics.eu": "Usercentrics", "cookieyes.com": "CookieYes", "cdn-cookieyes.com": "CookieYes",
        "didomi.io": "Didomi", "privacy-center.org": "Didomi", "iubenda.com": "iubenda", "axept.io": "Axeptio",
        "consentmanager.net": "consentmanager", "termly.io": "Termly", "cookiehub.eu": "CookieHub",
        "cookiehub.com": "CookieHub", "cookiefirst.com": "CookieFirst", "termsfeed.com": "TermsFeed",
        "osano.com": "Osano", "cookie-script.com": "CookieScript", "adnxs.com": "Xandr", "klaviyo.com": "Klaviyo",
        "yandex.ru": "Yandex", "jsdelivr.net": "jsDelivr", "unpkg.com": "unpkg", "cloudflare.com": "Cloudflare",
        "jquery.com": "jQuery",
    ]
}
