internal import RequestParsing

/// Consent managers' templates as custom HTML: consent defaults first, then the manager's script, as the manager
/// documents it. Each is for the parameters of the template in the gallery; others get nil.
enum ConsentTemplates {
    private typealias Pair = (String, String)

    /// The parameters that are known here, of those whose templates are known parameter by parameter.
    static let keys: [GalleryMapping.Vendor: Set<String>] = [
        .cookiebot: [
            "serial", "language", "languageVariable", "addGeoRegion", "geoRegions", "iabFramework",
            "consentModeEnabled", "waitForUpdate", "adsDataRedaction", "urlPassthrough", "regionSettings",
        ],
        .didomi: [
            "publicAPIKey", "embedDidomi", "applyGDPRGlobally", "enableTCF", "noticeId", "adStorage",
            "analyticsStorage", "functionalityStorage", "personalizationStorage",
        ],
        .iubenda: [
            "embedCS", "csConfigurationJson", "csConfigurationByLangJson", "csChannel", "purposeBasic",
            "purposeExperience", "purposeMeasurement", "purposeAdvertising", "waitForUpdate", "adsDataRedaction",
            "urlPassthrough",
        ],
        .axeptio: [
            "id", "cookiesVersion", "cookiesDomain", "cookiesSecure", "cookiesDuration", "dataLayerName",
            "postConsentUrl", "triggerGTMEvents", "isComoEnabled", "defaultSettings", "ads_data_redaction",
            "url_passthrough",
        ],
    ]

    /// Cookiebot (`cybotcorp/gtm-templates-cookiebot-cmp`), with what a visitor's cookie of it says already.
    static func cookiebot(_ parameters: [Parameter.Member]) -> [Parameter.Member]? {
        guard let serial = parameters["serial"]?.text, !serial.isEmpty else { return nil }
        let hasConsentMode = parameters["consentModeEnabled"]?.text != "false"
        let redaction = parameters["adsDataRedaction"]?.text ?? "dynamic"
        var commands: [String] = []
        if hasConsentMode {
            commands.append(set("url_passthrough", parameters["urlPassthrough"]))
            var hasGlobal = false
            for row in parameters["regionSettings"]?.items ?? [] {
                let regions = TemplateCode.regions(row.members["region"]?.text)
                hasGlobal = hasGlobal || regions == nil
                let state = [("Marketing", marketing), ("Statistics", statistics), ("Preferences", preferences)].flatMap
                {
                    category, types in
                    types.map { ($0, TemplateCode.expression(row.members["defaultConsent\(category)"] ?? denied)) }
                }
                commands.append(defaults(state, regions, parameters["waitForUpdate"]))
            }
            if !hasGlobal {
                commands.append(
                    defaults(
                        (marketing + statistics + preferences).map { ($0, "\"denied\"") }, nil,
                        parameters["waitForUpdate"]))
            }
            commands.append(cookiebotChoice(redaction))
        }
        var source = "https://consent.cookiebot.com/uc.js?cbid=\(TemplateCode.urlPart(serial))"
        source +=
            hasConsentMode
            ? "&amp;consentmode-dataredaction=\(TemplateCode.urlPart(redaction))" : "&amp;consentmode=disabled"
        if parameters["language"]?.text == "variable", let language = parameters["languageVariable"]?.text {
            source += "&amp;culture=\(TemplateCode.urlPart(language))"
        }
        let regions = (parameters["geoRegions"]?.items ?? []).map { row in
            "{'region':'\(row.members["altRegion"]?.text ?? "")','cbid':'\(row.members["altCbid"]?.text ?? "")'}"
        }
        if !regions.isEmpty { source += "&amp;georegions=\(TemplateCode.urlPart(regions.joined(separator: ",")))" }
        if parameters["iabFramework"]?.isTrue == true { source += "&amp;framework=IAB" }
        return TemplateCode.markup(
            commands.isEmpty ? "" : TemplateCode.consent(commands), source: source, attributes: " id=\"Cookiebot\"")
    }

    /// `CookieConsent={stamp:'…',necessary:true,preferences:false,statistics:true,marketing:false,…}`, encoded.
    private static func cookiebotChoice(_ redaction: String) -> String {
        let categories = [("preferences", preferences), ("statistics", statistics), ("marketing", marketing)]
        let states = categories.flatMap { category, types in types.map { "\"\($0)\":is(\"\(category)\")" } }
        return """
            var c=/(?:^|; )CookieConsent=([^;]*)/.exec(d.cookie);try{c=decodeURIComponent(c[1])}catch(e){c=""}
            c=/^\\{.*\\}$/.test(c)&&c;
            function is(k){return c&&RegExp("[{,]"+k+":true[,}]").test(c)?"granted":"denied"}
            if(c)g("consent","update",{\(states.joined(separator: ",")),"security_storage":"granted"});
            g("set","ads_data_redaction",\(redaction == "dynamic" ? "is(\"marketing\")!=\"granted\"" : "\(redaction == "true")"));
            """
    }

