/// What kind of thing a client runs on; the values of the device dimension.
package enum DeviceKind: String, Sendable, CaseIterable {
    case desktop, mobile, tablet, tv, console, car, watch
    /// Says itself that it is a crawler. The verdict that keeps bots out of reports is Collect's, not this one.
    case bot

    /// The first of these rules that holds: names that only crawlers, televisions, consoles, watches and cars have;
    /// then
    /// tablets by name and Android without the word "Mobile" (Android's own convention); then telephones; then
    /// desktop systems. Nil where nothing holds (command-line clients). An iPad that asks for desktop pages cannot be
    /// told from a Mac.
    static func of(userAgent: borrowing RawSpan, system: String?, hints: ClientHints) -> DeviceKind? {
        let agent = Found(in: userAgent)
        let modelName = Array(hints.model.utf8)
        let model = Found(in: modelName.span.bytes)
        if agent.has(.bots), !agent.has(.botLikePhones) { return .bot }
        if system == "tvOS" || agent.has(.televisions) || model.has(.televisionModels) { return .tv }
        if agent.has(.consoles) { return .console }
        if system == "watchOS" || agent.has(.watches) { return .watch }
        if agent.has(.cars) { return .car }
        if agent.has(.tablets) || model.has(.tabletModels) { return .tablet }
        if system == "Android" || agent.has(.android) {
            if let isMobile = hints.isMobile { return isMobile ? .mobile : .tablet }
            return agent.has(.androidPhones) ? .mobile : .tablet
        }
        if hints.isMobile == true || agent.has(.telephones) { return .mobile }
        if agent.has(.tabletWord), !agent.has(.tabletPC) { return .tablet }
        if agent.has(.desktops) || desktopPlatforms.contains(hints.platform) { return .desktop }
        return nil
    }

    private enum Words: Int, CaseIterable {
        case bots, botLikePhones, televisions, televisionModels, consoles, watches, cars, tablets, tabletModels, android
        case androidPhones, telephones, tabletWord, tabletPC, desktops

        var list: [String] {
            switch self {
            case .bots: DeviceKind.bots
            case .botLikePhones: ["cubot"]
            case .televisions: DeviceKind.televisions
            case .televisionModels: DeviceKind.televisionModels
            case .consoles: ["playstation", "xbox", "nintendo", "steam deck", "ouya"]
            case .watches:
                ["watchos", "apple watch", "applewatch", "wear os", "smartwatch", "galaxy watch", "sm-r8"]
            case .cars: ["tesla/", "qtcarbrowser", "android automotive", "carplay", "; polestar", "carbrowser"]
            case .tablets: DeviceKind.tablets
            case .tabletModels: ["ipad", "tablet", "pixel c", "nexus 7", "nexus 9", "nexus 10"]
            case .android: ["android"]
            case .androidPhones: ["mobile", "opera mini", "opera mobi", "fennec"]
            case .telephones: DeviceKind.telephones
            case .tabletWord: ["tablet"]
            case .tabletPC: ["tablet pc"]
            case .desktops: DeviceKind.desktops
            }
        }
    }

    /// Which lists have a word in a text, found in one pass.
    private struct Found {
        private static let index = LiteralIndex(literals: Words.allCases.map { $0.list.map { Array($0.utf8) } })
        private var bits: [UInt64] = []

        init(in text: borrowing RawSpan) { Self.index.candidates(of: text, into: &bits) }

        func has(_ words: Words) -> Bool { bits[0] >> UInt64(words.rawValue) & 1 == 1 }
    }

    private static let bots = [
        "bot/", "bot;", "bot ", "bot)", "bot-", "bot_", "bot.", "spider", "crawler", "crawling", "slurp",
        "bingpreview", "facebookexternalhit", "mediapartners-google", "archiver", "feedfetcher", "+http",
    ]
    private static let televisions = [
        "smart-tv", "smarttv", "smart tv", "hbbtv", "appletv", "apple tv", "googletv", "google tv", "android tv",
        "androidtv", " crkey", "roku", "bravia", "netcast", "web0s", "webos.tv", "viera", "; aft", "dtv/", "opera tv",
        "philipstv", "nettv", "large screen", "tv safari", "vidaa", "ce-html", "inettvbrowser", "olltv", "whaletv",
    ]
    private static let televisionModels = [
        "bravia", "chromecast", "shield android tv", "aft", "smart tv", "mibox", "mitv",
    ]
    private static let tablets = [
        "ipad", "kindle", "playbook", "android tablet", "tablet;", "nexus 7", "nexus 9", "nexus 10", "xoom", "touchpad",
        "sm-t", "sm-x", "gt-p", "lenovo tab", "mediapad",
    ]
    private static let telephones = [
        "mobile", "iphone", "ipod", "windows phone", "iemobile", "windows ce", "blackberry", "bb10", "opera mini",
        "opera mobi", "symbian", "series60", "series 60", "nokia", "midp", "palm", "webos/", "kaios", "ucweb", "maemo",
        "fennec", "up.browser", "docomo", "j2me", "sonyericsson",
    ]
    private static let desktops = [
        "windows", "win98", "win95", "win32", "macintosh", "mac os", "mac_powerpc", "linux", "x11", "cros ", "bsd",
        "sunos",
        "beos", "haiku", "amiga", "os/2", "darwin", "ubuntu", "fedora", "solaris", "aix", "irix",
    ]
    private static let desktopPlatforms = ["Windows", "macOS", "Linux", "Chrome OS", "Chromium OS"]
}
