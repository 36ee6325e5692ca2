internal import RequestParsing

/// Google Tag Manager's container exports: read into a definition, and written again.
///
/// Read are formats 2 and 1.3, answers of the API that hold one container version, and a bare container version. Whatever
/// the model does not hold is kept in `foreign` texts (`GTMForeign`), and what it does not honour has a finding.
///
/// Written is format 2. What Google's format cannot say stands in one member `highland` beside `containerVersion`, and
/// only where there is something to say: settings, tags of our own types, tags that wait for consent, and that the
/// container's description was made up. Importing such a file gives the definition back. Without that member
/// (`keepsNative: false`) the file has nothing that Google does not know.
package enum GTMExport {
    /// What an import may have. Google stops a container at a few hundred kilobytes.
    package static let bytesMax = 5 << 20

    /// Reads an export. O(bytes). Throws where there is no web container in it, with the byte or path. With `now`,
    /// milliseconds since 1970, schedules that are over have a finding.
    package static func read(_ bytes: [UInt8], now: Int64? = nil) throws(TaggingError) -> GTMImport {
        var importer = GTMImporter(try GTMEnvelope(bytes), now: now)
        return try importer.run()
    }

    /// The export of a definition. `name` and `publicID` are used where it was not imported with a container's
    /// description; `time` ("2026-01-31 12:00:00") where it has no time of an export. Equal arguments give equal bytes.
    package static func write(
        _ definition: ContainerDefinition, name: String, publicID: String, time: String? = nil, keepsNative: Bool = true
    ) -> [UInt8] {
        GTMExporter(definition).write(name: name, publicID: publicID, time: time, keepsNative: keepsNative)
    }
}

/// An export that was read.
package struct GTMImport: Sendable, Hashable {
    package var definition: ContainerDefinition
    /// What its author should know, in the file's order.
    package var findings: [Finding]
    /// The container's name; empty where the file has none.
    package var containerName: String
    /// The number of the export's format: `2`, `1.3`.
    package var format: String

    package init(definition: ContainerDefinition, findings: [Finding], containerName: String, format: String) {
        self.definition = definition
        self.findings = findings
        self.containerName = containerName
        self.format = format
    }
}
