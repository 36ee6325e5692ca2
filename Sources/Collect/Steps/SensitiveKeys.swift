internal import Events

/// Property keys whose values are personal or secret by name: `email`, `userPassword`, `billing.phone_number`.
enum SensitiveKeys {
    /// The key's last word, or its last two or three together, are in the list. Words end at anything that is no letter or
    /// digit, and at a capital after a small letter; so `headphone` is no phone. Keys longer than 96 bytes are looked
    /// at from their end. No allocation.
    static func contains(_ key: borrowing RawSpan) -> Bool {
        guard mayEndListed(key) else { return false }
        var folded = InlineArray<96, UInt8>(repeating: 0)
        var start = folded.count
        var words = 0
        var index = key.byteCount
        var hasLetters = false
        while index > 0, start > 0, words < 3 {
            index -= 1
            let byte = key.byte(at: index)
            if ASCII.isAlphanumeric(byte) {
                start -= 1
                folded[start] = ASCII.lower(byte)
                hasLetters = true
            }
            guard hasLetters, isWordStart(key, index) else { continue }
            words += 1
            hasLetters = false
            if isListed(folded, from: start) { return true }
        }
        return false
    }

    /// The key's last two letters or digits are those of a listed word: true for one word in ten.
    private static func mayEndListed(_ key: borrowing RawSpan) -> Bool {
        var last: UInt8 = 0
        var index = key.byteCount
        while index > 0 {
            index -= 1
            let byte = key.byte(at: index)
            guard ASCII.isAlphanumeric(byte) else { continue }
            if last != 0 { return endings[ending(ASCII.lower(byte), last)] }
            last = ASCII.lower(byte)
        }
        return false
    }

    private static func ending(_ first: UInt8, _ second: UInt8) -> Int { Int(first & 31) << 5 | Int(second & 31) }

    /// By the low five bits of a listed word's last two letters.
    private static let endings: [Bool] = {
        var endings = [Bool](repeating: false, count: 1024)
        for word in words {
            let bytes = Array(word.utf8)
            endings[ending(bytes[bytes.count - 2], bytes[bytes.count - 1])] = true
        }
        return endings
    }()

    private static func isWordStart(_ key: borrowing RawSpan, _ index: Int) -> Bool {
        guard ASCII.isAlphanumeric(key.byte(at: index)) else { return true }
        guard index > 0 else { return true }
        let before = key.byte(at: index - 1)
        guard ASCII.isAlphanumeric(before) else { return true }
        let byte = key.byte(at: index)
        return byte >= 0x41 && byte <= 0x5A && before >= 0x61 && before <= 0x7A
    }

    private static func isListed(_ folded: InlineArray<96, UInt8>, from start: Int) -> Bool {
        let bytes = folded.span.bytes
        return names.value(of: bytes.extracting(start..<96)) != nil
    }

    private static let names = NameTable<Bool>(words.map { ($0, true) })

    /// Two letters at least each.
    private static let words = [
        "password", "passwd", "passphrase", "passcode", "pwd", "secret", "token", "accesstoken", "refreshtoken",
        "idtoken", "csrf", "authorization", "auth", "apikey", "accesskey", "privatekey", "jwt", "otp", "pin", "cvv",
        "cvc", "session", "sessionid", "sid", "cookie", "email", "mail", "emailaddress", "mailaddress", "phone",
        "phonenumber", "telephone", "tel", "mobile", "mobilenumber", "fax", "firstname", "lastname", "fullname",
        "surname", "familyname", "givenname", "middlename", "birthday", "birthdate", "dateofbirth", "dob", "ssn",
        "taxid", "passport", "passportnumber", "iban", "bic", "accountnumber", "creditcard", "cardnumber", "card",
        "ip", "ipaddress", "ipaddr", "street", "streetaddress", "postaladdress", "login", "username",
    ]
}
