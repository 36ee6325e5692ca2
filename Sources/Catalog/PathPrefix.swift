/// The first part of the path under which a site's own host may pass requests on: neutral, and the same for good, as
/// the site's key is. It is derived, so it is nowhere stored:
///
///     byte i of SHA-256(the key's text), modulo 27, chooses character i of 8 among bcdfghjkmnpqrstvwxz23456789
///
/// Without vowels it never spells a word, and so is no other path of the public plane.
package enum PathPrefix {
    package static let byteCount = 8
    private static let alphabet = Array("bcdfghjkmnpqrstvwxz23456789".utf8)

    /// About 1 us; allocates.
    package static func derived(from key: String) -> String {
        let digest = APIKey.digest(of: key).prefix(byteCount)
        return String(decoding: digest.map { alphabet[Int($0) % alphabet.count] }, as: UTF8.self)
    }
}

extension Site {
    /// `PathPrefix` of the site's key.
    package var pathPrefix: String { PathPrefix.derived(from: key) }
}
