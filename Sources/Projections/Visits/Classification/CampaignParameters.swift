/// What a landing URL's query says of where the visitor came from. Ranges are into the URL, still encoded.
///
/// Names are compared without case. Of several spellings of one thing (`utm_source`, `mtm_source`, `pk_source`) the one
/// earlier in that list wins; of the same parameter twice, the first that has a value.
struct CampaignParameters {
    /// In the order of `Field`'s raw values.
    enum Field: Int { case source, medium, campaign, content, term, plainSource }

    private(set) var ranges = [6 of Range<Int>](repeating: 0..<0)
    private var ranks = [6 of UInt8](repeating: .max)
    /// The vendor whose click id stands in the query.
    private(set) var vendor: ClickVendor?

    subscript(_ field: Field) -> Range<Int> { ranges[field.rawValue] }

    /// Whether the link was tagged at all.
    var isTagged: Bool {
        vendor != nil || !self[.source].isEmpty || !self[.medium].isEmpty || !self[.campaign].isEmpty
            || !self[.plainSource].isEmpty
    }

    /// Reads the query at `query` in `url`. O(bytes), no allocation; at most `parametersMax` parameters are looked at.
    init(_ url: borrowing RawSpan, query: Range<Int>) {
        var start = query.lowerBound
        var left = Self.parametersMax
        while start < query.upperBound, left > 0 {
            left -= 1
            var end = start
            var equals = -1
            while end < query.upperBound {
                let byte = url.unsafeLoadUnaligned(fromByteOffset: end, as: UInt8.self)
                if byte == 0x26 { break }
                if byte == 0x3D, equals < 0 { equals = end }
                end += 1
            }
            if equals > start, end > equals + 1 { take(url, key: start..<equals, value: equals + 1..<end) }
            start = end + 1
        }
    }

    private static let parametersMax = 200

    private mutating func take(_ url: borrowing RawSpan, key: Range<Int>, value: Range<Int>) {
        guard key.count <= Self.keyBytesMax else { return }
        var folded = [24 of UInt8](repeating: 0)
        for index in 0..<key.count {
            folded[index] = RequiredLiterals.folded(
                url.unsafeLoadUnaligned(fromByteOffset: key.lowerBound + index, as: UInt8.self))
        }
        guard let found = Self.keys.find(folded.span.bytes.extracting(0..<key.count)) else { return }
        guard found < Self.vendorBase else {
            let candidate = ClickVendor.all[found - Self.vendorBase]
            if vendor.map({ !$0.isPaid && candidate.isPaid }) ?? true { vendor = candidate }
            return
        }
        let field = found >> 4
        let rank = UInt8(found & 15)
        guard rank < ranks[field] else { return }
        ranks[field] = rank
        ranges[field] = value
    }

    private static let keyBytesMax = 24
    private static let vendorBase = 1 << 8

    /// Field << 4 | rank for labels, `vendorBase` + index for click ids.
    private static let keys: ByteTable = {
        var table = ByteTable()
        let labels: [(Field, [String])] = [
            (.source, ["utm_source", "mtm_source", "pk_source"]),
            (.medium, ["utm_medium", "mtm_medium", "pk_medium"]),
            (
                .campaign,
                ["utm_campaign", "mtm_campaign", "pk_campaign", "piwik_campaign", "utm_id", "mtm_cid", "pk_cid"]
            ),
            (.content, ["utm_content", "mtm_content", "pk_content"]),
            (.term, ["utm_term", "mtm_keyword", "mtm_kwd", "pk_keyword", "pk_kwd", "piwik_kwd"]),
            (.plainSource, ["source", "ref"]),
        ]
        for (field, names) in labels {
            for (rank, name) in names.enumerated() { table.insert(Array(name.utf8), field.rawValue << 4 | rank) }
        }
        for (index, vendor) in ClickVendor.all.enumerated() {
            table.insert(Array(vendor.parameter.lowercased().utf8), vendorBase + index)
        }
        return table
    }()
}

/// Who puts a per-click or per-recipient identifier into links, and what such a click is where no tag says otherwise.
///
/// Facebook, Instagram and X add theirs to every outgoing link, so it proves the network, not an advertisement.
struct ClickVendor {
    var parameter: String
    /// A name of the source table.
    var source: StaticString
    var channel: Channel

    var isPaid: Bool { channel == .paidSearch || channel == .paidSocial }

    private init(_ parameter: String, _ source: StaticString, _ channel: Channel) {
        self.parameter = parameter
        self.source = source
        self.channel = channel
    }

    static let all: [ClickVendor] = [
        .init("gclid", "Google", .paidSearch), .init("gbraid", "Google", .paidSearch),
        .init("wbraid", "Google", .paidSearch), .init("gclsrc", "Google", .paidSearch),
        .init("gad_source", "Google", .paidSearch), .init("gad_campaignid", "Google", .paidSearch),
        .init("msclkid", "Bing", .paidSearch), .init("yclid", "Yandex", .paidSearch),
        .init("dclid", "Google", .campaign), .init("srsltid", "Google", .organicSearch),
        .init("ysclid", "Yandex", .organicSearch),
        .init("fbclid", "Facebook", .organicSocial), .init("igshid", "Instagram", .organicSocial),
        .init("igsh", "Instagram", .organicSocial), .init("ttclid", "TikTok", .organicSocial),
        .init("twclid", "Twitter", .organicSocial), .init("li_fat_id", "LinkedIn", .organicSocial),
        .init("ScCid", "Snapchat", .organicSocial), .init("rdt_cid", "reddit", .organicSocial),
        .init("epik", "Pinterest", .organicSocial), .init("qclid", "Quora", .organicSocial),
        .init("awc", "Awin", .campaign), .init("irclickid", "impact.com", .campaign), .init("cjevent", "CJ", .campaign),
        .init("tduid", "Tradedoubler", .campaign), .init("sscid", "ShareASale", .campaign),
        .init("admitad_uid", "Admitad", .campaign), .init("obOrigUrl", "Outbrain", .campaign),
        .init("tblci", "Taboola", .campaign), .init("wickedid", "Wicked Reports", .campaign),
        .init("mc_eid", "Mailchimp", .email), .init("mc_cid", "Mailchimp", .email), .init("mkt_tok", "Marketo", .email),
        .init("_hsenc", "HubSpot", .email), .init("_hsmi", "HubSpot", .email), .init("_kx", "Klaviyo", .email),
        .init("vero_id", "Vero", .email), .init("vero_conv", "Vero", .email),
        .init("ml_subscriber_hash", "MailerLite", .email), .init("bsft_uid", "Blueshift", .email),
        .init("oly_enc_id", "Omeda", .email), .init("dm_i", "dotdigital", .email),
    ]
}
