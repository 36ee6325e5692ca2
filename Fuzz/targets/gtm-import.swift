// Exports on any bytes: no stop of the process; what is read is written so that reading it again gives the same; and its
// stored form is read as what it was.
import RequestParsing

/// One input.
@_cdecl("fuzz_gtm_import")
public func fuzzGTMImport(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    // SAFETY: libFuzzer lends `count` bytes at `data` for the length of this call.
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    guard let first = try? GTMExport.read(bytes, now: 1_700_000_000_000) else { return 0 }
    let export = GTMExport.write(first.definition, name: "name", publicID: "HL-1")
    guard let second = try? GTMExport.read(export) else { fatalError("an export is not read") }
    guard second.definition == first.definition else { fatalError("an export is another container") }
    guard let stored = try? ContainerDefinition(json: first.definition.json), stored == first.definition else {
        fatalError("the stored form is another container")
    }
    guard DefinitionDiff.between(first.definition, second.definition).isEmpty else { fatalError("equal ones differ") }
    let merged = DefinitionMerge(first.definition, into: first.definition, mode: .mergeRenaming)
    guard merged.definition.tags.count == first.definition.tags.count else { fatalError("a tag is merged with itself") }
    return 0
}
