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

    /// The export's form of a word of the API; a word that would not come back from it (`PAGe_PATH`) stays as it is.
    static func snake(_ word: String) -> String {
        var result: [UInt8] = []
        for byte in word.utf8 {
            if (65...90).contains(byte), !result.isEmpty { result.append(UInt8(ascii: "_")) }
            result.append((97...122).contains(byte) ? byte - 32 : byte)
        }
        let snake = String(decoding: result, as: UTF8.self)
        return camel(snake) == word ? snake : word
    }

    /// The name by which `{{…}}` means a built-in variable: `pageUrl` is `Page URL`. A word that Google's API does not have
    /// is its own name.
    static func displayName(builtIn type: String) -> String { BuiltInVariable.named(type)?.title ?? type }
}
