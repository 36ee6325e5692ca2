/// The words of Highland's own wire format, for the pixel's query and the JSON event alike.
enum NativeField {
    case site
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
    /// Milliseconds that the visitor was engaged; such an event breaks no bounce.
    case engagement
    /// Sent in preview or debugging; never counted.
    case preview
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

    /// The field these bytes name, compared exactly; nil for any other word. No two words begin with the same eight
    /// bytes. The numbers are the words themselves, first byte lowest, eight bytes and the rest.
    static func named(_ bytes: borrowing RawSpan, _ range: Range<Int>) -> NativeField? {
        guard let key = PackedWord(bytes, range) else { return nil }
        return switch key.low {
        case 0x6574_6973: key.high == 0 ? .site : nil
        case 0x656D_616E: key.high == 0 ? .name : nil
        case 0x6469: key.high == 0 ? .id : nil
        case 0x656D_6974: key.high == 0 ? .time : nil
        case 0x7441_746E_6573: key.high == 0 ? .sentAt : nil
        case 0x006C_7275: key.high == 0 ? .url : nil
        case 0x7265_7272_6566_6572: key.high == 0 ? .referrer : nil
        case 0x0065_6C74_6974: key.high == 0 ? .title : nil
        case 0x756F_6D79_6E6F_6E61: key.high == 0x0044_4973 ? .anonymousID : nil
        case 0x4449_7265_7375: key.high == 0 ? .userID : nil
        case 0x6E65_6572_6373: key.high == 0 ? .screen : nil
        case 0x6567_6175_676E_616C: key.high == 0 ? .language : nil
        case 0x6974_7265_706F_7270: key.high == 0x7365 ? .properties : nil
        case 0x0065_756E_6576_6572: key.high == 0 ? .revenue : nil
        case 0x7963_6E65_7272_7563: key.high == 0 ? .currency : nil
        case 0x0073_6D65_7469: key.high == 0 ? .items : nil
        case 0x0074_6E65_736E_6F63: key.high == 0 ? .consent : nil
        case 0x656D_6567_6167_6E65: key.high == 0x746E ? .engagement : nil
        case 0x0077_6569_7665_7270: key.high == 0 ? .preview : nil
        case 0x746E_756F_6D61: key.high == 0 ? .amount : nil
        case 0x7974_6974_6E61_7571: key.high == 0 ? .quantity : nil
        case 0x0065_6369_7270: key.high == 0 ? .price : nil
        case 0x6D65_7275_7361_656D: key.high == 0x0074_6E65 ? .measurement : nil
        case 0x6C61_6E6F_7372_6570: key.high == 0x006E_6F69_7461_7369 ? .personalisation : nil
        case 0x7369_7472_6576_6461: key.high == 0x0067_6E69 ? .advertising : nil
        case 0x0067_6E69_7261_6873: key.high == 0 ? .sharing : nil
        case 0x6E69_6863_7469_7473: key.high == 0x0067 ? .stitching : nil
        default: nil
        }
    }
}