    /// Didomi (`didomi/gtm-template`), with the update of consent that the template does where the notice does not.
    static func didomi(_ parameters: [Parameter.Member]) -> [Parameter.Member]? {
        let types = [
            ("ad_storage", "adStorage"), ("analytics_storage", "analyticsStorage"),
            ("functionality_storage", "functionalityStorage"), ("personalization_storage", "personalizationStorage"),
        ]
        let key = parameters["publicAPIKey"]?.text ?? ""
        let embeds = parameters["embedDidomi"]?.text != "false"
        guard !embeds || !key.isEmpty else { return nil }
        let states = types.map { ($0.0, parameters[$0.1]?.isTrue == true ? "\"granted\"" : "\"denied\"") }
        var more = """
            var o={\(states.map { "\($0.0):\($0.1)" }.joined(separator: ","))};
            function has(l,i){return (l||"").indexOf(i+",")>=0}
            function u(ready){var D=w.Didomi,c=D&&D.getConfig&&D.getConfig(),s=w.didomiState||{},r={},k,i;
            try{if(c.integrations.vendors.gcm.enable)return}catch(e){}
            for(k in o){i=k=="analytics_storage"?"c:googleana-4TXnJigR":"didomi:google";
            r[k]=has(s.didomiVendorsConsentUnknown,i)?o[k]:has(s.didomiVendorsConsent,i)?"granted":"denied"}
            if(!ready||!has(s.didomiVendorsConsentUnknown,"didomi:google")||\
            !has(s.didomiVendorsConsentUnknown,"c:googleana-4TXnJigR"))g("consent","update",r)}
            (w.didomiEventListeners=w.didomiEventListeners||[]).push({event:"consent.changed",listener:function(){u()}});
            (w.didomiOnReady=w.didomiOnReady||[]).push(function(){u(1)});

            """
        var source: String?
        if embeds {
            more +=
                "w.gdprAppliesGlobally=\(TemplateCode.expression(parameters["applyGDPRGlobally"] ?? .boolean("false")));\n"
            if parameters["enableTCF"]?.isTrue == true {
                more +=
                    "if(typeof w.__tcfapi!=\"function\"){w.__tcfapi=function(c,v,f,p){if(typeof f==\"function\")"
                    + "(w.__tcfapiBuffer=w.__tcfapiBuffer||[]).push({command:c,parameter:p,callback:f,version:v})};"
                    + "w.__tcfapi.stub=true}\n"
            }
            let notice = parameters["noticeId"]?.text ?? ""
            source =
                "https://sdk.privacy-center.org/\(TemplateCode.urlPart(key))/loader.js?"
                + (notice.isEmpty
                    ? "target={{Page Hostname}}" : "target_type=notice&amp;target=\(TemplateCode.urlPart(notice))")
        }
        let command = defaults(states, nil, .integer("500"))
        return TemplateCode.markup(TemplateCode.consent([command], more), source: source)
    }

