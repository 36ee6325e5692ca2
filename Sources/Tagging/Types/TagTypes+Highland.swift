/// Highland's own tags. They send to where the container's script came from.
extension TagType {
    static let highlandTypes: [TagType] = [
        TagType(
            "highland", title: "Highland page view", fields: identity + view + viewOptions,
            purposes: ["analytics_storage"], module: "highland",
            options: [
                Option("highland-details", "url", "title", "userID", "properties"),
                Option("highland-engagement", "engagement", "scrollDepth"),
                Option("highland-navigation", "navigation"),
                Option("highland-links", "downloads", "outbound"),
                Option("highland-forms", "forms"),
                Option("highland-not-found", "notFound"),
                Option("highland-opt-out", "optOut"),
            ]),
        TagType(
            "highlandEvent", title: "Highland event",
            fields: [
                Field("name", "Event name", .text, isRequired: true, example: "sign_up"),
                Field("revenue", "Revenue", .text, example: "{{Order value}}"),
                Field("currency", "Currency", .text, example: "CHF"),
                Field("items", "Items", .text, example: "{{Order items}}"),
                Field("id", "Event id: the same counts once", .text, example: "{{Order number}}"),
                Field("ecommerce", "Fill from the data layer's ecommerce", .flag),
            ] + identity,
            purposes: ["analytics_storage"], module: "highland-event", base: ["highland", "highland-details"],
            options: [Option("ecommerce", "ecommerce")]),
        TagType(
            "slot", title: "Personalised slot",
            fields: [
                Field("slot", "Slot", .text, isRequired: true, example: "hero"),
                Field("selector", "CSS selector of its place", .text, example: "#hero"),
                Field("timeout", "Milliseconds until its own content stays", .number, example: "400"),
                Field("site", "Site key, where the page's host does not say", .text),
            ], purposes: ["personalization_storage"], module: "slot"),
    ]

    /// What page views and events have in common.
    private static let identity: [Field] = [
        Field("properties", "Properties", .table(["key", "value"])),
        Field("userID", "User id, of the site's own login", .text, example: "{{User ID}}"),
        Field("url", "URL, where it is not the page's", .text),
        Field("title", "Title, where it is not the page's", .text),
        Field("site", "Site key, where the page's host does not say", .text),
        Field("beforeConsent", "Before consent", .choice(["nothing", cookieless])),
    ]

    private static let view: [Field] = [
        Field("name", "Event name, where it is not pageview", .text, example: "pageview")
    ]

    private static let viewOptions: [Field] = [
        Field("engagement", "Engagement time", .flag),
        Field("scrollDepth", "Scroll depth", .flag),
        Field("navigation", "Page views of single-page applications", .flag),
        Field("fragments", "Count changes of the fragment, too", .flag),
        Field("downloads", "Downloads", .flag),
        Field("outbound", "Outbound links", .flag),
        Field("forms", "Forms that are sent", .flag),
        Field("notFound", "Pages that are not there as event 404", .flag),
        Field("notFoundTitle", "What such a page has in its title", .text, example: "Page not found"),
        Field("notFoundSelector", "CSS selector that finds something there", .text, example: ".error-404"),
        Field("optOut", "Links that keep a visitor's objection", .flag),
    ]
}
