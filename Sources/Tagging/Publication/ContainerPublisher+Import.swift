package import Catalog

/// What is to become of an import.
package struct GTMImportOptions: Codable, Sendable, Equatable {
    package enum Mode: String, Codable, Sendable, CaseIterable {
        /// Takes the place of what the workspace has.
        case overwrite
        /// Comes beside it; what has a name that is taken gets another one.
        case merge
    }

    package var mode: Mode = .overwrite
    /// `ContainerSettings.GoogleConsent`; nil leaves what the import says.
    package var googleConsent: String?
    /// `ContainerSettings.GoogleEvents`; nil leaves what the import says.
    package var googleEvents: String?

    package init() {}
}

/// An export that was read, with the report on it.
package struct GTMReading: Sendable {
    package var imported: GTMImport
    package var report: GTMReport
}

/// Exports of Google Tag Manager into a workspace.
extension ContainerPublisher {
    /// Reads an export and reports on it. Touches nothing.
    package func read(gtm bytes: [UInt8], _ options: GTMImportOptions) throws(PublicationError) -> GTMReading {
        do throws(TaggingError) {
            return try GTMReading(bytes, options)
        } catch {
            throw .tagging(error)
        }
    }

    /// Saves what was read into a workspace at that revision.
    package func importGTM(
        _ reading: GTMReading, into id: WorkspaceID, revision: Int, mode: GTMImportOptions.Mode, by actor: String
    ) throws(PublicationError) -> SavedWorkspace {
        var definition = reading.imported.definition
        if mode == .merge { definition = try workspace(id).definition.merged(with: definition) }
        return try saveWorkspace(id, definition, revision: revision, by: actor)
    }
}

extension GTMReading {
    /// Reads an export as these options say.
    package init(_ bytes: [UInt8], _ options: GTMImportOptions) throws(TaggingError) {
        var imported = try GTMExport.read(bytes)
        if let word = options.googleConsent {
            guard let consent = ContainerSettings.GoogleConsent(rawValue: word) else {
                throw .malformed(place: "googleConsent", problem: "'\(word)'", expected: "basic or advanced")
            }
            imported.definition.settings.googleConsent = consent
        }
        if let word = options.googleEvents {
            guard let events = ContainerSettings.GoogleEvents(rawValue: word) else {
                throw .malformed(place: "googleEvents", problem: "'\(word)'", expected: "keep, highland or both")
            }
            imported.definition.settings.googleEvents = events
        }
        self.imported = imported
        report = GTMReport(imported)
    }
}
