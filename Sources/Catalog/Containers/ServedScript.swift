internal import Events

/// One file that the public plane serves below `/tags/`.
package struct ServedScript: Sendable, Equatable {
    /// `HL-….js`, `HL-…/staging.js`, `HL-…/12-3f9a….js`, `HL-…/preview/DIGEST.js`.
    package let path: String
    package let bytes: [UInt8]
    package let gzip: [UInt8]
    /// `sha384-…`.
    package let integrity: String
    package let caching: Caching
    /// From then on it is not served any more; nil for ever.
    package let expiresAtMilliseconds: Int64?

    package enum Caching: Sendable, Equatable, CaseIterable {
        /// What an environment has now: a minute.
        case live
        /// Named by its content: for ever.
        case immutable
        /// A draft: never.
        case preview
    }

    package init(
        path: String, bytes: [UInt8], gzip: [UInt8], integrity: String, caching: Caching,
        expiresAtMilliseconds: Int64? = nil
    ) {
        self.path = path
        self.bytes = bytes
        self.gzip = gzip
        self.integrity = integrity
        self.caching = caching
        self.expiresAtMilliseconds = expiresAtMilliseconds
    }

    /// Where an environment's script is, below `/tags/`.
    package static func path(publicID: String, environment: String) -> String {
        environment == ContainerEnvironment.live ? publicID + ".js" : "\(publicID)/\(environment).js"
    }

    /// Where a preview is: pages ask `HL-…/preview/TOKEN.js`; the table has it under the token's digest, so that the
    /// catalog's file gives no token away.
    package static func previewPath(publicID: String, name: String) -> String { "\(publicID)/preview/\(name).js" }

    /// True for what lies below `HL-…/preview/`: nothing there is asked by the name that the table has.
    package static func isPreview(_ path: borrowing RawSpan) -> Bool {
        path.byteCount >= 20 && path.extracting(11..<20).text == "/preview/"
    }

    /// The path under which the table has the preview that `HL-…/preview/TOKEN.js` asks for: the token becomes its
    /// digest. Nil for what is no such path.
    package static func previewPath(asked: borrowing RawSpan) -> String? {
        guard asked.byteCount == 45, isPreview(asked), asked.extracting(last: 3).text == ".js" else { return nil }
        let token = asked.extracting(20..<42).text
        return previewPath(publicID: asked.extracting(first: 11).text, name: digestName(ofToken: token))
    }

    /// SHA-256 of a preview's token in hexadecimal digits.
    package static func digestName(ofToken token: String) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let digest = APIKey.digest(of: token)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

/// Everything that is served below `/tags/`, at one moment.
package struct ServedScripts: Sendable {
    /// The generation at which it last changed.
    package let generation: UInt64
    package let scripts: [ServedScript]

    package init(generation: UInt64, scripts: [ServedScript]) {
        self.generation = generation
        self.scripts = scripts
    }
}

/// What a script was compiled for and by, beside its definition: a text that tells whether it still fits.
package enum ContainerStamp {
    /// 32 hexadecimal digits over sites (number, key, domains, default of consent) and what is switched off.
    package static func of(sites: [Site], kills: [ContainerKill.Target]) -> String {
        var text = ""
        for site in sites.sorted(by: { $0.id < $1.id }) {
            let fields = ["\(site.id)", site.key, site.consentDefault.rawValue] + site.domains
            text += "site " + fields.joined(separator: " ") + "\n"
        }
        for (kind, value) in kills.map(\.words).sorted(by: { $0 < $1 }) { text += "kill \(kind) \(value)\n" }
        return String(ServedScript.digestName(ofToken: text).prefix(32))
    }

    /// The same, and who compiled.
    package static func of(sites: [Site], kills: [ContainerKill.Target], compiler: String) -> String {
        of(sites: sites, kills: kills) + "." + compiler
    }

    /// Whether a stamp is of these sites and of what is switched off, whoever compiled.
    package static func fits(_ stamp: String, sites: [Site], kills: [ContainerKill.Target]) -> Bool {
        stamp.prefix(32) == of(sites: sites, kills: kills)
    }
}
