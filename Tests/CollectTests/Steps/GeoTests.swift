import Collect
import Events
import Foundation
import Testing

@Suite struct GeoTests {
    private func place(_ database: some GeoDatabase, _ text: String) throws -> GeoPlace {
        let bytes = Array(text.utf8)
        var place = GeoPlace()
        let address = IPAddress(parsing: bytes.span.bytes)
        database.find(try #require(address), into: &place)
        return place
    }

    private func country(_ place: GeoPlace) -> String {
        place.country.0 == 0 ? "" : String(decoding: [place.country.0, place.country.1], as: UTF8.self)
    }

    private func directory(geoip: String?, geoip6: String?) throws -> String {
        let path = NSTemporaryDirectory() + "highland-geo-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        if let geoip { try geoip.write(toFile: path + "/geoip", atomically: false, encoding: .utf8) }
        if let geoip6 { try geoip6.write(toFile: path + "/geoip6", atomically: false, encoding: .utf8) }
        return path
    }

    @Test(arguments: [
        ("1.0.0.0", ""), ("1.0.1.0", "AU"), ("1.0.1.255", "AU"), ("1.0.2.0", ""), ("1.0.3.0", "CN"), ("1.0.3.1", "CN"),
        ("1.0.3.2", ""), ("0.0.0.0", ""), ("255.255.255.255", "ZZ"), ("2001:db8::", "CH"), ("2001:db8::ff", "CH"),
        ("2001:db8::100", "DE"), ("2001:db8:0:1::", ""), ("::1", ""), ("::ffff:1.0.1.7", "AU"),
    ])
    func textRangesAreInclusiveAndGapsAreUnknown(address: String, expected: String) throws {
        let path = try directory(
            geoip:
                "# head\n16777472,16777727,AU\n16777728,16777983,??\n16777984,16777985,CN\n4294967295,4294967295,ZZ\n",
            geoip6: "# head\r\n2001:db8::,2001:db8::ff,CH\r\n2001:db8::100,2001:db8::ffff:ffff:ffff:ffff,DE\r\n")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let database = try #require(try TorGeoDatabase(directory: path))
        #expect(try country(place(database, address)) == expected)
    }

    @Test(arguments: [
        "16777472,16777727\n", "16777472,16777727,A\n", "20,10,AU\n", "20,30,AU\n25,40,CH\n", "99999999999,1,AU\n",
        "-1,5,AU\n", "1,2,au\n", "1,2,AU \n", ",,\n", "4294967296,4294967296,AU\n",
    ])
    func aLineThatCannotBeReadIsNamed(text: String) throws {
        let path = try directory(geoip: text, geoip6: nil)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let error = #expect(throws: PrivacyError.self) { _ = try TorGeoDatabase(directory: path) }
        #expect(error?.description.contains("geoip: line ") == true)
    }

    @Test func withoutFilesThereIsNoDatabase() throws {
        #expect(try TorGeoDatabase(directory: "/nonexistent") == nil)
        let none = try GeoSource.open(databasePath: nil, torDirectory: "/nonexistent")
        #expect(none.summary.hasPrefix("no geo database"))
        #expect(throws: PrivacyError.geoDatabase(file: "/nonexistent.mmdb", reason: "no such file")) {
            _ = try GeoSource.open(databasePath: "/nonexistent.mmdb")
        }
    }

    @Test(.enabled(if: OutsideData.hasTor)) func debiansFilesAreRead() throws {
        let database = try #require(try TorGeoDatabase(directory: TorGeoDatabase.debianDirectory))
        #expect(try country(place(database, "8.8.8.8")) == "US")
        #expect(try country(place(database, "2001:506:9::4")) == "BR")
        #expect(try country(place(database, "127.0.0.1")) == "")
    }

    @Test(.enabled(if: OutsideData.hasGeo, "needs ../shared/data/geo"))
    func citiesComeWithRegionAndCountry() throws {
        let database = try MaxMindDatabase(path: OutsideData.geo + "/GeoIP2-City-Test.mmdb")
        let london = try place(database, "81.2.69.160")
        #expect(country(london) == "GB")
        #expect(String(decoding: london.region, as: UTF8.self) == "ENG")
        #expect(String(decoding: london.city, as: UTF8.self) == "London")
        #expect(try country(place(database, "2001:218::1")) == "JP")
        #expect(try place(database, "127.0.0.1") == GeoPlace())
    }

