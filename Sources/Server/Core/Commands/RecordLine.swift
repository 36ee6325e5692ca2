internal import Admin
internal import Events
internal import RequestParsing

/// A record as one JSON object, for people and scripts: what `highland journal dump` prints. Texts are escaped as RFC 8259
/// asks; bytes that are not UTF-8 become U+FFFD.
enum RecordLine {
    static func append(_ view: borrowing EventView, at position: Position, to line: inout [UInt8]) {
        var object = JSONObjectWriter()
        object.text("position", "\(position)")
        object.number("site", Int64(view.site.rawValue))
        guard view.kind != .erased else {
            object.text("kind", "erased")
            line += object.finish()
            return
        }
        if view.kind == .control {
            object.text("kind", "control")
            if let payload = view.text(.control) { object.text("control", payload) }
            line += object.finish()
            return
        }
        object.text("receivedAt", MomentText.rfc3339(view.receivedAt))
        object.text("occurredAt", MomentText.rfc3339(view.occurredAt))
        object.optional("id", view.text(.clientEventID))
        object.optional("name", view.text(.name))
        object.optional("url", view.text(.url))
        object.optional("referrer", view.text(.referrer))
        object.optional("title", view.text(.title))
        object.optional("anonymousID", view.text(.anonymousID))
        for (name, tag) in [
            ("device", FieldTag.deviceID), ("user", .userHash), ("daily", .dailyID),
            ("previousDaily", .previousDailyID), ("claimedUser", .claimedHash),
        ] {
            object.optional(name, view.id(tag)?.description)
        }
        object.optional("userAgent", view.text(.userAgent))
        object.optional("language", view.text(.language))
        object.optional("screen", view.text(.screen))
        object.optional("country", view.text(.country))
        object.optional("region", view.text(.region))
        object.optional("city", view.text(.city))
        object.optional("network", network(view))
        appendFacts(view, to: &object)
        line += object.finish()
    }

    private static func appendFacts(_ view: borrowing EventView, to object: inout JSONObjectWriter) {
        for purpose in Purpose.allCases where view.consent[purpose] != .unknown {
            object.text("consent.\(purpose)", "\(view.consent[purpose])")
        }
        let flags: [(EventFlags, String)] = [
            (.bot, "bot"), (.prefetch, "prefetch"), (.ownTraffic, "ownTraffic"), (.imported, "imported"),
            (.serverKey, "serverKey"),
            (.quarantined, "quarantined"), (.nonInteractive, "nonInteractive"), (.newDevice, "newDevice"),
            (.preview, "preview"), (.identity, "identity"),
        ]
        for (flag, name) in flags where view.flags.contains(flag) { object.bool(name, true) }
        if let reason = view.byte(.botReason).flatMap(BotReason.init(rawValue:)), reason != .none {
            object.text("botReason", "\(reason)")
        }
        if let reason = view.byte(.quarantineReason).flatMap(QuarantineReason.init(rawValue:)), reason != .none {
            object.text("quarantineReason", "\(reason)")
        }
        if let word = view.byte(.wireProtocol).flatMap(WireProtocol.init(rawValue:)) {
            object.text("protocol", "\(word)")
        }
        if let engaged = view.varint(.engagedMilliseconds) { object.number("engagedMilliseconds", Int64(engaged)) }
        if let revenue = view.revenue {
            object.text("revenue", MoneyText.decimal(revenue.micros))
            object.text("currency", revenue.currency.description)
        }
        let bytes = view.bytes
        var properties = JSONObjectWriter()
        view.forEachProperty { key, type, value in
            let name = bytes.extracting(key).text
            switch type {
            case .boolean:
                properties.bool(name, bytes.extracting(value).byteCount == 1 && bytes.byte(at: value.lowerBound) == 1)
            case .number: properties.numeral(name, bytes.extracting(value))
            case .string: properties.text(name, bytes.extracting(value).text)
            }
        }
        if !properties.isEmpty { object.object("properties", properties) }
        var items: [JSONObjectWriter] = []
        view.forEachItem { id, name, quantity, price in
            var item = JSONObjectWriter()
            item.text("id", bytes.extracting(id).text)
            item.text("name", bytes.extracting(name).text)
            item.text("quantity", MoneyText.decimal(quantity))
            item.optional("price", price.map { MoneyText.decimal($0) })
            items.append(item)
        }
        if !items.isEmpty { object.objects("items", items) }
    }

    private static func network(_ view: borrowing EventView) -> String? {
        guard let bytes = view.field(.network)?.array else { return nil }
        if bytes.count == 4 { return bytes.map { "\($0)" }.joined(separator: ".") }
        return stride(from: 0, to: bytes.count - 1, by: 2).map {
            String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16)
        }
        .joined(separator: ":")
    }
}

/// Millionths as a decimal without trailing zeros.
package enum MoneyText {
    package static func decimal(_ micros: Int64) -> String {
        let magnitude = micros.magnitude
        var text = "\(micros < 0 ? "-" : "")\(magnitude / 1_000_000)"
        let rest = magnitude % 1_000_000
        guard rest > 0 else { return text }
        var digits = String(rest)
        digits = String(repeating: "0", count: 6 - digits.count) + digits
        while digits.last == "0" { digits.removeLast() }
        text += "." + digits
        return text
    }
}

/// Writes one JSON object; names are not checked for repetition.
struct JSONObjectWriter {
    private var bytes: [UInt8] = [UInt8(ascii: "{")]
    private(set) var isEmpty = true

    mutating func text(_ name: String, _ value: String) {
        key(name)
        append(value)
    }

    mutating func optional(_ name: String, _ value: String?) { if let value { text(name, value) } }

    mutating func number(_ name: String, _ value: Int64) {
        key(name)
        bytes += Array("\(value)".utf8)
    }

    mutating func bool(_ name: String, _ value: Bool) {
        key(name)
        bytes += Array("\(value)".utf8)
    }

    /// A number as it was written; text where JSON has no such number.
    mutating func numeral(_ name: String, _ value: RawSpan) {
        var scanner = JSONScanner(value)
        guard let token = try? scanner.next(), case .number = token.kind, token.range == 0..<value.byteCount else {
            return text(name, value.text)
        }
        key(name)
        bytes += value.array
    }

    mutating func object(_ name: String, _ value: JSONObjectWriter) {
        key(name)
        bytes += value.finish()
    }

    mutating func objects(_ name: String, _ values: [JSONObjectWriter]) {
        key(name)
        bytes.append(UInt8(ascii: "["))
        for (index, value) in values.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += value.finish()
        }
        bytes.append(UInt8(ascii: "]"))
    }

    func finish() -> [UInt8] { bytes + [UInt8(ascii: "}")] }

    private mutating func key(_ name: String) {
        if !isEmpty { bytes.append(UInt8(ascii: ",")) }
        isEmpty = false
        append(name)
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func append(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0..<32, 127:
                let digits = Array("0123456789abcdef".utf8)
                bytes += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
