internal import Events

/// The request headers somebody downstream asks for. Each is recognised once, while the head is parsed, so that
/// looking one up later is an array read. Every other header is kept in the list and has no name here.
package enum KnownHeader: UInt8, CaseIterable, Sendable {
    case host, contentLength, transferEncoding, connection, expect
    case userAgent, referer, origin, cookie, acceptLanguage, acceptEncoding, contentType, contentEncoding, ifNoneMatch
    case forwardedFor, forwardedProto, authorization
    case globalPrivacyControl, doNotTrack, secPurpose, purpose, mozillaPurpose
    case clientHintBrands, clientHintFullVersionList, clientHintMobile, clientHintModel, clientHintPlatform
    case clientHintPlatformVersion
    case accessControlRequestMethod, accessControlRequestHeaders

    /// How many there are: the size of a lookup table.
    package static let count = 30

    /// The name as it is written on the wire, in lower case.
    package var name: StaticString {
        switch self {
        case .host: "host"
        case .contentLength: "content-length"
        case .transferEncoding: "transfer-encoding"
        case .connection: "connection"
        case .expect: "expect"
        case .userAgent: "user-agent"
        case .referer: "referer"
        case .origin: "origin"
        case .cookie: "cookie"
        case .acceptLanguage: "accept-language"
        case .acceptEncoding: "accept-encoding"
        case .contentType: "content-type"
        case .contentEncoding: "content-encoding"
        case .ifNoneMatch: "if-none-match"
        case .forwardedFor: "x-forwarded-for"
        case .forwardedProto: "x-forwarded-proto"
        case .authorization: "authorization"
        case .globalPrivacyControl: "sec-gpc"
        case .doNotTrack: "dnt"
        case .secPurpose: "sec-purpose"
        case .purpose: "purpose"
        case .mozillaPurpose: "x-moz"
        case .clientHintBrands: "sec-ch-ua"
        case .clientHintFullVersionList: "sec-ch-ua-full-version-list"
        case .clientHintMobile: "sec-ch-ua-mobile"
        case .clientHintModel: "sec-ch-ua-model"
        case .clientHintPlatform: "sec-ch-ua-platform"
        case .clientHintPlatformVersion: "sec-ch-ua-platform-version"
        case .accessControlRequestMethod: "access-control-request-method"
        case .accessControlRequestHeaders: "access-control-request-headers"
        }
    }

    /// The header whose name, in any case, is `name`; nil for all others. `name` must be a token already. The length
    /// and at most one byte pick the only candidate, so a header costs one comparison.
    @inline(__always)
    package static func recognise(_ name: borrowing RawSpan) -> KnownHeader? {
        guard let candidate = candidate(name) else { return nil }
        return name.equalsIgnoringCase(candidate.name) ? candidate : nil
    }

    @inline(__always)
    private static func candidate(_ name: borrowing RawSpan) -> KnownHeader? {
        let count = name.byteCount
        guard count >= 3 else { return nil }
        let first = name.byte(at: 0) | 0x20
        switch count {
        case 3: return .doNotTrack
        case 4: return .host
        case 5: return .mozillaPurpose
        case 6: return first == UInt8(ascii: "c") ? .cookie : first == UInt8(ascii: "o") ? .origin : .expect
        case 7:
            return first == UInt8(ascii: "r") ? .referer : first == UInt8(ascii: "s") ? .globalPrivacyControl : .purpose
        case 9: return .clientHintBrands
        case 10: return first == UInt8(ascii: "u") ? .userAgent : .connection
        case 11: return .secPurpose
        case 12: return .contentType
        case 13: return first == UInt8(ascii: "a") ? .authorization : .ifNoneMatch
        case 14: return .contentLength
        case 15: return candidateOf15(name, first: first)
        case 16: return first == UInt8(ascii: "c") ? .contentEncoding : .clientHintMobile
        case 17: return first == UInt8(ascii: "t") ? .transferEncoding : .forwardedProto
        case 18: return .clientHintPlatform
        case 26: return .clientHintPlatformVersion
        case 27: return .clientHintFullVersionList
        case 29: return .accessControlRequestMethod
        case 30: return .accessControlRequestHeaders
        default: return nil
        }
    }

    @inline(__always)
    private static func candidateOf15(_ name: borrowing RawSpan, first: UInt8) -> KnownHeader {
        if first == UInt8(ascii: "x") { return .forwardedFor }
        if first == UInt8(ascii: "s") { return .clientHintModel }
        return name.byte(at: 7) | 0x20 == UInt8(ascii: "l") ? .acceptLanguage : .acceptEncoding
    }
}

extension RawSpan {
    /// Whether these bytes are `lowercase` in any letter case. `lowercase` holds only lower-case letters, digits and
    /// `-`; the bytes here must hold no control characters (0x0D would pass for `-`). O(count).
    @inline(__always)
    package func equalsIgnoringCase(_ lowercase: StaticString) -> Bool {
        let count = lowercase.utf8CodeUnitCount
        guard byteCount == count else { return false }
        // SAFETY: utf8Start points to utf8CodeUnitCount bytes of static storage, and every load lies within that count.
        let expected = UnsafeRawPointer(lowercase.utf8Start)
        guard count >= 8 else {
            for index in 0..<count {
                if byte(at: index) | 0x20 != expected.load(fromByteOffset: index, as: UInt8.self) { return false }
            }
            return true
        }
        // Eight bytes a step; the last step overlaps the one before.
        var offset = 0
        while true {
            let word = littleEndianUInt64(at: offset) | EightOctets.ones &* 0x20
            guard word == UInt64(littleEndian: expected.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) else {
                return false
            }
            if offset == count - 8 { return true }
            offset = min(offset + 8, count - 8)
        }
    }
}
