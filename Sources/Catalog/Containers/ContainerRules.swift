internal import Events

/// What a container's fields take, and how many of each thing there may be.
package enum ContainerRules {
    package static let containersMax = 1_000
    package static let workspacesMax = 20
    package static let environmentsMax = 20
    package static let killsMax = 200
    package static let sitesMax = 200
    package static let previewsMax = 20
    package static let definitionBytesMax = 8 << 20
    /// Versions that are kept beside those that an environment or workspace stands on.
    package static let versionsKept = 1_000
    /// Versions whose scripts are kept beside those that an environment has.
    package static let scriptVersionsKept = 20
    /// All scripts of the installation, packed and not.
    package static let scriptBytesMax = 64 << 20
    package static let publicationsKept = 200
    package static let noteCharactersMax = 2_000
    package static let previewHoursMax = 168
    package static let previewLifeMilliseconds: Int64 = 3_600_000
    package static let previewLifeMillisecondsMax = Int64(previewHoursMax) * 3_600_000

    /// A fresh public id: 8 letters and digits without those that look alike, 40 bits.
    package static func freshPublicID() -> String {
        let alphabet = Array("23456789ABCDEFGHJKLMNPQRSTUVWXYZ")
        return "HL-" + String((0..<8).map { _ in alphabet[Int.random(in: 0..<alphabet.count)] })
    }

    /// A container's, workspace's or version's name: `SiteRules.name`, and no number, which would mean something else.
    package static func name(_ text: String, field: String = "name") throws(CatalogError) -> String {
        let name = try SiteRules.name(text, field: field)
        guard Int(name) == nil, !name.hasPrefix("HL-") else {
            throw .invalid(field: field, value: text, expected: "a name that is no number and does not begin with HL-")
        }
        return name
    }

    /// Text of several lines: at most 2,000 characters, no control characters but line ends and tabs.
    package static func note(_ text: String) throws(CatalogError) -> String {
        let isClean = text.unicodeScalars.allSatisfy {
            $0.properties.generalCategory != .control || $0 == "\n" || $0 == "\t" || $0 == "\r"
        }
        guard isClean, text.unicodeScalars.count <= noteCharactersMax else {
            throw .invalid(
                field: "note", value: text,
                expected: "at most \(noteCharactersMax) characters without control characters but line ends")
        }
        return text
    }

    /// A small letter, then small letters, digits and hyphens; at most 32. `preview` means something else.
    package static func environment(_ text: String) throws(CatalogError) -> String {
        let bytes = text.utf8
        let isName =
            (1...32).contains(bytes.count) && text != "preview" && bytes.first.map { (97...122).contains($0) } == true
            && bytes.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
        guard isName else {
            throw .invalid(
                field: "environment", value: text,
                expected: "a small letter, then small letters, digits and hyphens, at most 32, and not 'preview'")
        }
        return text
    }

    /// The target in its stored form: a tag's id of at most 64 printable characters, or a host.
    package static func target(_ target: ContainerKill.Target) throws(CatalogError) -> ContainerKill.Target {
        switch target {
        case .container: return target
        case .host(let host): return .host(try SiteRules.domain(host, field: "host"))
        case .tag(let id):
            let name = try SiteRules.name(id, field: "tag")
            guard name.utf8.count <= 64 else {
                throw .invalid(field: "tag", value: id, expected: "the id of a tag, at most 64 bytes")
            }
            return .tag(name)
        }
    }

    package static func definition(_ bytes: [UInt8]) throws(CatalogError) {
        guard bytes.count <= definitionBytesMax else {
            throw .invalid(
                field: "definition", value: "\(bytes.count) bytes", expected: "at most \(definitionBytesMax) bytes")
        }
    }

    package static func previewLife(_ milliseconds: Int64) throws(CatalogError) {
        guard (60_000...previewLifeMillisecondsMax).contains(milliseconds) else {
            throw .invalid(
                field: "expires", value: "\(milliseconds / 60_000) minutes",
                expected: "from a minute to \(previewHoursMax / 24) days")
        }
    }
}