    /// iubenda (`iubenda/gtm-cookie-solution`).
    static func iubenda(_ parameters: [Parameter.Member]) -> [Parameter.Member]? {
        let purposes = [
            ("purposeAdvertising", marketing), ("purposeMeasurement", statistics),
            ("purposeExperience", ["personalization_storage"]),
            ("purposeBasic", ["functionality_storage", "security_storage"]),
        ]
        guard purposes.contains(where: { parameters[$0.0] != nil }) else { return nil }
        let states = purposes.flatMap { key, types in
            types.map { ($0, TemplateCode.expression(parameters[key] ?? denied)) }
        }
        let commands = [
            set("url_passthrough", parameters["urlPassthrough"]),
            set("ads_data_redaction", parameters["adsDataRedaction"]),
            defaults(states, nil, parameters["waitForUpdate"] ?? .integer("2000")),
        ]
        // The manager says `pushCommand(["updateConsent", {type: boolean}])` to one of two queues.
        var more = """
            var i=w._iub=w._iub||{},o={\(states.map { "\($0.0):\($0.1)" }.joined(separator: ","))},first=1,two=0;
            function u(c){var r={},n=0,k;if(!c||c[0]!="updateConsent")return;for(k in c[1])if(o[k]&&(c[1][k]||!first)){
            r[k]=c[1][k]?"granted":o[k];n=1}if(n){first=0;g("consent","update",r)}}
            ["gtmDataLayer","gtmDataLayerV2"].forEach(function(q,v){var a=i[q]=i[q]||[],b=a.slice();
            a.pushCommand=function(c){if(v)two=1;else if(two)return;a.push(c);u(c)};b.forEach(u)});

            """
        guard parameters["embedCS"]?.text == "auto" else {
            return TemplateCode.markup(TemplateCode.consent(commands, more))
        }
        guard let text = parameters["csConfigurationJson"]?.text, let settings = try? JSONReader.read(Array(text.utf8)),
            case .object = settings
        else { return nil }
        more += "var c=i.csConfiguration=JSON.parse(\(TemplateCode.literal(text)));c.googleConsentMode=\"template\";\n"
        if let languages = parameters["csConfigurationByLangJson"]?.text, !languages.isEmpty {
            more +=
                "try{var L=JSON.parse(\(TemplateCode.literal(languages))),P=String(i.pageLang||\"\").replace(\"_\",\"-\")"
                + ".split(\"-\"),l=P[0].toLowerCase(),f=P[1]?l+\"-\"+P[1].toUpperCase():l;f=L[f]?f:l;if(L[f]){"
                + "for(var k in L[f])c[k]=L[f][k];if(!L[f].lang)c.lang=f}}catch(e){}\n"
        }
        let channel = parameters["csChannel"]?.text ?? "current"
        let part = channel == "current" ? "" : TemplateCode.urlPart(channel) + "/"
        var sources: [String] = []
        func isOn(_ key: String) -> Bool { settings[key] == .bool(true) || settings[key]?.scalarText == "true" }
        if isOn("enableTcf") || isOn("enableCMP") { sources += ["tcf/\(part)stub.js", "tcf/\(part)safe-tcf.js"] }
        if isOn("enableCcpa") { sources.append("ccpa/\(part)stub.js") }
        sources.append("\(part)iubenda_cs.js")
        var html = "<script>\(TemplateCode.consent(commands, more))</script>"
        for source in sources { html += "\n<script async src=\"https://cdn.iubenda.com/cs/\(source)\"></script>" }
        return [Parameter.Member("html", .template(html)), Parameter.Member("supportDocumentWrite", .boolean("false"))]
    }

    /// Axeptio (`axeptio/axeptio-gtm-public-template`).
    static func axeptio(_ parameters: [Parameter.Member]) -> [Parameter.Member]? {
        guard let id = parameters["id"]?.text, !id.isEmpty else { return nil }
        var commands: [String] = []
        if parameters["isComoEnabled"]?.isTrue == true {
            commands += [
                set("ads_data_redaction", parameters["ads_data_redaction"]),
                set("url_passthrough", parameters["url_passthrough"]),
            ]
            commands += table(parameters["defaultSettings"], wait: .integer("500"))
        }
        let settings: [(String, String)] = [
            ("clientId", "id"), ("cookiesVersion", "cookiesVersion"), ("dataLayerName", "dataLayerName"),
            ("userCookiesDomain", "cookiesDomain"), ("userCookiesSecure", "cookiesSecure"),
            ("postConsentUrl", "postConsentUrl"), ("triggerGTMEvents", "triggerGTMEvents"),
        ]
        var members = settings.compactMap { name, key in
            parameters[key].flatMap { $0.text?.isEmpty == true ? nil : "\(name):\(TemplateCode.expression($0))" }
        }
        if let days = parameters["cookiesDuration"], days.text?.isEmpty == false {
            members.append("userCookiesDuration:+\(TemplateCode.expression(days))")
        }
        return TemplateCode.markup(
            TemplateCode.consent(commands, "w.axeptioSettings={\(members.joined(separator: ","))};\n"),
            source: "https://static.axept.io/sdk.js")
    }

    /// Simo Ahava's template (`gtm-templates-simo-ahava/consent-mode`) as the type `consentMode`, which takes its
    /// parameters: defaults or an update, and nothing loaded. Nil where neither says anything.
    static func consentMode(_ parameters: [Parameter.Member]) -> [Parameter.Member]? {
        let saysAnything =
            switch parameters["command"]?.text {
            case "default": !table(parameters["settingsTable"], wait: nil).isEmpty
            case "update":
                parameters.contains { member in
                    member.key.hasPrefix("update_") && types.contains(String(member.key.dropFirst(7)))
                        && member.value.text?.isEmpty == false
                }
            default: false
            }
        return saysAnything ? parameters : nil
    }