    /// Every network of the database's own source gives the country its source says.
    @Test(.enabled(if: OutsideData.hasGeo, "needs ../shared/data/geo"))
    func everyNetworkOfTheSourceIsFound() throws {
        let database = try MaxMindDatabase(path: OutsideData.geo + "/GeoIP2-City-Test.mmdb")
        let data = try Data(contentsOf: URL(fileURLWithPath: OutsideData.geo + "/GeoIP2-City-Test.json"))
        let networks = try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
        var compared = 0
        for (network, value) in networks.flatMap({ $0 }) {
            guard let record = value as? [String: Any], let address = network.split(separator: "/").first else {
                continue
            }
            let code = { (key: String) in (record[key] as? [String: Any])?["iso_code"] as? String }
            let found = try place(database, String(address))
            #expect(country(found) == code("country") ?? code("registered_country") ?? "", "\(network)")
            let names = (record["city"] as? [String: Any])?["names"] as? [String: Any]
            #expect(String(decoding: found.city, as: UTF8.self) == names?["en"] as? String ?? "", "\(network)")
            compared += 1
        }
        #expect(compared > 200)
    }

    @Test(.enabled(if: OutsideData.hasGeo, "needs ../shared/data/geo"))
    func damagedDatabasesAreRefusedOrUnknownAndNeverCrash() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: OutsideData.geo + "/bad")
        #expect(files.count > 15)
        var refused = 0
        for file in files.sorted() {
            do throws(PrivacyError) {
                let database = try MaxMindDatabase(path: OutsideData.geo + "/bad/" + file)
                for index in 0..<2_000 {
                    var place = GeoPlace()
                    let word = UInt64(index) &* 0x9E37_79B9_7F4A_7C15
                    database.find(IPAddress(ipv4: UInt32(truncatingIfNeeded: word >> 32)), into: &place)
                    database.find(IPAddress(high: word, low: ~word), into: &place)
                    #expect(place.city.count <= GeoPlace.nameBytesMax && place.region.count <= GeoPlace.nameBytesMax)
                }
            } catch {
                #expect(error.description.contains(file))
                refused += 1
            }
        }
        #expect(refused >= files.count / 2)
    }

    /// A good file cut short or with bytes changed at random is refused or answers; it never stops the process.
    @Test(.enabled(if: OutsideData.hasGeo, "needs ../shared/data/geo"), arguments: [UInt64(5), 77])
    func randomDamageNeverCrashes(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let good = try [UInt8](Data(contentsOf: URL(fileURLWithPath: OutsideData.geo + "/GeoIP2-City-Test.mmdb")))
        let path = NSTemporaryDirectory() + "highland-damaged-\(UUID().uuidString).mmdb"
        defer { try? FileManager.default.removeItem(atPath: path) }
        var answered = 0
        for round in 0..<60 {
            var bytes = good
            if round % 4 == 0 { bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random)) }
            for _ in 0..<Int.random(in: 0..<30, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0 ... .max, using: &random)
            }
            try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
            guard let database = try? MaxMindDatabase(path: path) else { continue }
            for _ in 0..<200 {
                var place = GeoPlace()
                database.find(IPAddress(ipv4: UInt32.random(in: 0 ... .max, using: &random)), into: &place)
                #expect(place.city.count <= GeoPlace.nameBytesMax)
            }
            answered += 1
        }
        #expect(answered > 0, "seed \(seed)")
    }

    @Test func addressesAreReadWholeOrNotAtAll() {
        for (text, isAddress) in [
            ("1.2.3.4", true), ("01.2.3.4", false), ("1.2.3", false), ("1.2.3.256", false), ("1.2.3.4.", false),
            ("::", true), ("::1", true), ("1::", true), ("1:2:3:4:5:6:7:8", true), ("1:2:3:4:5:6:7", false),
            ("1:2:3:4:5:6:7:8:9", false), ("1::2::3", false), (":1", false), ("1:", false), ("::ffff:1.2.3.4", true),
            ("1:2:3:4:5:6:7:1.2.3.4", false), ("12345::", false), ("g::", false), ("::1%eth0", false), ("", false),
            (":::", false), ("1:2:3:4:5:6:7::", true), ("::1.2.3.4.5", false),
        ] {
            let bytes = Array(text.utf8)
            let address = IPAddress(parsing: bytes.span.bytes)
            #expect((address != nil) == isAddress, "\(text)")
        }
        let mapped = Array("::ffff:203.0.113.9".utf8)
        let address = IPAddress(parsing: mapped.span.bytes)
        #expect(address == IPAddress(ipv4: 0xCB00_7109))
    }
}
