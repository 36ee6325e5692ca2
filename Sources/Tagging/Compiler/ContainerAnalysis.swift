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

    /// O(what the definition holds). Nothing is switched off, and it is no preview.
    package static func of(_ definition: ContainerDefinition) -> ContainerAnalysis {
        let index = DefinitionIndex(definition)
        let plan = ContainerPlan(index, CompileContext(publicID: "", version: 0))
        var analysis = ContainerAnalysis()
        for (tag, fate) in zip(definition.tags, plan.fates) {
            switch fate {
            case .runs: analysis.runs.append(Entry(tag, "its triggers fire it", []))
            case .called: analysis.runs.append(Entry(tag, "other tags call it", []))
            case .dead(let reason): analysis.dead.append(Entry(tag, reason.description, []))
            case .refused(let reason), .killed(let reason): analysis.refused.append(Entry(tag, reason, []))
            }
        }
        analysis.look(at: plan)
        return analysis
    }

    private mutating func look(at plan: ContainerPlan) {
        var hostsOf: [String: Set<String>] = [:]
        var early: Set<String> = []
        var uses: [String: (hosts: Set<String>, tags: [String], isEarly: Bool)] = [:]
        for planned in plan.tags {
            let hosts = Set(TagHosts.of(planned.type, planned.parameters, plan.index).all)
            hostsOf[planned.tag.id, default: []].formUnion(hosts)
            let custom = plan.index.mapping.custom(ofType: planned.tag.type)
            let isEarly = planned.consent.isEmpty && ContainerAnalysis.maySend(planned, hosts, custom)
            if isEarly, early.insert(planned.tag.id).inserted {
                let why = ContainerAnalysis.whyWithoutConsent(planned, plan.index.definition.settings)
                beforeConsent.append(Entry(planned.tag, why, hosts.sorted()))
            }
            for host in hosts {
                let vendor = Vendor.name(of: host)
                var use = uses[vendor] ?? ([], [], false)
                use.hosts.insert(host)
                if !use.tags.contains(planned.tag.name) { use.tags.append(planned.tag.name) }
                use.isEarly = use.isEarly || isEarly
                uses[vendor] = use
            }
        }
        runs = runs.map { Entry($0, hosts: (hostsOf[$0.id] ?? []).sorted()) }
        vendors = uses.map { name, use in
            VendorUse(name: name, hosts: use.hosts.sorted(), tags: use.tags, isBeforeConsent: use.isEarly)
        }.sorted { $0.name < $1.name }
    }

    /// A template by its permissions; one that tells what visitors consent to has to run before they do.
    private static func maySend(_ planned: PlannedTag, _ hosts: Set<String>, _ template: CustomTemplate?) -> Bool {
        if planned.type.name == TagTypeMapping.templateType, let permissions = template?.permissions {
            return permissions.maySendOrStore && !permissions.writesConsent
        }
        return !(hosts.isEmpty && sendsNothing(planned))
    }

    /// Markup and code without any URL may still send; a tag of another type that names no host sends to its own site.
    private static func sendsNothing(_ planned: PlannedTag) -> Bool {
        guard planned.type.name == "html" || planned.type.name == "script" else { return false }
        let texts = planned.parameters.flatMap { ParameterTexts.all(in: $0.value) }
        return !texts.contains { text in sendingWords.contains { text.contains($0) } }
    }

    /// What code needs to reach a server or to keep something: its calls in words, which is a guess on the safe side.
    private static let sendingWords = [
        "fetch(", "XMLHttpRequest", "sendBeacon", "Image(", "createElement", ".src", "src=", "import(", "WebSocket",
        "EventSource", "document.write", ".cookie", "localStorage", "sessionStorage", "indexedDB", "{{", "$.", "jQuery",
        "axios", "innerHTML", "<iframe", "<img", "<link",
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
        "consentmanager.net": "consentmanager", "termly.io": "Termly", "klaviyo.com": "Klaviyo",
        "yandex.ru": "Yandex", "jsdelivr.net": "jsDelivr", "unpkg.com": "unpkg", "cloudflare.com": "Cloudflare",
        "jquery.com": "jQuery",
    ]
}