    /// Managers whose template is not known parameter by parameter: the one parameter whose value has the form of the
    /// manager's id tells what to load. Without a table of consent types everything is denied until the manager speaks.
    static func byShape(_ vendor: GalleryMapping.Vendor, _ parameters: [Parameter.Member]) -> [Parameter.Member]? {
        let isID: (String) -> Bool
        switch vendor {
        case .cookieYes: isID = { (20...40).contains($0.utf8.count) && $0.allSatisfy(\.isHexDigit) }
        case .oneTrust: isID = { isUUID($0.hasSuffix("-test") ? String($0.dropLast(5)) : $0) }
        case .termly: isID = isUUID
        case .usercentrics:
            isID = {
                (8...14).contains($0.utf8.count)
                    && $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
            }
        default: return nil
        }
        let candidates = parameters.filter { member in
            guard case .template(let text) = member.value else { return false }
            let key = member.key.lowercased()
            let isNamed = vendor != .usercentrics || key.contains("settings") || key.contains("ruleset")
            return isNamed && isID(text)
        }
        guard candidates.count == 1, let found = candidates.first, let text = found.value.text else { return nil }
        let part = TemplateCode.urlPart(text)
        let source: String
        var attributes = ""
        switch vendor {
        case .cookieYes: source = "https://cdn-cookieyes.com/client_data/\(part)/script.js"
        case .oneTrust:
            source = "https://cdn.cookielaw.org/scripttemplates/otSDKStub.js"
            attributes = " charset=\"UTF-8\" data-domain-script=\"\(part)\""
        case .termly: source = "https://app.termly.io/resource-blocker/\(part)"
        default:
            source = "https://web.cmp.usercentrics.eu/ui/loader.js"
            let isRuleset = found.key.lowercased().contains("ruleset")
            attributes = " id=\"usercentrics-cmp\" data-\(isRuleset ? "ruleset" : "settings")-id=\"\(part)\""
        }
        var commands = parameters.flatMap { table($0.value, wait: .integer("2000")) }
        if commands.isEmpty {
            commands = [
                defaults((marketing + statistics + preferences).map { ($0, "\"denied\"") }, nil, .integer("2000"))
            ]
        }
        // OneTrust's script calls this function, whether anybody wants to know or not
        let more = vendor == .oneTrust ? "w.OptanonWrapper=w.OptanonWrapper||function(){};\n" : ""
        return TemplateCode.markup(TemplateCode.consent(commands, more), source: source, attributes: attributes)
    }

    // MARK: Parts

    private static let denied = Parameter.template("denied")
    private static let marketing = ["ad_storage", "ad_user_data", "ad_personalization"]
    private static let statistics = ["analytics_storage"]
    private static let preferences = ["functionality_storage", "personalization_storage"]
    private static let types = Set(marketing + statistics + preferences + ["security_storage"])

    private static func isUUID(_ text: String) -> Bool {
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        return groups.map(\.utf8.count) == [8, 4, 4, 4, 12] && groups.allSatisfy { $0.allSatisfy(\.isHexDigit) }
    }

    private static func set(_ name: String, _ value: Parameter?) -> String {
        "g(\"set\",\"\(name)\",\(TemplateCode.expression(value ?? .boolean("false"))));"
    }

    private static func defaults(_ states: [Pair], _ regions: String?, _ wait: Parameter?) -> String {
        var pairs = states
        if !pairs.contains(where: { $0.0 == "security_storage" }) { pairs.append(("security_storage", "\"granted\"")) }
        if let regions { pairs.append(("region", regions)) }
        if let text = wait?.text, !text.isEmpty {
            pairs.append(("wait_for_update", Int64(text) == nil ? "+" + TemplateCode.expression(text) : text))
        }
        return TemplateCode.command("default", pairs)
    }

    /// Commands of a table whose rows have consent types as keys, and `region` or `regions`.
    private static func table(_ rows: Parameter?, wait: Parameter?) -> [String] {
        (rows?.items ?? []).compactMap { row in
            let states = row.members.filter { types.contains($0.key) && $0.value.text?.isEmpty == false }
            guard !states.isEmpty else { return nil }
            let regions = TemplateCode.regions((row.members["region"] ?? row.members["regions"])?.text)
            return defaults(
                states.map { ($0.key, TemplateCode.expression($0.value)) }, regions,
                row.members["wait_for_update"] ?? wait)
        }
    }
}
