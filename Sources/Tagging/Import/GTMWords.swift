/// Words of Google's API and exports. The API writes enums as `pageUrl`, exports as `PAGE_URL`; the model keeps the
/// former.
enum GTMWords {
    /// The API's form of a word in either form: what has a small letter is taken to be in it already.
    static func camel(_ word: String) -> String {
        guard !word.utf8.contains(where: { (97...122).contains($0) }) else { return word }
        var result = ""
        for part in word.split(separator: "_") {
            let lower = part.lowercased()
            result += result.isEmpty ? lower : lower.prefix(1).uppercased() + lower.dropFirst()
        }
        return result
    }

    /// The export's form of a word of the API.
    static func snake(_ word: String) -> String {
        var result: [UInt8] = []
        for byte in word.utf8 {
            if (65...90).contains(byte), !result.isEmpty { result.append(UInt8(ascii: "_")) }
            result.append((97...122).contains(byte) ? byte - 32 : byte)
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The name by which `{{…}}` means a built-in variable: `pageUrl` is `Page URL`.
    static func displayName(builtIn type: String) -> String {
        if let name = irregularNames[type] { return name }
        var words: [String] = []
        for byte in type.utf8 {
            let letter = String(decoding: [byte], as: UTF8.self)
            if words.isEmpty || (65...90).contains(byte) {
                words.append(letter.uppercased())
            } else {
                words[words.count - 1] += letter
            }
        }
        return words.map { ["Url": "URL", "Id": "ID", "Html": "HTML"][$0] ?? $0 }.joined(separator: " ")
    }

    private static let irregularNames = [
        "scrollDepthDirection": "Scroll Direction", "elementVisibilityRatio": "Percent Visible",
        "elementVisibilityTime": "On-Screen Duration",
    ]

    /// Display names of the web's built-in variables, with the type of each.
    static let builtIns: [String: String] = {
        let types = """
            pageUrl pageHostname pagePath referrer event clickElement clickClasses clickId clickTarget clickUrl \
            clickText formElement formClasses formId formTarget formUrl formText errorMessage errorUrl errorLine \
            newHistoryUrl newHistoryFragment newHistoryState oldHistoryUrl oldHistoryFragment oldHistoryState \
            historySource containerVersion debugMode randomNumber containerId environmentName htmlId \
            scrollDepthThreshold scrollDepthUnits scrollDepthDirection elementVisibilityRatio elementVisibilityTime \
            elementVisibilityFirstTime elementVisibilityRecentTime videoProvider videoUrl videoTitle videoDuration \
            videoPercent videoVisible videoStatus videoCurrentTime analyticsClientId analyticsSessionId \
            analyticsSessionNumber
            """
        var names: [String: String] = [:]
        for type in types.split(separator: " ") { names[displayName(builtIn: String(type))] = String(type) }
        return names
    }()
}
