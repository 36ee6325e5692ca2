/// Tags of other vendors. Meta's and LinkedIn's keys are those of their templates for Google Tag Manager; Microsoft's
/// those of Google's type `baut`, and LinkedIn's `id` that of `bzi`.
extension TagType {
    static let vendorTypes: [TagType] = [
        TagType(
            "metaPixel", title: "Meta pixel", fields: meta, purposes: advertising,
            scriptHosts: ["connect.facebook.net"], connectHosts: ["connect.facebook.net", "www.facebook.com"],
            module: "meta",
            options: [
                Option(
                    "meta-more", "advancedMatching", "disableAutoConfig", "disablePushState", "dpoLDU",
                    "objectPropertiesFromVariable",
                    unless: ["eventName": ["", "standard"], "standardEventName": standardEvents], takesRows: true)
            ], objects: ["objectPropertyList"]),
        TagType(
            "linkedinInsight", title: "LinkedIn Insight",
            fields: [
                Field("partnerId", "Partner IDs", .text, example: "123456"),
                Field("id", "Partner ID, of Google's tag", .text),
                Field("conversionId", "Conversion IDs, three at most", .text, example: "7654321"),
                Field("customUrl", "URL, where LinkedIn asks for one", .text),
                Field("eventId", "Event id, as the server's has it", .text),
            ], purposes: advertising, scriptHosts: ["snap.licdn.com"],
            connectHosts: ["px.ads.linkedin.com", "px4.ads.linkedin.com"], module: "linkedin"),
        TagType(
            "microsoftAds", title: "Microsoft Advertising UET", fields: microsoft, purposes: advertising,
            scriptHosts: ["bat.bing.com"], connectHosts: ["bat.bing.com", "bat.bing.net"], module: "microsoft"),
        TagType(
            "matomo", title: "Matomo", fields: matomo, purposes: ["analytics_storage"], module: "matomo"),
    ]

    /// Meta's standard events; others are custom ones.
    private static let standardEvents = [
        "", "AddPaymentInfo", "AddToCart", "AddToWishlist", "CompleteRegistration", "Contact", "CustomizeProduct",
        "Donate",
        "FindLocation", "InitiateCheckout", "Lead", "PageView", "Purchase", "Schedule", "Search", "StartTrial",
        "SubmitApplication", "Subscribe", "ViewContent",
    ]

    private static let meta: [Field] = [
        Field("pixelId", "Pixel IDs", .text, isRequired: true, example: "1234567890123456"),
        Field("eventName", "Kind of event", .choice(["standard", "custom", "variable"]), usual: "standard"),
        Field("standardEventName", "Standard event", .text, example: "PageView"),
        Field("customEventName", "Custom event", .text),
        Field("variableEventName", "Event of a variable", .text),
        Field("objectPropertyList", "Properties", .table(["name", "value"])),
        Field("objectPropertiesFromVariable", "Object with properties", .text, usual: "false"),
        Field("eventId", "Event id, as the server's has it", .text),
        Field("advancedMatching", "Advanced matching", .flag, usual: "false"),
        Field("advancedMatchingList", "What is known of the visitor", .table(["name", "value"])),
        Field("consent", "Consent is granted", .flag),
        Field("disableAutoConfig", "No automatic events", .flag, usual: "false"),
        Field("disablePushState", "No page views of history changes", .flag, usual: "false"),
        Field("dpoLDU", "Limited data use", .flag, usual: "false"),
        Field("dpoCountry", "Country of that", .number),
        Field("dpoState", "State of that", .number),
    ]

    private static let microsoft: [Field] = [
        Field("tagId", "UET tag ID", .text, example: "12345678"),
        Field("uetqName", "Name of the queue", .text, example: "uetq"),
        Field("eventType", "Kind of event", .choice(["PAGE_LOAD", "CUSTOM"])),
        Field("customEventAction", "Action", .text, example: "purchase"),
        Field("eventAction", "Action, of older exports", .text),
        Field("eventCategory", "Category", .text),
        Field("eventLabel", "Label", .text),
        Field("eventValue", "Value", .text),
        Field("goalValue", "Revenue", .text),
        Field("p_currency", "Currency", .text, example: "CHF"),
        Field("goalCurrency", "Currency, of older exports", .text),
        Field("customParamTable", "Parameters", .table(["customParamName", "customParamValue"])),
        Field("c_disableAutoPageView", "No page view of its own", .flag),
        Field("c_enableAutoSpaTracking", "Page views of single-page applications", .flag),
        Field("c_navTimingApi", "Load times", .flag),
        Field("c_removeQueryFromUrls", "URLs without queries", .flag),
        Field("c_storeConvTrackCookies", "Cookies for conversions", .flag),
    ]

    private static let matomo: [Field] = [
        Field("url", "Matomo's URL", .text, isRequired: true, example: "https://stats.example/"),
        Field("siteId", "Site ID", .text, isRequired: true, example: "1"),
        Field(
            "trackType", "What is tracked",
            .choice(["pageview", "event", "goal", "siteSearch", "productView", "cartUpdate", "order"])),
        Field("documentTitle", "Title of the view", .text),
        Field("customUrl", "URL of the view", .text),
        Field("userId", "User ID", .text),
        Field("customDimensions", "Custom dimensions", .table(["index", "value"])),
        Field("eventCategory", "Category of the event", .text),
        Field("eventAction", "Action of the event", .text),
        Field("eventName", "Name of the event", .text),
        Field("eventValue", "Value of the event", .text),
        Field("goalId", "Goal ID", .text),
        Field("goalRevenue", "Revenue of the goal", .text),
        Field("searchKeyword", "Keyword", .text),
        Field("searchCategory", "Category of the search", .text),
        Field("searchCount", "Results", .text),
        Field("productSKU", "SKU of the product", .text),
        Field("productName", "Name of the product", .text),
        Field("productCategory", "Category of the product", .text),
        Field("productPrice", "Price of the product", .text),
        Field("items", "Items of the cart or order", .text, example: "{{Order items}}"),
        Field("orderId", "Order ID", .text),
        Field("grandTotal", "Grand total", .text),
        Field("subTotal", "Subtotal", .text),
        Field("tax", "Tax", .text),
        Field("shipping", "Shipping", .text),
        Field("discount", "Discount", .text),
        Field("disableCookies", "No cookies", .flag),
        Field("linkTracking", "Downloads and outlinks", .flag),
        Field("heartBeat", "Heartbeat", .flag),
        Field("scriptPath", "Path of the script", .text, example: "matomo.js"),
        Field("trackerPath", "Path of the tracker", .text, example: "matomo.php"),
    ]
}
