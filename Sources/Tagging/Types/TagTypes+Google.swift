/// Google's tags. The keys are those of the exported types `googtag` and `gaawc`, `gaawe`, `awct`, `sp` and `gclidw`;
/// hosts are those of Google's guide to content security policies.
extension TagType {
    static let googleTypes: [TagType] = [
        TagType(
            "googleTag", title: "Google tag",
            fields: [
                Field("tagId", "Tag ID", .text, example: "G-ABC1234567"),
                Field("measurementId", "Measurement ID, of older exports", .text),
                Field("sendPageView", "Send a page view", .flag),
                Field("configSettingsTable", "Configuration", parameters),
                Field("configSettingsVariable", "Configuration settings variable", .text),
                Field("fieldsToSet", "Fields to set, of older exports", .table(["name", "value"])),
                Field("enableSendToServerContainer", "Send to a server container", .flag, usual: "false"),
                Field("serverContainerUrl", "Server container URL", .text),
            ] + eventSettings,
            purposes: ["analytics_storage"], scriptHosts: tagHosts, connectHosts: analyticsHosts, module: "google",
            base: ["gtag"], options: [moreSettings], objects: ["configSettingsTable", "eventSettingsTable"],
            destinations: ["tagId", "measurementId"]),
        TagType(
            "ga4Event", title: "Google Analytics 4 event",
            fields: [
                Field("eventName", "Event name", .text, isRequired: true, example: "sign_up"),
                Field("measurementIdOverride", "Measurement ID", .text, example: "G-ABC1234567"),
                Field("measurementId", "Configuration tag, of older exports", .text),
                Field("sendEcommerceData", "Send e-commerce data", .flag, usual: "false"),
                Field(
                    "getEcommerceDataFrom", "E-commerce data from", .choice(["dataLayer", "customObject"]),
                    usual: "dataLayer"),
                Field(
                    "ecommerceMacroData", "E-commerce object", .text,
                    unless: .init("getEcommerceDataFrom", .template("dataLayer"))),
            ] + eventSettings,
            purposes: ["analytics_storage"], scriptHosts: tagHosts, connectHosts: analyticsHosts, module: "google",
            base: ["gtag"], options: [Option("ecommerce", "sendEcommerceData"), moreSettings],
            objects: ["eventSettingsTable"], destinations: ["measurementIdOverride", "measurementId"]),
        TagType(
            "googleAdsConversion", title: "Google Ads conversion", fields: destination + conversion,
            purposes: advertising, scriptHosts: adsHosts, connectHosts: adsHosts, module: "google-ads",
            base: ["gtag"]),
        TagType(
            "googleAdsRemarketing", title: "Google Ads remarketing", fields: destination + remarketing,
            purposes: advertising + ["ad_personalization"], scriptHosts: adsHosts, connectHosts: adsHosts,
            module: "google-ads", base: ["gtag"]),
        TagType(
            "conversionLinker", title: "Google Ads conversion linker", fields: linker, purposes: ["ad_storage"],
            scriptHosts: adsHosts, connectHosts: adsHosts, module: "google-ads", base: ["gtag"]),
        TagType(
            "consentMode", title: "Consent mode", fields: consentMode, purposes: [], module: "consent-mode",
            made: ConsentCommands.made),
    ]

    private static let consentMode: [Field] =
        [
            Field("command", "Command", .choice(["default", "update"]), isRequired: true),
            Field("settingsTable", "Defaults", .table(["region"] + ConsentCommands.types + ["wait_for_update"])),
            Field("url_passthrough", "Ad clicks in URLs", .flag, usual: "false"),
            Field("ads_data_redaction", "Redact ads data", .flag, usual: "false"),
        ]
        + ConsentCommands.types.map {
            Field("update_" + $0, "Update of " + $0, .choice(["granted", "denied"]), usual: "")
        }

