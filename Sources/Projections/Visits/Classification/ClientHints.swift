internal import Events

/// The client hints of one event. Each may be empty; quotes of structured fields are taken off.
///
/// Source: W3C "User-Agent Client Hints"; Windows versions from its "platformVersion" table (13 and up is Windows 11).
struct ClientHints {
    var platform = ""
    var platformVersion = ""
    var model = ""
    /// Nil where the browser did not say.
    var isMobile: Bool?
    /// Name and version, as sent.
    var brands: [(name: String, version: String)] = []

    private static let brandsMax = 8

    /// `platform\0platformVersion\0model\0mobile\0brands`; missing parts at the end are empty.
    init(_ bytes: borrowing RawSpan) {
        guard bytes.byteCount > 0 else { return }
        let parts = bytes.text.split(separator: "\0", maxSplits: 4, omittingEmptySubsequences: false)
        func part(_ index: Int) -> String { index < parts.count ? Self.unquoted(parts[index]) : "" }
        platform = part(0)
        platformVersion = part(1)
        model = part(2)
        switch part(3) {
        case "?1", "1", "true": isMobile = true
        case "?0", "0", "false": isMobile = false
        default: break
        }
        if parts.count > 4 { brands = Self.brandList(parts[4]) }
    }

    /// Puts in what the hints know better than the user agent: the brand behind a Chromium, Windows 11, the versions
    /// that the reduced user agent no longer has.
    func correct(_ words: inout ClientWords) {
        if let brand = brands.lazy.compactMap({ brand in ClientNames.brand(brand.name).map { ($0, brand.version) } })
            .first
        {
            words.browser = brand.0
            if let version = Self.majorMinor(brand.1, orKeep: words.browserVersion) { words.browserVersion = version }
        }
        switch platform {
        case "Windows":
            words.os = "Windows"
            if let version = windowsVersion { words.osVersion = version }
        case "macOS", "Android", "iOS": setSystem(platform, in: &words)
        case "Chrome OS", "Chromium OS": setSystem("Chrome OS", in: &words)
        case "Linux":
            if words.os == nil || words.os == "Android" { setSystem("Linux", in: &words) }
        default: break
        }
    }

    private func setSystem(_ name: String, in words: inout ClientWords) {
        if words.os != name { words.osVersion = nil }
        words.os = name
        guard Self.number(platformVersion) != nil else { return }
        words.osVersion = Self.systemVersion(platformVersion, isAndroid: name == "Android")
    }

    private var windowsVersion: String? {
        guard let major = Self.number(platformVersion) else { return nil }
        switch major {
        case 13...: return "11"
        case 1...12: return "10"
        default:
            if platformVersion.hasPrefix("0.1") { return "7" }
            if platformVersion.hasPrefix("0.2") { return "8" }
            return platformVersion.hasPrefix("0.3") ? "8.1" : nil
        }
    }

    /// "14.0.0" is Android 14; "8.1.0" is 8.1; other systems always have their minor version.
    private static func systemVersion(_ text: String, isAndroid: Bool) -> String {
        let parts = text.split(separator: ".", maxSplits: 2)
        guard parts.count > 1, number(String(parts[1])) != nil, !(isAndroid && parts[1] == "0") else {
            return String(parts.first ?? "")
        }
        return parts[0] + "." + parts[1]
    }

    /// A brand's "124" says no more than a user agent's "124.0"; "124.0.6367.60" says 124.0.
    private static func majorMinor(_ text: String, orKeep known: String?) -> String? {
        let parts = text.split(separator: ".", maxSplits: 2)
        guard let major = parts.first, number(String(major)) != nil else { return nil }
        if parts.count > 1, number(String(parts[1])) != nil { return major + "." + parts[1] }
        if let known, known.hasPrefix(major + ".") { return known }
        return major + ".0"
    }

    /// The leading digits as a number below 100,000; nil where there are none.
    private static func number(_ text: String) -> Int? {
        var value: Int?
        for byte in text.utf8.prefix(5) {
            guard byte &- 0x30 < 10 else { break }
            value = (value ?? 0) * 10 + Int(byte - 0x30)
        }
        return value
    }

    /// `"Chromium";v="124", "Google Chrome";v="124"` as pairs. A comma or semicolon inside quotes is part of the name.
    private static func brandList(_ text: Substring) -> [(name: String, version: String)] {
        var list: [(String, String)] = []
        var pieces: [String] = [""]
        var isQuoted = false
        func finish() {
            let version = pieces.dropFirst().first { $0.drop { $0 == " " }.hasPrefix("v=") }
            let value = version.map { unquoted($0.drop { $0 == " " }.dropFirst(2)) } ?? ""
            list.append((unquoted(Substring(pieces[0])), value))
            pieces = [""]
        }
        for character in text {
            switch character {
            case "\"":
                isQuoted.toggle()
                pieces[pieces.count - 1].append(character)
            case "," where !isQuoted:
                finish()
                if list.count == brandsMax { return list }
            case ";" where !isQuoted: pieces.append("")
            default: pieces[pieces.count - 1].append(character)
            }
        }
        finish()
        return list
    }

    private static func unquoted(_ text: Substring) -> String {
        var value = text.drop { $0 == " " }
        while value.last == " " { value = value.dropLast() }
        guard value.count >= 2, value.first == "\"", value.last == "\"" else { return String(value) }
        return String(value.dropFirst().dropLast())
    }
}
