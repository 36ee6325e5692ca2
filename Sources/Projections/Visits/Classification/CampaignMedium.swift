/// What a campaign's medium means for the channel.
enum CampaignMedium: Int {
    case paid, paidSearch, paidSocial, display, email, social, search, referral, assistant, other

    /// The meaning of a medium in lower case; `other` where the word is not known.
    static func of(_ word: borrowing RawSpan) -> CampaignMedium {
        if let found = words.find(word) { return CampaignMedium(rawValue: found) ?? .other }
        return begins(word, "paid") ? .paid : .other
    }

    private static func begins(_ word: borrowing RawSpan, _ text: StaticString) -> Bool {
        guard word.byteCount >= text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { wanted in
            for offset in 0..<wanted.count
            where word.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt8.self) != wanted[offset] { return false }
            return true
        }
    }

    private static let words: ByteTable = {
        let lists: [(CampaignMedium, [String])] = [
            (.paid, ["cpc", "ppc", "cpa", "cpl", "cpp", "cpv", "paid", "ad", "ads", "retargeting", "remarketing"]),
            (
                .paidSearch,
                ["sem", "sea", "adwords", "paidsearch", "paid-search", "paid_search", "paid search", "search-ads"]
            ),
            (
                .paidSocial,
                [
                    "paidsocial", "paid-social", "paid_social", "paid social", "social-paid", "social_paid",
                    "social-ads",
                    "social_ads", "cpc-social", "cpc_social",
                ]
            ),
            (.display, ["display", "banner", "cpm", "expandable", "interstitial", "native", "programmatic", "video"]),
            (
                .email,
                [
                    "email", "e-mail", "e_mail", "e mail", "mail", "mailing", "emailing", "newsletter",
                    "newsletters", "edm",
                    "eblast",
                ]
            ),
            (
                .social,
                [
                    "social", "social-network", "social_network", "social network", "social-media", "social_media",
                    "social media", "socialmedia", "sm", "organic-social", "organic_social", "organic social",
                ]
            ),
            (.search, ["organic", "seo", "search", "organic-search", "organic_search", "organic search"]),
            (.referral, ["referral", "link", "app"]),
            (.assistant, ["ai", "ai-assistant", "ai_assistant", "ai assistant", "llm", "chatbot"]),
        ]
        var table = ByteTable()
        for (medium, words) in lists { for word in words { table.insert(Array(word.utf8), medium.rawValue) } }
        return table
    }()
}