    /// Whatever gives settings but a table of the tag's own.
    private static let moreSettings = Option(
        "google-more", "configSettingsVariable", "enableSendToServerContainer", "enhancedUserId", "eventParameters",
        "eventSettingsVariable", "fieldsToSet", "userProperties", unless: ["sendPageView": []], takesRows: true)
    private static let tagHosts = ["www.googletagmanager.com"]
    private static let analyticsHosts = [
        "*.analytics.google.com", "*.g.doubleclick.net", "*.google-analytics.com", "*.googletagmanager.com",
        "www.google.com",
    ]
    private static let adsHosts = [
        "googleads.g.doubleclick.net", "pagead2.googlesyndication.com", "www.google.com", "www.googleadservices.com",
        "www.googletagmanager.com",
    ]
    private static let parameters = Field.Kind.table(["parameter", "parameterValue"])

    private static let eventSettings: [Field] = [
        Field("eventSettingsTable", "Event parameters", parameters),
        Field("eventSettingsVariable", "Event settings variable", .text),
        Field("eventParameters", "Event parameters, of older exports", .table(["name", "value"])),
        Field("userProperties", "User properties", .table(["name", "value"])),
        Field("enhancedUserId", "Include user-provided data", .flag, usual: "false"),
        Field("userDataVariable", "User-provided data variable", .text),
    ]

    private static let destination: [Field] = [
        Field("conversionId", "Conversion ID", .text, isRequired: true, example: "123456789"),
        Field("conversionLabel", "Conversion label", .text, example: "AbC-D_efG"),
        Field("enableConversionLinker", "Use the conversion linker's cookies", .flag),
        Field("conversionCookiePrefix", "Their prefix", .text, example: "_gcl"),
        Field("rdp", "Restricted data processing", .flag),
    ]

    private static let sources = Field.Kind.choice(["DATA_LAYER", "JSON"])

    private static let conversion: [Field] = [
        Field("conversionValue", "Conversion value", .text, example: "{{Order value}}"),
        Field("currencyCode", "Currency", .text, example: "CHF"),
        Field("orderId", "Transaction ID", .text, example: "{{Order number}}"),
        Field("enableProductReporting", "Product data", .flag),
        Field("productReportingDataSource", "Product data from", sources),
        Field("awMerchantId", "Merchant ID", .text),
        Field("awFeedCountry", "Feed country", .text),
        Field("awFeedLanguage", "Feed language", .text),
        Field("discount", "Discount", .text),
        Field("items", "Items", .text),
        Field("enableNewCustomerReporting", "New customers", .flag),
        Field("newCustomerReportingDataSource", "New customers from", sources),
        Field("awNewCustomer", "New customer", .text),
        Field("awCustomerLTV", "Customer lifetime value", .text),
        Field("enableEnhancedConversion", "User-provided data", .flag),
        Field("enableEnhancedConversions", "User-provided data, of other exports", .flag),
        Field("cssProvidedEnhancedConversionValue", "User-provided data variable", .text),
        Field("userDataVariable", "User-provided data variable, of other exports", .text),
        Field("customParams", "Custom parameters", .table(["key", "value"])),
    ]

    private static let remarketing: [Field] = [
        Field("customParamsFormat", "Custom parameters from", .choice(["NONE", "DATA_LAYER", "USER_SPECIFIED"])),
        Field("dataLayerVariable", "Object with custom parameters", .text),
        Field("customParams", "Custom parameters", .table(["key", "value"])),
        Field("enableDynamicRemarketing", "Dynamic remarketing", .flag),
        Field("eventName", "Event name", .text),
        Field("eventValue", "Event value", .text),
        Field("eventItems", "Event items", .text),
        Field("userId", "User ID", .text),
    ]

    private static let linker: [Field] = [
        Field("enableCrossDomain", "Link domains", .flag),
        Field("linkerDomains", "Domains", .text, example: "shop.example,blog.example"),
        Field("acceptIncoming", "Accept incoming links", .flag),
        Field("formDecoration", "Decorate forms", .flag),
        Field("urlPosition", "Where in the URL", .choice(["query", "fragment"])),
        Field("enableUrlPassthrough", "Pass clicks through URLs", .flag),
        Field("enableCookieOverrides", "Own cookie settings", .flag),
        Field("conversionCookiePrefix", "Cookie prefix", .text),
        Field("conversionCookieDomain", "Cookie domain", .text),
        Field("conversionCookiePath", "Cookie path", .text),
    ]
}
