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
