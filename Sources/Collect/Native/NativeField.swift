/// The words of Highland's own wire format, for the pixel's query and the JSON event alike.
enum NativeField: UInt8, CaseIterable {
    case site = 1
    case name
    case id
    case time
    case sentAt
    case url
    case referrer
    case title
    case anonymousID
    case userID
    case screen
    case language
    case properties
    case revenue
    case currency
    case items
    case consent
    // inside revenue and items
    case amount
    case quantity
    case price
    // inside consent
    case measurement
    case personalisation
    case advertising
    case sharing
    case stitching

    /// As it stands on the wire.
    private var word: String {
        switch self {
        case .site: "site"
        case .name: "name"
        case .id: "id"
        case .time: "time"
        case .sentAt: "sentAt"
        case .url: "url"
        case .referrer: "referrer"
        case .title: "title"
        case .anonymousID: "anonymousID"
        case .userID: "userID"
        case .screen: "screen"
        case .language: "language"
        case .properties: "properties"
        case .revenue: "revenue"
        case .currency: "currency"
        case .items: "items"
        case .consent: "consent"
        case .amount: "amount"
        case .quantity: "quantity"
        case .price: "price"
        case .measurement: "measurement"
        case .personalisation: "personalisation"
        case .advertising: "advertising"
        case .sharing: "sharing"
        case .stitching: "stitching"
        }
    }

    /// The field these bytes name, compared exactly; nil for any other word. A few ns, no allocation.
    static func named(_ bytes: borrowing RawSpan, _ range: Range<Int>) -> NativeField? {
        guard let key = PackedWord(bytes, range) else { return nil }
        let code = table.code(of: key)
        return code == 0 ? nil : NativeField(rawValue: code)
    }

    private static let table = PackedWordTable(
        allCases.compactMap { field in
            let bytes = Array(field.word.utf8)
            return PackedWord(bytes.span.bytes, 0..<bytes.count).map { ($0, field.rawValue) }
        })
}

/// A word of 1 to 16 bytes in two machine words, the rest zero.
struct PackedWord: Hashable {
    var low: UInt64
    var high: UInt64

    @inline(__always)
    init?(_ bytes: borrowing RawSpan, _ range: Range<Int>) {
        guard range.count >= 1, range.count <= 16 else { return nil }
        low = PackedWord.load(bytes, range.lowerBound, min(range.count, 8))
        high = range.count > 8 ? PackedWord.load(bytes, range.lowerBound + 8, range.count - 8) : 0
    }

    /// Up to eight bytes, the first lowest.
    @inline(__always)
    private static func load(_ bytes: borrowing RawSpan, _ offset: Int, _ count: Int) -> UInt64 {
        if bytes.byteCount - offset >= 8 {
            let word = UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
            return count == 8 ? word : word & ((1 << UInt64(count * 8)) - 1)
        }
        var word: UInt64 = 0
        for index in 0..<count {
            word |=
                UInt64(bytes.unsafeLoadUnaligned(fromByteOffset: offset + index, as: UInt8.self)) << UInt64(index * 8)
        }
        return word
    }

    @inline(__always)
    var slot: Int {
        Int(truncatingIfNeeded: (low &* 0x9E37_79B9_7F4A_7C15 ^ high &* 0xC2B2_AE3D_27D4_EB4F) >> 57)
    }
}

/// Words and their codes: open addressing in 128 places, at most 64 words, codes from 1.
struct PackedWordTable {
    private var words = [PackedWord?](repeating: nil, count: 128)
    private var codes = [UInt8](repeating: 0, count: 128)

    init(_ entries: [(PackedWord, UInt8)]) {
        for (word, code) in entries.prefix(64) {
            var slot = word.slot
            while codes[slot] != 0 { slot = (slot + 1) & 127 }
            words[slot] = word
            codes[slot] = code
        }
    }

    /// 0 where the word is not there.
    func code(of word: PackedWord) -> UInt8 {
        var slot = word.slot
        while codes[slot] != 0 {
            if words[slot] == word { return codes[slot] }
            slot = (slot + 1) & 127
        }
        return 0
    }
}
