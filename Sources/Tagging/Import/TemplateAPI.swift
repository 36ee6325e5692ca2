internal import RequestParsing

/// What custom templates may `require`, and the runtime's modules that have it (`tags/src/modules/template*.js`).
enum TemplateAPI {
    /// The module of every template.
    static let baseModule = "template"

    /// The module of an API besides the base; empty for those of the base, nil for what there is not.
    static func module(of name: String) -> String? { modules[name] }

    /// Everything there is, for code that does not say what it requires.
    static var allModules: [String] { Set(modules.values.filter { !$0.isEmpty }).sorted() }

    /// The modules that check the permissions which a template has, for one that asks for them itself.
    static func modules(for permissions: TemplatePermissions) -> [String] {
        permissions.values.compactMap { checks[$0.name] }
    }

    private static let modules: [String: String] = {
        let named: [(module: String, names: [String])] = [
            (
                "",
                [
                    "JSON", "Math", "Object", "callLater", "getTimestamp", "getTimestampMillis", "getType",
                    "logToConsole", "makeInteger", "makeNumber", "makeString", "makeTableMap", "queryPermission",
                ]
            ),
            (
                "template-globals",
                [
                    "aliasInWindow", "callInWindow", "copyFromWindow", "createArgumentsQueue", "createQueue",
                    "setInWindow",
                ]
            ),
            ("template-load", ["injectHiddenIframe", "injectScript", "sendPixel"]),
            (
                "template-consent",
                ["addConsentListener", "gtagSet", "isConsentGranted", "setDefaultConsentState", "updateConsentState"]
            ),
            ("template-layer", ["copyFromDataLayer", "getContainerVersion", "readCharacterSet", "readTitle"]),
            ("template-storage", ["getCookieValues", "localStorage", "setCookie", "templateStorage"]),
            (
                "template-url",
                ["getQueryParameters", "getReferrerQueryParameters", "getReferrerUrl", "getUrl", "parseUrl"]
            ),
            (
                "template-text",
                [
                    "decodeUri", "decodeUriComponent", "encodeUri", "encodeUriComponent", "fromBase64",
                    "generateRandom", "toBase64",
                ]
            ),
            ("template-sha256", ["sha256"]), ("template-regex", ["createRegex", "testRegex"]),
            ("template-analytics", ["readAnalyticsStorage"]), ("template-event", ["addEventCallback"]),
        ]
        var modules: [String: String] = [:]
        for (module, names) in named { for name in names { modules[name] = module } }
        return modules
    }()

    /// `gtagSet` needs `write_data_layer`, which `template-layer` checks.
    static func modules(of name: String) -> [String] {
        guard let module = modules[name], !module.isEmpty else { return [] }
        return name == "gtagSet" ? [module, "template-layer"] : [module]
    }

    private static let checks = [
        "access_globals": "template-globals", "inject_script": "template-load", "send_pixel": "template-load",
        "inject_hidden_iframe": "template-load", "access_consent": "template-consent",
        "read_data_layer": "template-layer", "write_data_layer": "template-layer",
        "read_container_data": "template-layer", "read_title": "template-layer",
        "read_character_set": "template-layer", "get_cookies": "template-storage", "set_cookies": "template-storage",
        "access_local_storage": "template-storage", "access_template_storage": "template-storage",
        "get_url": "template-url", "get_referrer": "template-url", "read_analytics_storage": "template-analytics",
        "read_event_metadata": "template-event",
    ]
}
