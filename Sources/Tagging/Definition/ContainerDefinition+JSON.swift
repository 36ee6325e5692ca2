internal import RequestParsing

// The stored form of a definition: JSON, two blanks a level, members in the order below, defaults left out.
//
//     {
//       "format": 1,
//       "settings": {"allowsCustomCode": false, "importedID": "GTM-…", "googleConsent": "basic",
//                    "googleEvents": "keep", "waitForConsentMilliseconds": 0},
//       "tags": [{"id": "7", "name": "…", "type": "html", "parameters": {"html": "<b>{{x}}</b>", "n": 3},
//                 "firingTriggers": ["2147479553"], "blockingTriggers": [], "priority": 10,
//                 "firing": "oncePerEvent", "setup": {"tag": "Name", "stopsOnFailure": true}, "cleanup": …,
//                 "isPaused": true, "isLiveOnly": true, "startsAt": 0, "endsAt": 0,
//                 "consent": {"status": "needed", "types": ["ad_storage"], "lacking": "waiting"},
//                 "folder": "3", "notes": "…", "foreign": {…}}],
//       "triggers": [{"id", "name", "type", "filters": [{"subject": "{{Page Path}}", "comparison": "equals",
//                     "value": "/", "isNegated": true, "ignoresCase": true}], "customEventFilters": [],
//                     "autoEventFilters": [], "parameters": {}, "folder", "notes", "foreign"}],
//       "variables": [{"id", "name", "type", "parameters": {}, "format": {}, "folder", "notes", "foreign"}],
//       "builtIns": ["pageUrl"],
//       "folders": [{"id", "name", "foreign"}],
//       "templates": [{"id", "name", "type", "gallery", "foreign"}],
//       "foreign": {…}
//     }
//
// Values of `parameters`, `format` and `priority` are drawn in `ParameterJSON.swift`. `foreign` is JSON of an export: an
// object where it is one in the form of `JSONValue.encoded`, else its text. The reading is strict: an unknown member, a
// name given twice, a wrong type are refused with their path. A later format gets a new number.
extension ContainerDefinition {
    /// The number that `format` has.
    static let format: Int64 = 1

    /// What a stored text may have. An import may have `GTMExport.bytesMax`; the rest is for what we add.
    package static let jsonBytesMax = 8 << 20

    /// Reads the stored form. O(bytes). Throws where the text is no JSON, or no definition, with the byte or path.
    package init(json: [UInt8]) throws(TaggingError) {
        guard json.count <= ContainerDefinition.jsonBytesMax else {
            throw TaggingError.tooMuch(
                what: "bytes of a definition", count: json.count, allowed: ContainerDefinition.jsonBytesMax)
        }
        let value: JSONValue
        do throws(JSONTextError) {
            value = try JSONReader.read(json)
        } catch {
            throw TaggingError.malformed(
                place: "byte \(error.offset)", problem: error.problem, expected: "a container's definition as JSON")
        }
        self = try DefinitionReader.definition(value)
    }

    /// The stored form. Equal definitions give the same bytes; `init(json:)` gives the definition back. O(bytes).
    package var json: [UInt8] { IndentedJSON.write(DefinitionWriter.value(self)) }
}
