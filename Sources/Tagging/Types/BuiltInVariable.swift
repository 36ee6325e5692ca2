/// A variable that a container has without listing it, once its word is switched on: what it is called in `{{…}}`,
/// and which variable it is in truth.
///
/// Words are those of Google's API (`BuiltInVariable.type`; discovery document of `tagmanager` v2), titles those of its
/// editor, what they read is what Google's own containers compile them to.
package struct BuiltInVariable: Sendable {
    /// As `ContainerDefinition.builtIns` has it: `pageUrl`.
    package let name: String
    /// As references have it: `Page URL`.
    package let title: String
    package let usage: ContainerUsage
    /// A type of `VariableType`; nil where the web does not have the variable: it is undefined there.
    package let type: String?
    package let parameters: [Parameter.Member]

    private init(
        _ name: String, _ title: String, _ type: String?, _ parameters: [Parameter.Member] = [],
        usage: ContainerUsage = .web
    ) {
        self.name = name
        self.title = title
        self.type = type
        self.parameters = parameters
        self.usage = usage
    }

    /// The variable of this word, nil for words that Google's API does not have. O(1).
    package static func named(_ name: String) -> BuiltInVariable? { byName[name] }

    /// The variable that `{{title}}` means, whether it is switched on or not. `_event` is the one that custom event
    /// filters compare, and is never switched on or off. O(1).
    package static func titled(_ title: String) -> BuiltInVariable? { byTitle[title] }

    /// Every word of Google's API, those of the web first.
    package static let all: [BuiltInVariable] = web + other

    private static let byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }

    private static let byTitle = Dictionary(
        (all + [BuiltInVariable("_event", "_event", "e")]).map { ($0.title, $0) }
    ) { first, _ in first }

    private static let web: [BuiltInVariable] =
        pages + clicksAndForms + errorsAndHistory + scrollAndVisibility + videos + utilities

    private static let pages: [BuiltInVariable] = [
        BuiltInVariable("pageUrl", "Page URL", "u", part("URL")),
        BuiltInVariable("pageHostname", "Page Hostname", "u", part("HOST")),
        BuiltInVariable("pagePath", "Page Path", "u", part("PATH")),
        BuiltInVariable("referrer", "Referrer", "f", part("URL")),
        BuiltInVariable("event", "Event", "e"),
    ]

    /// Both read the element of the last event of either kind, as Google's do.
    private static let clicksAndForms: [BuiltInVariable] = [
        BuiltInVariable("clickElement", "Click Element", "v", layer("gtm.element")),
        BuiltInVariable("clickClasses", "Click Classes", "v", layer("gtm.elementClasses")),
        BuiltInVariable("clickId", "Click ID", "v", layer("gtm.elementId")),
        BuiltInVariable("clickTarget", "Click Target", "v", layer("gtm.elementTarget")),
        BuiltInVariable("clickUrl", "Click URL", "v", layer("gtm.elementUrl")),
        BuiltInVariable("clickText", "Click Text", "clickText"),
        BuiltInVariable("formElement", "Form Element", "v", layer("gtm.element")),
        BuiltInVariable("formClasses", "Form Classes", "v", layer("gtm.elementClasses")),
        BuiltInVariable("formId", "Form ID", "v", layer("gtm.elementId")),
        BuiltInVariable("formTarget", "Form Target", "v", layer("gtm.elementTarget")),
        BuiltInVariable("formUrl", "Form URL", "v", layer("gtm.elementUrl")),
        BuiltInVariable("formText", "Form Text", "clickText"),
    ]

    private static let errorsAndHistory: [BuiltInVariable] = [
        BuiltInVariable("errorMessage", "Error Message", "v", layer("gtm.errorMessage")),
        BuiltInVariable("errorUrl", "Error URL", "v", layer("gtm.errorUrl")),
        BuiltInVariable("errorLine", "Error Line", "v", layer("gtm.errorLineNumber")),
        BuiltInVariable("newHistoryUrl", "New History URL", "v", layer("gtm.newUrl")),
        BuiltInVariable("oldHistoryUrl", "Old History URL", "v", layer("gtm.oldUrl")),
        BuiltInVariable("newHistoryFragment", "New History Fragment", "v", layer("gtm.newUrlFragment")),
        BuiltInVariable("oldHistoryFragment", "Old History Fragment", "v", layer("gtm.oldUrlFragment")),
        BuiltInVariable("newHistoryState", "New History State", "v", layer("gtm.newHistoryState")),
        BuiltInVariable("oldHistoryState", "Old History State", "v", layer("gtm.oldHistoryState")),
        BuiltInVariable("historySource", "History Source", "v", layer("gtm.historyChangeSource")),
    ]

    private static let scrollAndVisibility: [BuiltInVariable] = [
        BuiltInVariable("scrollDepthThreshold", "Scroll Depth Threshold", "v", layer("gtm.scrollThreshold")),
        BuiltInVariable("scrollDepthUnits", "Scroll Depth Units", "v", layer("gtm.scrollUnits")),
        BuiltInVariable("scrollDepthDirection", "Scroll Direction", "v", layer("gtm.scrollDirection")),
        BuiltInVariable("elementVisibilityRatio", "Percent Visible", "v", layer("gtm.visibleRatio")),
        BuiltInVariable("elementVisibilityTime", "On-Screen Duration", "v", layer("gtm.visibleTime")),
        BuiltInVariable(
            "elementVisibilityFirstTime", "Element Visibility First Time", "v", layer("gtm.visibleFirstTime")),
        BuiltInVariable(
            "elementVisibilityRecentTime", "Element Visibility Recent Time", "v", layer("gtm.visibleLastTime")),
    ]

    private static let videos: [BuiltInVariable] = [
        BuiltInVariable("videoProvider", "Video Provider", "v", layer("gtm.videoProvider")),
        BuiltInVariable("videoUrl", "Video URL", "v", layer("gtm.videoUrl")),
        BuiltInVariable("videoTitle", "Video Title", "v", layer("gtm.videoTitle")),
        BuiltInVariable("videoDuration", "Video Duration", "v", layer("gtm.videoDuration")),
        BuiltInVariable("videoPercent", "Video Percent", "v", layer("gtm.videoPercent")),
        BuiltInVariable("videoVisible", "Video Visible", "v", layer("gtm.videoVisible")),
        BuiltInVariable("videoStatus", "Video Status", "v", layer("gtm.videoStatus")),
        BuiltInVariable("videoCurrentTime", "Video Current Time", "v", layer("gtm.videoCurrentTime")),
    ]

    private static let utilities: [BuiltInVariable] = [
        BuiltInVariable("containerId", "Container ID", "containerId"),
        BuiltInVariable("containerVersion", "Container Version", "ctv"),
        BuiltInVariable("environmentName", "Environment Name", "environmentName"),
        BuiltInVariable("debugMode", "Debug Mode", "debugMode"),
        BuiltInVariable("randomNumber", "Random Number", "r"),
        BuiltInVariable("htmlId", "HTML ID", "htmlId"),
        BuiltInVariable("firstPartyServingUrl", "First Party Serving URL", "firstPartyServingUrl"),
        BuiltInVariable("analyticsClientId", "Analytics Client ID", "analyticsClientId"),
        BuiltInVariable("analyticsSessionId", "Analytics Session ID", "analyticsSessionId"),
        BuiltInVariable("analyticsSessionNumber", "Analytics Session Number", "analyticsSessionNumber"),
    ]

    private static let other: [BuiltInVariable] =
        amp.map { BuiltInVariable($0, $1, nil, usage: .amp) } + app.map { BuiltInVariable($0, $1, nil, usage: .app) }
        + firebase.map {
            BuiltInVariable("firebaseEventParameter" + $0, "Firebase Event Parameter " + $1, nil, usage: .app)
        } + server.map { BuiltInVariable($0, $1, nil, usage: .server) }

    private static let amp: [(String, String)] = [
        ("ampBrowserLanguage", "AMP Browser Language"), ("ampCanonicalHost", "AMP Canonical Host"),
        ("ampCanonicalPath", "AMP Canonical Path"), ("ampCanonicalUrl", "AMP Canonical URL"),
        ("ampClientId", "AMP Client ID"), ("ampClientMaxScrollX", "AMP Client Max Scroll X"),
        ("ampClientMaxScrollY", "AMP Client Max Scroll Y"), ("ampClientScreenHeight", "AMP Client Screen Height"),
        ("ampClientScreenWidth", "AMP Client Screen Width"), ("ampClientScrollX", "AMP Client Scroll X"),
        ("ampClientScrollY", "AMP Client Scroll Y"), ("ampClientTimestamp", "AMP Client Timestamp"),
        ("ampClientTimezone", "AMP Client Timezone"), ("ampGtmEvent", "AMP Event"),
        ("ampPageDownloadTime", "AMP Page Download Time"), ("ampPageLoadTime", "AMP Page Load Time"),
        ("ampPageViewId", "AMP Page View ID"), ("ampReferrer", "AMP Referrer"), ("ampTitle", "AMP Title"),
        ("ampTotalEngagedTime", "AMP Total Engaged Time"),
    ]

    private static let app: [(String, String)] = [
        ("advertiserId", "Advertiser ID"), ("advertisingTrackingEnabled", "Advertising Tracking Enabled"),
        ("appId", "App ID"), ("appName", "App Name"), ("appVersionCode", "App Version Code"),
        ("appVersionName", "App Version Name"), ("deviceName", "Device Name"), ("language", "Language"),
        ("osVersion", "OS Version"), ("platform", "Platform"), ("resolution", "Screen Resolution"),
        ("sdkVersion", "SDK Version"),
    ]

    private static let firebase: [(String, String)] = [
        ("Campaign", "Campaign"), ("CampaignAclid", "Campaign Aclid"), ("CampaignAnid", "Campaign Anid"),
        ("CampaignClickTimestamp", "Campaign Click Timestamp"), ("CampaignContent", "Campaign Content"),
        ("CampaignCp1", "Campaign Cp1"), ("CampaignGclid", "Campaign Gclid"), ("CampaignSource", "Campaign Source"),
        ("CampaignTerm", "Campaign Term"), ("Currency", "Currency"),
        ("DynamicLinkAcceptTime", "Dynamic Link Accept Time"), ("DynamicLinkLinkid", "Dynamic Link ID"),
        ("NotificationMessageDeviceTime", "Notification Message Device Time"),
        ("NotificationMessageId", "Notification Message ID"), ("NotificationMessageName", "Notification Message Name"),
        ("NotificationMessageTime", "Notification Message Time"), ("NotificationTopic", "Notification Topic"),
        ("PreviousAppVersion", "Previous App Version"), ("PreviousOsVersion", "Previous OS Version"),
        ("Price", "Price"), ("ProductId", "Product ID"), ("Quantity", "Quantity"), ("Value", "Value"),
    ]

    private static let server: [(String, String)] = [
        ("clientName", "Client Name"), ("eventName", "Event Name"), ("queryString", "Query String"),
        ("requestMethod", "Request Method"), ("requestPath", "Request Path"),
        ("serverPageLocationHostname", "Page Location Hostname"), ("serverPageLocationPath", "Page Location Path"),
        ("serverPageLocationUrl", "Page Location URL"), ("visitorRegion", "Visitor Region"),
    ]

    /// A value of the data layer's flat model, as Google's built-in variables read it.
    private static func layer(_ key: String) -> [Parameter.Member] {
        [Parameter.Member("name", .template(key)), Parameter.Member("dataLayerVersion", .integer("1"))]
    }

    private static func part(_ component: String) -> [Parameter.Member] {
        [Parameter.Member("component", .template(component))]
    }
}
