/// The names reports use. Rule files tell one browser's builds apart (Chrome, Chrome Mobile, Chrome Mobile iOS);
/// reports,
/// as those of the other analytics programs, have one name for a browser and leave the rest to the device dimension.
/// A name without a row here stays as the rules give it.
enum ClientNames {
    static func browser(_ family: String) -> String { browsers[family] ?? family }
    static func system(_ family: String) -> String { systems[family] ?? family }
    /// The browser behind a brand of `Sec-CH-UA`; nil for Chromium itself, for placeholders and for unknown brands.
    static func brand(_ brand: String) -> String? { brands[brand] }

    private static let browsers: [String: String] = [
        "Chrome Mobile": "Chrome", "Chrome Mobile iOS": "Chrome", "Chrome Frame": "Chrome",
        "Chrome Mobile WebView": "Android WebView", "HeadlessChrome": "Headless Chrome",
        "Mobile Safari": "Safari", "Mobile Safari UI/WKWebView": "Safari (in-app)",
        "Firefox Mobile": "Firefox", "Firefox iOS": "Firefox", "Firefox Beta": "Firefox", "Firefox Alpha": "Firefox",
        "Firefox (Shiretoko)": "Firefox", "Firefox (Minefield)": "Firefox", "Firefox (Namoroka)": "Firefox",
        "Pale Moon (Firefox Variant)": "Pale Moon",
        "Edge Mobile": "Edge", "IE": "Internet Explorer", "IE Mobile": "Internet Explorer",
        "IE Large Screen": "Internet Explorer",
        "Opera Mobile": "Opera", "Opera Tablet": "Opera", "Opera Touch": "Opera", "Opera Neon": "Opera",
        "Android": "Android Browser", "Amazon Silk": "Silk", "DuckDuckGo Mobile": "DuckDuckGo",
        "QQ Browser Mobile": "QQ Browser", "QQ Browser Mini": "QQ Browser", "Baidu Browser": "Baidu",
        "Baidu Explorer": "Baidu", "BlackBerry WebKit": "BlackBerry", "Brave Mobile": "Brave",
        "Yandex Browser Lite": "Yandex Browser", "MiuiBrowser": "MIUI Browser", "Whale": "Naver Whale",
        "Ecosia iOS": "Ecosia", "Ecosia Android": "Ecosia", "HuaweiBrowser": "Huawei Browser",
    ]

    private static let systems: [String: String] = [
        "Mac OS X": "macOS", "Mac OS": "macOS", "ATV OS X": "tvOS", "WatchOS": "watchOS",
        "BlackBerry Tablet OS": "BlackBerry OS", "Chromium OS": "Chrome OS", "Windows Mobile": "Windows Phone",
        "GNU/Linux": "Linux", "Web0S": "webOS", "WebOS": "webOS",
    ]

    private static let brands: [String: String] = [
        "Google Chrome": "Chrome", "Microsoft Edge": "Edge", "Opera": "Opera", "Opera GX": "Opera", "Brave": "Brave",
        "Vivaldi": "Vivaldi", "YaBrowser": "Yandex Browser", "Yandex": "Yandex Browser", "Yowser": "Yandex Browser",
        "Samsung Internet": "Samsung Internet", "DuckDuckGo": "DuckDuckGo", "Whale": "Naver Whale",
        "Android WebView": "Android WebView", "Microsoft Edge WebView2": "Edge WebView2",
        "HeadlessChrome": "Headless Chrome", "Avast Secure Browser": "Avast Secure Browser",
        "AVG Secure Browser": "AVG Secure Browser", "HuaweiBrowser": "Huawei Browser", "Silk": "Silk",
        "Amazon Silk": "Silk", "Arc": "Arc", "Norton Private Browser": "Norton Private Browser",
        "Oculus Browser": "Oculus Browser",
        "MiuiBrowser": "MIUI Browser", "Ecosia": "Ecosia", "Coc Coc": "Coc Coc",
    ]
}
