internal import Foundation

/// English names of countries by ISO 3166 code, from the time zone database that every system has
/// (`iso3166.tab`: code, tab, name). Without the file a code stands for itself.
struct CountryNames: Sendable {
    private let names: [String: String]

    /// Reads the table once; blocks on the disk.
    init(path: String = "/usr/share/zoneinfo/iso3166.tab") {
        var names: [String: String] = [:]
        if let data = FileManager.default.contents(atPath: path), data.count <= 65_536 {
            for line in String(decoding: data, as: UTF8.self).split(separator: "\n") where line.first != "#" {
                let parts = line.split(separator: "\t")
                if parts.count == 2 { names[String(parts[0])] = String(parts[1]) }
            }
        }
        self.names = names
    }

    func name(_ code: String) -> String { names[code.uppercased()] ?? code }
}
