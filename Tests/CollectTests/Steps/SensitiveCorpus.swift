/// Texts as they stand in page titles, property values and path segments, labelled by hand: what must be masked, and
/// what looks alike and must stay. None belongs to anybody: numbers are test numbers or reserved for fiction.
enum SensitiveCorpus {
    static let sensitive: [String] = [
        // e-mail
        "bob@example.com", "Contact: ada.lovelace@example.co.uk", "mailto bob+news@example.org now",
        "jürgen@bücher.example",
        "BOB@EXAMPLE.COM", "o'brien@example.ie", "first_last%40example.com", "x@sub.domain.example.museum",
        "bob%2540example.com",
        "user-name@my-firm.de", "reset for k.meier@firma.ch.", "<bob@example.com>", "bob@example.com,eve@example.com",
        "a@b.io", "kontakt@müller-söhne.example", "id=77;mail=max@muster.at", "100@example.com",
        // phone
        "+41 44 668 18 00", "+41446681800", "+1-202-555-0143", "+1 (202) 555-0143", "(202) 555-0143", "202-555-0143",
        "202.555.0143", "+49 (0)30 901820", "+44 20 7946 0958", "020 7946 0958", "01 23 45 67 89", "0171 1234567",
        "044 668 18 00", "Tel. 030/12345678", "0041 44 668 18 00", "00493012345678", "Call +33 1 23 45 67 89 today",
        "+43-1-5338888", "0800 123 456", "1-202-555-0143", "tel:+12025550143", "+81 3-1234-5678",
        // card
        "4111 1111 1111 1111", "4111111111111111", "5555-5555-5555-4444", "378282246310005", "3782 822463 10005",
        "6011111111111117", "30569309025904", "card 4012888888881881 ok", "2223003122003222",
        "4111 1111 1111 1111 12/27",
        "3530111333300000", "order-4111111111111111-x",
        // account
        "DE89370400440532013000", "DE89 3704 0044 0532 0130 00", "CH93 0076 2011 6238 5295 7", "GB29NWBK60161331926819",
        "AT611904300234573201", "FR1420041010050500013M02606", "nl91abna0417164300", "IBAN ES9121000418450200051332",
        "BE68 5390 0754 7034", "NO9386011117947",
        // secret
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
        "5f4dcc3b5aa765d61d8327deb882cf99", "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a", "AKIAIOSFODNN7EXAMPLE", "xoxb-2039485761-9182736455-Zk81Pq7Ls0",
        "dGhpcyBpcyBhIHNlY3JldCB0b2tlbiAxMjM0NTY3ODk", "3q2+7wABAgMEBQYHCAkKCwwNDg8QERITFBU",
        "AIzaSyD9x8k2Lm4Qp7Rt0Uv3Wy6Zb1Nc5Xe8Ga",
        "Bearer 9fK2mQ7xL4vT8sW1zR6bN3cY5hJ0pD", "kX9_2fLq-7Ht3Zp0Wm8Rb4Yc6Vn1Js5Gd",
        "a3f5b7c9d1e2f4a6b8c0d2e4f6a8b0c2d4e6f8a0b2c4d6e8f0a2b4c6d8e0f2a4",
        "V2hhdCBpcyB0aGlzPyBJdCBpcyAxMjM0NTY3", "q8Zr4T1mXw7Kp2Lv9Nc3Bd6Hy0", "token 7b9e1c3a5d7f9b1c3e5a7d9f1b3c5e7a",
        // address of a machine
        "203.0.113.77", "from 198.51.100.23 today", "2001:db8:85a3::8a2e:370:7334",
        "2001:0db8:85a3:0000:0000:8a2e:0370:7334",
        "00:1b:63:84:45:e6",
    ]

    static let harmless: [String] = [
        // dates and times
        "2024-05-17", "17.05.2024", "05/17/2024", "2024-05-17T12:34:56Z", "2024-05-17 12:34:56", "20240517123456",
        "01.02.2024 12:30", "1715950000000", "1715950000", "01-02-2024 10", "12:34:56", "10:30:45:12",
        "Mon 17 May 2024 12:00",
        // numbers
        "1,234,567.89", "1 234 567,89", "3.14159265358979", "100000000", "-12345678", "CHF 1'200.50", "$1,299.00",
        "50%",
        "12345678901234567890", "0000012345", "00012345678", "1-2-3-4-5-6-7-8-9", "10/20/30/40/50/60", "192",
        "47.3769,8.5417",
        "4006381333931", "978-3-16-148410-0", "0-306-40615-2", "9783161484100", "4111111111111112",
        // order numbers and the like
        "order-2024-000123", "INV-20240517-0042", "302-1234567-1234567", "SKU-88213-XL-BLK", "PO 4500012345", "#100234",
        "ticket-9912837465", "A-123-456-B", "RMA00123456789", "R2D2-C3PO-2024-0001",
        // versions and machines
        "1.2.3.4", "v10.15.7", "Chrome 128.0.6613.120", "10.0.19045.4170", "2.0.0-beta.11+build.4521",
        "jquery-3.7.1.min.js",
        "main.8f3a2b1c9d.chunk.js", "iPhone15,3", "SM-S918B/DS", "node_modules/@types/node@20.1.2", "lodash@4.17.21",
        // slugs and titles
        "how-to-build-your-2024-marketing-plan", "the-10-best-laptops-of-2024-compared",
        "iphone-15-pro-max-256gb-space-black",
        "Top-10-Things-To-Do-In-Zurich-2024", "HowToWriteGoodDocumentationIn2024", "donaudampfschifffahrtsgesellschaft",
        "supercalifragilisticexpialidocious", "Rindfleischetikettierungsueberwachung",
        "a-very-long-slug-with-many-many-words-in-it",
        "wordpress-6-4-3-maintenance-and-security-release", "covid19-update-2021-03-15-new-rules",
        "f1-2024-gp-results-q1-q2-q3",
        "iPhone15ProMax256GBSpaceBlackUnlocked2023", "MacBookPro16InchM3MaxReview", "Save 20% on 3 for 2 offers",
        "SCREAMING_SNAKE_CASE_CONSTANT_NAME_01", "getUserAccountSettingsByIdV2", "product_detail_page_view_2024_q3",
        // identifiers of things
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "product-3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        "507f1f77bcf86cd799439011",
        "dQw4w9WgXcQ", "B08N5WRWNW", "a1b2c3d", "deadbeef", "7b9e1c3", "ISO-8859-1", "UTF-8", "#ff8800",
        "rgba(12,34,56,0.5)",
        // mail-like and address-like
        "@username", "user@localhost", "image@2x.png", "icons@3x.webp", "@media (max-width: 600px)", "5 @ 3.50", "a@b",
        "std::vector",
        "face::bad", "10:20:30", "Rock'n'Roll @ the Club", "DE00370400440532013000", "DE123", "GB 2024 Tour", "AT&T 5G",
        "CH-8001 Zurich", "Pythagoras 3 4 5", "#1 in 2024", "24/7", "100+ reviews", "+50 points", "1+1=2",
        "Q4/2024", "16:9", "4K 60Hz HDR10+", "Level 42 - Running in the Family",
    ]
}
