import Foundation
import Tagging

/// The exports of Tests/Fixtures/gtm: containers made up in the form that Google's editor and API give them.
enum Exports {
    static func bytes(_ name: String) throws -> [UInt8] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Fixtures/gtm")
        return try [UInt8](Data(contentsOf: folder.appendingPathComponent(name)))
    }

    static func read(_ name: String) throws -> GTMImport { try GTMExport.read(bytes(name)) }

    static let web = ["shop.json", "blog-1.3.json", "generated.json", "bare.json"]

    /// An export with these lists in its container version.
    static func text(_ lists: String) -> [UInt8] {
        Array(
            """
            {"exportFormatVersion": 2, "containerVersion": {"accountId": "1", "containerId": "2",
            "container": {"name": "c", "publicId": "GTM-1", "usageContext": ["WEB"]}\(lists.isEmpty ? "" : ", ")\(lists)}}
            """.utf8)
    }

    /// The findings of an export that have this in their message.
    static func findings(_ export: GTMImport, _ part: String) -> [Finding] {
        export.findings.filter { $0.message.contains(part) }
    }
}
