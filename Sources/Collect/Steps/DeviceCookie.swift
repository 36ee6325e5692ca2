// The value of the first-party identifier cookie `_hl`.
//
// Constraints
//   - Only the server makes one: what does not verify is never believed, and never repaired.
//   - Every character counts: 39 bytes are 52 characters of base64url without padding or spare bits, so a change of any
//     bit of the text is a change of the bytes.
//   - Bound to the site: a cookie of one site says nothing to another.
//
// Layout
//   offset  bytes
//   0       1     version, 1
//   1       16    device id
//   17      4     first set, seconds since 1970, little-endian
//   21      2     consent as last stated (`Consent`), little-endian
//   23      16    HMAC-SHA256 over site (8 bytes) and bytes 0 to 22, cut to 16 bytes
//
// Life cycle: set by the answer that first grants measurement; set again, with the same id and first-set time, when the
// stated consent changes; ends 395 days after it was first set, however often the visitor comes; expired when measurement
// is refused.

package import Events

/// A verified identifier cookie.
package struct DeviceCookie: Hashable, Sendable {
    package static let byteCount = 39
    package static let textBytes = 52
    package static let daysMax = 395
    static let secondsMax: Int64 = 395 * 86_400
    private static let version: UInt8 = 1
    private static let signedBytes = 23

    package var id: ID128
    package var firstSetSeconds: UInt32
    package var consent: Consent

    package init(id: ID128, firstSet: Timestamp, consent: Consent) {
        self.id = id
        firstSetSeconds = UInt32(clamping: firstSet.milliseconds / 1_000)
        self.consent = consent
    }

    private init(id: ID128, firstSetSeconds: UInt32, consent: Consent) {
        self.id = id
        self.firstSetSeconds = firstSetSeconds
        self.consent = consent
    }

    /// Reads and verifies a cookie's value; nil where length, alphabet, version or signature are wrong, where it is
    /// 395 days old or older, and where it was set more than a day after `now`. One HMAC; compared in constant time.
    package init?(_ text: borrowing RawSpan, site: SiteID, key: KeyedHash, now: Timestamp) {
        guard text.byteCount == DeviceCookie.textBytes, let bytes = Base64URL.decode39(text) else { return nil }
        let raw = bytes.span.bytes
        guard raw.byte(at: 0) == DeviceCookie.version, let id = ID128(raw, at: 1), let mac = ID128(raw, at: 23) else {
            return nil
        }
        let expected = DeviceCookie.sign(raw.extracting(first: DeviceCookie.signedBytes), site: site, key: key)
        guard (expected.low ^ mac.low) | (expected.high ^ mac.high) == 0 else { return nil }
        self.init(
            id: id, firstSetSeconds: raw.littleEndianUInt32(at: 17),
            consent: Consent(rawValue: raw.littleEndianUInt16(at: 21)))
        guard isCurrent(at: now) else { return nil }
    }

    /// Younger than 395 days, and not set more than a day after `now`.
    func isCurrent(at now: Timestamp) -> Bool {
        let age = ageMilliseconds(at: now)
        return age >= -86_400_000 && age < DeviceCookie.secondsMax * 1_000
    }

    /// The cookie's value, 52 characters.
    package func text(site: SiteID, key: KeyedHash) -> [UInt8] {
        var bytes: [UInt8] = [DeviceCookie.version]
        bytes.reserveCapacity(DeviceCookie.byteCount)
        DeviceCookie.append(id.low, 8, to: &bytes)
        DeviceCookie.append(id.high, 8, to: &bytes)
        DeviceCookie.append(UInt64(firstSetSeconds), 4, to: &bytes)
        DeviceCookie.append(UInt64(consent.rawValue), 2, to: &bytes)
        let mac = DeviceCookie.sign(bytes.span.bytes, site: site, key: key)
        DeviceCookie.append(mac.low, 8, to: &bytes)
        DeviceCookie.append(mac.high, 8, to: &bytes)
        return Base64URL.text(of: bytes)
    }

    package func ageMilliseconds(at now: Timestamp) -> Int64 {
        now.milliseconds(since: Timestamp(milliseconds: Int64(firstSetSeconds) * 1_000))
    }

    /// What `Max-Age` must say now so that the cookie ends 395 days after it was first set.
    package func maxAgeSeconds(at now: Timestamp) -> Int64 {
        min(max(DeviceCookie.secondsMax - ageMilliseconds(at: now) / 1_000, 0), DeviceCookie.secondsMax)
    }

    private static func sign(_ bytes: borrowing RawSpan, site: SiteID, key: KeyedHash) -> ID128 {
        var message = key.begin()
        message.append(UInt64(site.rawValue))
        message.append(bytes)
        return key.finish(message)
    }

    private static func append(_ word: UInt64, _ count: Int, to bytes: inout [UInt8]) {
        for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(index * 8))) }
    }
}

extension CookieInstruction {
    /// Appends the value of a `Set-Cookie` header to `output`; false, and nothing appended, for `none`.
    ///
    ///     _hl=…; Path=/; Max-Age=34128000; HttpOnly; SameSite=Lax; Secure
    ///
    /// `arena` holds the value an instruction points to; `Max-Age` counts from the first-set time inside it, so that a
    /// cookie that is set again does not live longer. `Secure` where TLS ended here or at a trusted proxy.
    package func appendHeader(to output: inout [UInt8], arena: borrowing TextArena, isSecure: Bool, now: Timestamp)
        -> Bool
    {
        switch self {
        case .none:
            return false
        case .set(let text):
            let bytes = arena.bytes
            let value = bytes.span.bytes.extracting(text.range)
            guard value.byteCount == DeviceCookie.textBytes, let raw = Base64URL.decode39(value) else { return false }
            let age = now.milliseconds(
                since: Timestamp(milliseconds: Int64(raw.span.bytes.littleEndianUInt32(at: 17)) * 1_000))
            let rest = min(max(DeviceCookie.secondsMax - age / 1_000, 0), DeviceCookie.secondsMax)
            output.append(contentsOf: "\(CookieJar.deviceName)=".utf8)
            output.append(value, 0..<value.byteCount)
            output.append(contentsOf: "; Path=/; Max-Age=\(rest); HttpOnly; SameSite=Lax".utf8)
        case .expire:
            output.append(contentsOf: "\(CookieJar.deviceName)=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax".utf8)
        }
        if isSecure { output.append(contentsOf: "; Secure".utf8) }
        return true
    }
}
