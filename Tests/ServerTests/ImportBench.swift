import Events
import Foundation
import Journal
import ServerCore
import Synchronization
import Testing

/// The program on an installation of its own with the site shop.test, its output caught.
final class ImportBench: Sendable {
    private let directory: TemporaryDirectory
    private let captured = Mutex<(output: String, errors: [String])>(("", []))
    var data: String { directory.path + "/data" }
    var output: String { captured.withLock { $0.output } }
    var errors: [String] { captured.withLock { $0.errors } }

    init() async throws {
        directory = try TemporaryDirectory()
        #expect(await run(["site", "add", "--domain", "shop.test"]) == 0, "\(errors)")
    }

    func path(_ name: String) -> String { directory.path + "/" + name }

    func run(_ arguments: [String]) async -> Int32 {
        captured.withLock { $0 = ("", []) }
        let context = CommandContext(
            environment: ["HIGHLAND_RUNTIME": directory.path + "/runtime"],
            output: { text in self.captured.withLock { $0.output += text } },
            error: { line in self.captured.withLock { $0.errors.append(line) } })
        return await HighlandProgram.run(arguments + ["--data", data], in: context)
    }

    /// Imports and gives the counts, which always add up.
    func counts(_ arguments: [String], site: String = "shop.test") async throws -> ImportCounts {
        try #require(await run(["import"] + arguments + ["--site", site, "--json"]) == 0, "\(errors)")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
        #expect(Set(object.keys) == ["read", "imported", "skipped", "rejected"])
        let counts = try JSONDecoder().decode(ImportCounts.self, from: Data(output.utf8))
        #expect(
            counts.read == counts.imported + counts.skipped.values.reduce(0, +) + counts.rejected.values.reduce(0, +))
        return counts
    }

    @discardableResult
    func write(_ bytes: [UInt8], to name: String) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
        return path(name)
    }

    @discardableResult
    func write(_ text: String, to name: String) throws -> String { try write(Array(text.utf8), to: name) }

    /// Calls `body` with every event of the journal.
    func forEachEvent(_ body: (borrowing EventView) -> Void) throws {
        let report = try JournalInspection(directory: data + "/journal").dump { _, view in
            body(view)
            return true
        }
        #expect(report.isWhole)
    }

    func eventCount() throws -> Int {
        var count = 0
        try forEachEvent { _ in count += 1 }
        return count
    }

    /// A file of the data sets that are beside the project, or nil with a loud note where it is not there.
    static func dataFile(_ name: String) -> String? {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let path = root.appendingPathComponent("../shared/data/\(name)").standardizedFileURL.path
        if FileManager.default.fileExists(atPath: path) { return path }
        FileHandle.standardError.write(Data("skipped: no file \(path)\n".utf8))
        return nil
    }
}

/// `name` as lines of a log at these seconds of 17 May 2015.
func logLine(_ target: String, at second: Int = 0, host: String = "203.0.113.9", status: Int = 200) -> String {
    let time =
        "\(second / 36000)\(second / 3600 % 10):\(second / 600 % 6)\(second / 60 % 10):\(second / 10 % 6)\(second % 10)"
    return
        "\(host) - - [17/May/2015:\(time) +0000] \"GET \(target) HTTP/1.1\" \(status) 10 \"-\" \"Mozilla/5.0 (X11)\"\n"
}

/// Gzip members that store their bytes as they are (RFC 1951, 3.2.4; RFC 1952).
func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var packed: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    var start = 0
    repeat {
        let end = min(start + 65_535, bytes.count)
        let count = UInt16(end - start)
        packed.append(end == bytes.count ? 1 : 0)
        packed += [UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8)]
        packed += bytes[start..<end]
        start = end
    } while start < bytes.count
    var crc: UInt32 = .max
    for byte in bytes {
        crc ^= UInt32(byte)
        for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    for word in [~crc, UInt32(bytes.count)] {
        for shift in [0, 8, 16, 24] { packed.append(UInt8(word >> UInt32(shift) & 255)) }
    }
    return packed
}
