internal import Events

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// What a site's fields take, one function a field. Each gives the value as it is stored or an error that names the
/// field and what was expected.
package enum SiteRules {
    package static let domainsMax = 100
    package static let listEntriesMax = 200
    package static let retentionMonthsRange = 1...120
    /// Where the system keeps its zones; the same files that reports read.
    package static let zoneDirectory = "/usr/share/zoneinfo"

    /// Text for people: trimmed of spaces, 1 to 100 characters, no control characters.
    package static func name(_ text: String, field: String = "name", mayBeEmpty: Bool = false) throws(CatalogError)
        -> String
    {
        let expected = "\(mayBeEmpty ? "at most" : "1 to") 100 characters without control characters"
        var trimmed = text[...]
        while trimmed.first == " " { trimmed.removeFirst() }
        while trimmed.last == " " { trimmed.removeLast() }
        let isClean = trimmed.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        guard trimmed.unicodeScalars.count <= 100, isClean, mayBeEmpty || !trimmed.isEmpty else {
            throw .invalid(field: field, value: text, expected: expected)
        }
        return String(trimmed)
    }

    /// A host as browsers send it, lower-case, without a final dot: letters, digits and inner hyphens in labels of at
    /// most 63 bytes, 253 in all (RFC 1123, section 2.1).
    package static func domain(_ text: String, field: String = "domain") throws(CatalogError) -> String {
        var host = text.lowercased()
        if host.hasSuffix(".") { host.removeLast() }
        let isHost =
            host.utf8.count <= 253
            && host.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
                let bytes = label.utf8
                return (1...63).contains(bytes.count) && bytes.first != 45 && bytes.last != 45
                    && bytes.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
            }
        guard isHost else {
            let hint = text.utf8.allSatisfy { $0 < 128 } ? "without scheme, port or path" : "in its xn-- form"
            throw .invalid(field: field, value: text, expected: "a host such as shop.example, \(hint)")
        }
        return host
    }

    /// Every domain once, in the order given; at least one. Errors name the place in the list.
    package static func domains(_ texts: [String]) throws(CatalogError) -> [String] {
        guard (1...domainsMax).contains(texts.count) else {
            throw .invalid(
                field: "domains", value: "\(texts.count) domains",
                expected: "1 to \(domainsMax) hosts such as shop.example")
        }
        var result: [String] = []
        for (index, text) in texts.enumerated() {
            let host = try domain(text, field: "domains[\(index)]")
            if !result.contains(host) { result.append(host) }
        }
        return result
    }

    /// A zone of the IANA database that this machine has. Opens one file.
    package static func timeZone(_ text: String, directory: String = zoneDirectory) throws(CatalogError) -> String {
        let expected = "an IANA time zone such as Europe/Zurich (the system keeps them in \(directory))"
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let isName =
            text.utf8.count <= 64 && !["posix", "right"].contains(parts[0])
            && parts.allSatisfy { part in
                !part.isEmpty && part.utf8.allSatisfy { Base64URL.holds($0) || $0 == UInt8(ascii: "+") }
            }
        if text == "UTC" { return text }
        guard isName, isZoneFile(directory + "/" + text) else {
            throw .invalid(field: "timeZone", value: text, expected: expected)
        }
        return text
    }

    /// Three letters of ISO 4217, upper-case. Whether the code is in use is not checked: the list changes.
    package static func currency(_ text: String) throws(CatalogError) -> String {
        let code = text.uppercased()
        guard code.utf8.count == 3, code.utf8.allSatisfy({ (65...90).contains($0) }) else {
            throw .invalid(field: "currency", value: text, expected: "three letters of ISO 4217 such as CHF")
        }
        return code
    }

    package static func retention(months: Int) throws(CatalogError) -> Int {
        guard retentionMonthsRange.contains(months) else {
            throw .invalid(field: "retention", value: "\(months)", expected: retentionExpectation)
        }
        return months
    }

    /// `25mo` or `2y`, in months.
    package static func retention(_ text: String) throws(CatalogError) -> Int {
        let factor = text.hasSuffix("mo") ? 1 : text.hasSuffix("y") ? 12 : 0
        let digits = text.dropLast(factor == 1 ? 2 : 1)
        guard factor > 0, digits.utf8.allSatisfy({ (48...57).contains($0) }), let count = Int(digits),
            retentionMonthsRange.contains(count.multipliedReportingOverflow(by: factor).partialValue), count <= 120
        else { throw .invalid(field: "retention", value: text, expected: retentionExpectation) }
        return count * factor
    }

    private static var retentionExpectation: String {
        "\(retentionMonthsRange.lowerBound) to \(retentionMonthsRange.upperBound) months, such as 25mo or 2y"
    }

    /// Names of query parameters that stay in URLs.
    package static func queryParameters(_ texts: [String]) throws(CatalogError) -> [String] {
        let field = "allowedQueryParameters"
        try bound(texts, field: field)
        for text in texts {
            let isName =
                (1...64).contains(text.utf8.count)
                && text.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "&") && $0 != UInt8(ascii: "=") }
            guard isName else {
                throw .invalid(
                    field: field, value: text,
                    expected: "a parameter's name of 1 to 64 ASCII characters without & and =")
            }
        }
        return texts
    }

    /// Networks in CIDR form, in the spelling that was given.
    package static func networks(_ texts: [String], field: String = "excludedNetworks") throws(CatalogError) -> [String]
    {
        try bound(texts, field: field)
        for text in texts where CIDR(exact: text) == nil {
            throw .invalid(field: field, value: text, expected: CIDR.expectation)
        }
        return texts
    }

    package static func referrers(_ texts: [String]) throws(CatalogError) -> [String] {
        try bound(texts, field: "excludedReferrers")
        var result: [String] = []
        for text in texts { result.append(try domain(text, field: "excludedReferrers")) }
        return result
    }

    private static func bound(_ texts: [String], field: String) throws(CatalogError) {
        guard texts.count <= listEntriesMax else {
            throw .invalid(field: field, value: "\(texts.count) entries", expected: "at most \(listEntriesMax)")
        }
    }

    /// True for a readable regular file that begins with `TZif` (RFC 9636).
    private static func isZoneFile(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var magic: [UInt8] = [0, 0, 0, 0]
        let count = magic.count
        // SAFETY: the pointer covers `count` bytes and is used within the call only.
        let got = magic.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, count) }
        return got == count && magic == Array("TZif".utf8)
    }
}
