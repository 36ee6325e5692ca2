package import Catalog

/// What is to become of an import.
package struct GTMImportOptions: Codable, Sendable, Equatable {
    /// `DefinitionMerge.Mode`.
    package var mode = DefinitionMerge.Mode.overwrite.rawValue
    /// `ContainerSettings.GoogleConsent`; nil leaves what the workspace says.
    package var googleConsent: String?
    /// `ContainerSettings.GoogleEvents`; nil leaves what the workspace says.
    package var googleEvents: String?

    package init() {}

    /// The settings with what these options say; an error names the option.
    func applied(to settings: ContainerSettings) throws(TaggingError) -> ContainerSettings {
        var settings = settings
        settings.googleConsent = try GTMImportOptions.word(googleConsent, "googleConsent") ?? settings.googleConsent
        settings.googleEvents = try GTMImportOptions.word(googleEvents, "googleEvents") ?? settings.googleEvents
        return settings
    }

    func mergeMode() throws(TaggingError) -> DefinitionMerge.Mode {
        try GTMImportOptions.word(mode, "mode") ?? .overwrite
    }

    private static func word<Word: RawRepresentable<String> & CaseIterable>(
        _ text: String?, _ field: String
    ) throws(TaggingError) -> Word? {
        guard let text else { return nil }
        guard let word = Word(rawValue: text) else {
            let all = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw .malformed(place: field, problem: "'\(CatalogError.shown(text))'", expected: "one of \(all)")
        }
        return word
    }
}

/// An export that was read, with the report on it.
package struct GTMReading: Sendable {
    package let imported: GTMImport
    package let report: GTMReport
    let options: GTMImportOptions

    /// Reads an export as these options say. Touches nothing. `now`, in milliseconds since 1970, is for schedules that
    /// are over.
    package init(_ bytes: [UInt8], _ options: GTMImportOptions, now: Int64? = nil) throws(TaggingError) {
        var imported = try GTMExport.read(bytes, now: now)
        imported.definition.settings = try options.applied(to: imported.definition.settings)
        _ = try options.mergeMode()
        self.imported = imported
        self.options = options
        report = GTMReport(imported, now: now)
    }
}

/// Exports of Google Tag Manager into a workspace.
extension ContainerPublisher {
    /// Reads an export and reports on it. Touches nothing.
    package func read(
        gtm bytes: [UInt8], _ options: GTMImportOptions, now: Int64? = nil
    ) throws(PublicationError) -> GTMReading {
        try tagging { () throws(TaggingError) in try GTMReading(bytes, options, now: now) }
    }

    /// Saves what was read into a workspace at that revision. The findings of the merge come first. Without
    /// `mayAllowCode` custom code is only allowed afterwards where it was before.
    package func importGTM(
        _ reading: GTMReading, into id: WorkspaceID, revision: Int, mayAllowCode: Bool = true, by actor: String
    ) throws(PublicationError) -> SavedWorkspace {
        let old = try workspace(id).definition
        let mode = try tagging { () throws(TaggingError) in try reading.options.mergeMode() }
        let merge = DefinitionMerge(reading.imported.definition, into: old, mode: mode)
        var definition = merge.definition
        definition.settings = try tagging { () throws(TaggingError) in
            try reading.options.applied(to: merge.definition.settings)
        }
        var findings = merge.findings
        if definition.settings.allowsCustomCode, !old.settings.allowsCustomCode, !mayAllowCode {
            definition.settings.allowsCustomCode = false
            findings.append(
                Finding(
                    .notice, "settings", "The import has custom code. Somebody who may publish has to allow it."))
        }
        let saved = try saveWorkspace(id, definition, revision: revision, by: actor)
        return SavedWorkspace(workspace: saved.workspace, findings: findings + saved.findings)
    }
}
