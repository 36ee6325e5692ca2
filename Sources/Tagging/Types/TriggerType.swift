/// What the program knows of a kind of trigger: its form, what is sent of it, and the runtime module that listens.
///
/// Words and parameters are those of Google's API (`Trigger.type`; discovery document of `tagmanager` v2) and of what
/// its editor writes into exports; the events are those that Google Tag Manager pushes.
package struct TriggerType: Sendable {
    /// As a trigger's `type` has it: `linkClick`.
    package let name: String
    /// For people, as Google Tag Manager shows it: `Click - Just Links`.
    package let title: String
    /// The event that fires it; nil where its filters name one (`customEvent`) and where it is not of the web. A
    /// timer's own `eventName` stands for this one.
    package let event: String?
    /// `RuntimeModules`' name of the file that listens; nil: the core does, or nobody.
    package let module: String?
    /// Modules for some parameters alone.
    let options: [TagType.Option]
    /// The parameters that are sent, in the order of the form.
    package let fields: [TagType.Field]
    package let usage: ContainerUsage
    /// Hosts that a page's CSP has to allow for it: scripts that its module loads.
    package let scriptHosts: [String]

    private init(
        _ name: String, _ title: String, event: String? = nil, module: String? = nil, fields: [TagType.Field] = [],
        options: [TagType.Option] = [], usage: ContainerUsage = .web, scriptHosts: [String] = []
    ) {
        self.name = name
        self.title = title
        self.event = event
        self.module = module
        self.fields = fields
        self.options = options
        self.usage = usage
        self.scriptHosts = scriptHosts
    }

    /// The type of this word, nil for words that Google's API does not have. O(1).
    package static func named(_ name: String) -> TriggerType? { byName[name] }

    /// Every word of Google's API, those of the web first, in the order of its editor.
    package static let all: [TriggerType] = web + other

    private static let byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }

    private typealias Field = TagType.Field

    private static let web: [TriggerType] = [
        TriggerType("consentInit", "Consent Initialization", event: "gtm.init_consent"),
        TriggerType("init", "Initialization", event: "gtm.init"),
        TriggerType("pageview", "Page View", event: "gtm.js"),
        TriggerType("domReady", "DOM Ready", event: "gtm.dom"),
        TriggerType("windowLoaded", "Window Loaded", event: "gtm.load"),
        TriggerType("click", "Click - All Elements", event: "gtm.click", module: "click"),
        TriggerType(
            "linkClick", "Click - Just Links", event: "gtm.linkClick", module: "link", fields: waiting,
            options: [TagType.Option("link-wait", "waitForTags", "checkValidation")]),
        TriggerType(
            "elementVisibility", "Element Visibility", event: "gtm.elementVisibility", module: "visibility",
            fields: visibility, options: [TagType.Option("changes", "useDomChangeListener")]),
        TriggerType(
            "formSubmission", "Form Submission", event: "gtm.formSubmit", module: "form", fields: waiting,
            options: [TagType.Option("form-wait", "waitForTags", "checkValidation")]),
        TriggerType(
            "scrollDepth", "Scroll Depth", event: "gtm.scrollDepth", module: "scroll", fields: scroll,
            options: [TagType.Option("scroll-wide", "horizontalThresholdsPercent", "horizontalThresholdsPixels")]),
        TriggerType(
            "youTubeVideo", "YouTube Video", event: "gtm.video", module: "youtube", fields: video,
            scriptHosts: ["www.youtube.com"]),
        TriggerType("customEvent", "Custom Event"),
        TriggerType("historyChange", "History Change", event: "gtm.historyChange", module: "history"),
        TriggerType("jsError", "JavaScript Error", event: "gtm.pageError", module: "error"),
        TriggerType(
            "timer", "Timer", event: "gtm.timer", module: "timer",
            fields: [
                Field("eventName", "Event name", .text, example: "gtm.timer"),
                Field("interval", "Interval in milliseconds", .number, isRequired: true, example: "10000"),
                Field("limit", "How often at most; empty: without end", .number, example: "1"),
            ]),
        TriggerType(
            "triggerGroup", "Trigger Group", event: "gtm.triggerGroup", module: "group",
            fields: [Field("triggerIds", "Triggers that all have to fire", .list, isRequired: true)]),
    ]

    /// What links and forms have. Conditions of the time when they listen are `Trigger.autoEventFilters`.
    private static let waiting: [TagType.Field] = [
        Field("waitForTags", "Wait for tags", .flag, usual: "false"),
        Field("waitForTagsTimeout", "Wait at most, in milliseconds", .number, example: "2000", usual: "2000"),
        Field("checkValidation", "Only where the page did not prevent it", .flag, usual: "false"),
    ]

    private static let visibility: [TagType.Field] = [
        Field("selectorType", "Selection method", .choice(["ID", "CSS"]), isRequired: true, usual: "ID"),
        Field("elementId", "Element ID", .text, example: "offer"),
        Field("elementSelector", "Element selector", .text, example: ".offer > h2"),
        Field(
            "firingFrequency", "When to fire", .choice(["ONCE", "ONCE_PER_ELEMENT", "MANY_PER_ELEMENT"]), usual: "ONCE"),
        Field("onScreenRatio", "Minimum percent visible", .number, example: "50", usual: "50"),
        Field("useOnScreenDuration", "Set a minimum on-screen duration", .flag, usual: "false"),
        Field("onScreenDuration", "On-screen duration in milliseconds", .number, example: "1000"),
        Field("useDomChangeListener", "Observe DOM changes", .flag, usual: "false"),
    ]

    private static let startOptions = TagType.Field.Kind.choice(["WINDOW_LOAD", "DOM_READY", "CONTAINER_LOAD"])

    private static let scroll: [TagType.Field] = [
        Field("verticalThresholdOn", "Vertical scroll depths", .flag, usual: "true"),
        Field("verticalThresholdUnits", "Units of vertical depths", .choice(["PERCENT", "PIXELS"])),
        Field("verticalThresholdsPercent", "Vertical depths in percent", .text, example: "25,50,75,90"),
        Field("verticalThresholdsPixels", "Vertical depths in pixels", .text, example: "500,1000"),
        Field("horizontalThresholdOn", "Horizontal scroll depths", .flag, isWith: "scroll-wide"),
        Field("horizontalThresholdUnits", "Units of horizontal depths", .choice(["PERCENT", "PIXELS"])),
        Field("horizontalThresholdsPercent", "Horizontal depths in percent", .text, example: "50,100"),
        Field("horizontalThresholdsPixels", "Horizontal depths in pixels", .text, example: "500,1000"),
        Field("triggerStartOption", "Enable from", startOptions, usual: "WINDOW_LOAD"),
    ]

    private static let video: [TagType.Field] = [
        Field("captureStart", "Start", .flag),
        Field("captureComplete", "Complete", .flag),
        Field("capturePause", "Pause, seeking, and buffering", .flag),
        Field("captureProgress", "Progress", .flag),
        Field("radioButtonGroup1", "Units of progress", .choice(["PERCENTAGE", "TIME"])),
        Field("progressThresholdsPercent", "Progress in percent", .text, example: "10,25,50,75"),
        Field("progressThresholdsTimeInSeconds", "Progress in seconds", .text, example: "10,30,60"),
        Field("fixMissingApi", "Add JavaScript API support to all YouTube videos", .flag),
        Field("triggerStartOption", "Enable from", startOptions),
    ]

    private static let other: [TriggerType] = [
        TriggerType("always", "Always", usage: .server),
        TriggerType("serverPageview", "Page View (server)", usage: .server),
        TriggerType("ampClick", "Click (AMP)", usage: .amp),
        TriggerType("ampScroll", "Scroll (AMP)", usage: .amp),
        TriggerType("ampTimer", "Timer (AMP)", usage: .amp),
        TriggerType("ampVisibility", "Visibility (AMP)", usage: .amp),
        TriggerType("firebaseAppException", "Firebase: app exception", usage: .app),
        TriggerType("firebaseAppUpdate", "Firebase: app update", usage: .app),
        TriggerType("firebaseCampaign", "Firebase: campaign", usage: .app),
        TriggerType("firebaseFirstOpen", "Firebase: first open", usage: .app),
        TriggerType("firebaseInAppPurchase", "Firebase: in-app purchase", usage: .app),
        TriggerType("firebaseNotificationDismiss", "Firebase: notification dismissed", usage: .app),
        TriggerType("firebaseNotificationForeground", "Firebase: notification in the foreground", usage: .app),
        TriggerType("firebaseNotificationOpen", "Firebase: notification opened", usage: .app),
        TriggerType("firebaseNotificationReceive", "Firebase: notification received", usage: .app),
        TriggerType("firebaseOsUpdate", "Firebase: system update", usage: .app),
        TriggerType("firebaseSessionStart", "Firebase: session started", usage: .app),
        TriggerType("firebaseUserEngagement", "Firebase: user engagement", usage: .app),
    ]
}
