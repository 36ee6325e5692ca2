internal import Crypto
package import Events

/// A key as it is kept: never the secret itself.
///
///     hlk_ + 12 characters: the identifier, 72 random bits, not secret + 43 characters: the secret, 256 random bits
///
/// The whole text is hashed with SHA-256. No slow hash is needed: 256 random bits cannot be guessed. The prefix is
/// there for secret scanners; the identifier finds the row, so that only one comparison is made, in constant time.
package struct APIKey: Sendable, Equatable {
    package static let prefix = "hlk_"
    package static let identifierByteCount = 12
    package static let textByteCount = 4 + 12 + 43

    package let id: String
    package let name: String
    package let role: Role
    package let scope: SiteScope
    /// SHA-256 of the key's text, 32 bytes.
    package let digest: [UInt8]
    package let createdAt: Timestamp
    /// Who made it, who made that one, and so on, nearest first: `key:ID`, `session:ID`, `console`. See `Authorship`.
    package let makers: [String]

    package init(
        id: String, name: String, role: Role, scope: SiteScope, digest: [UInt8], createdAt: Timestamp,
        makers: [String] = []
    ) {
        self.id = id
        self.name = name
        self.role = role
        self.scope = scope
        self.digest = digest
        self.createdAt = createdAt
        self.makers = makers
    }

    /// A fresh key's identifier and text.
    package static func generate() -> (id: String, text: String) {
        let id = Base64URL.randomName(byteCount: 9)
        return (id, prefix + id + Base64URL.random(byteCount: 32))
    }

    /// SHA-256 of a key's text, 32 bytes.
    package static func digest(of text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        return digest(of: bytes.span.bytes)
    }

    /// SHA-256 of these bytes. About 0.3 us for a key; allocates the result.
    package static func digest(of bytes: borrowing RawSpan) -> [UInt8] {
        var hash = SHA256()
        bytes.withUnsafeBytes {
            // SAFETY: the buffer is read within the closure only.
            hash.update(bufferPointer: $0)
        }
        return Array(hash.finalize())
    }

    /// Whether these bytes are this key, in a time that does not depend on where they differ.
    package func matches(_ presented: borrowing RawSpan) -> Bool {
        let other = APIKey.digest(of: presented)
        guard other.count == digest.count else { return false }
        var difference: UInt8 = 0
        for index in digest.indices { difference |= digest[index] ^ other[index] }
        return difference == 0
    }

    package var principal: Principal { Principal(name: "key:" + id, role: role, scope: scope) }
}

/// A new key, with the only copy of its text there will ever be.
package struct IssuedKey: Sendable, Equatable {
    package let key: APIKey
    /// Shown once, then gone.
    package let text: String

    package init(key: APIKey, text: String) {
        self.key = key
        self.text = text
    }
}

/// What a caller says of a key to be made.
package struct KeyDraft: Sendable, Codable, Equatable {
    /// For people: where the key is used. At most 100 characters.
    package var name: String
    package var role: Role
    /// Sites by number or domain; nil reaches all of them.
    package var sites: [String]?

    package init(name: String = "", role: Role, sites: [String]? = nil) {
        self.name = name
        self.role = role
        self.sites = sites
    }

    /// The draft with its name trimmed and checked.
    package func validated() throws(CatalogError) -> KeyDraft {
        var checked = self
        checked.name = try SiteRules.name(name, field: "name", mayBeEmpty: true)
        if let sites, sites.isEmpty {
            throw .invalid(field: "sites", value: "", expected: "at least one site, or none named for a key to all")
        }
        return checked
    }
}
