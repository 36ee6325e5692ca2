import Catalog
import Tagging
import Testing

@Suite struct ScriptFileTests {
    @Test func aFileIsNamedAfterItsContent() {
        // FIPS 180-4's examples.
        let file = ScriptFile.made(version: 12, Array("abc".utf8))
        #expect(file.name == "12-ba7816bf8f01cfea414140de.js")
        #expect(
            file.integrity == "sha384-ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/W+2AhgcroefMI1i67KE0yCWn")
        #expect(ScriptFile.made(version: 12, role: "custom.4", []).name == "12-e3b0c44298fc1c149afbf4c8.custom.4.js")
    }

    @Test func theGzipFormHasNoTimeAndSaysItsLength() {
        let bytes = Array(String(repeating: "highland ", count: 5_000).utf8)
        let file = ScriptFile.made(version: 1, bytes)
        #expect(Array(file.gzip.prefix(10)) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 255])
        #expect(file.gzip.count < 500)
        #expect(Array(file.gzip.suffix(4)) == [0xC8, 0xAF, 0, 0])
    }

    @Test func aContainerThatIsSwitchedOffHasItsOwnScript() {
        let off = ContainerCompiler.noop(publicID: "HL-TEST0001", importedID: "GTM-ABC")
        let text = String(decoding: off.script.bytes, as: UTF8.self)
        #expect(
            text.hasPrefix("(function(){") && text.hasSuffix(#"({i:"HL-TEST0001",a:"GTM-ABC"})})();"#))
        #expect(off.custom == nil && off.pieces.isEmpty)
    }

    @Test func onlyModulesThatAreNeededAreInTheScript() throws {
        func size(_ change: (inout ContainerDefinition) -> Void) throws -> Int {
            var definition = ContainerDefinition.image("x")
            change(&definition)
            return try CompiledText(definition).compiled.script.bytes.count
        }
        let plain = try size { _ in }
        #expect(try size { $0.tags[0].parameters = [.init("url", .template("{{Page Path}}"))] } > plain + 300)
        #expect(try size { $0.triggers = [Trigger(id: "1", name: "unused", type: "click")] } == plain)
        let clicks = try size {
            $0.triggers = [Trigger(id: "1", name: "used", type: "click")]
            $0.tags[0].blockingTriggers = ["1"]
        }
        #expect(clicks > plain + 300)
    }

    /// Each option of a type brings its module, and only where it is on.
    @Test(arguments: [
        ("linkClick", "waitForTags", "true"), ("formSubmission", "checkValidation", "true"),
        ("elementVisibility", "useDomChangeListener", "true"), ("scrollDepth", "horizontalThresholdsPercent", "50"),
    ])
    func optionsAreInTheScriptWhereTheyAreOn(type: String, key: String, value: String) throws {
        func size(_ parameters: [Parameter.Member]) throws -> Int {
            var definition = ContainerDefinition.image("x")
            var trigger = Trigger(id: "1", name: "T", type: type)
            trigger.parameters = parameters
            definition.triggers = [trigger]
            definition.tags[0].firingTriggers = ["1"]
            return try CompiledText(definition).compiled.script.bytes.count
        }
        let plain = try size([])
        #expect(try size([.init(key, .template(""))]) < plain + 50)
        #expect(try size([.init(key, .template(value))]) > plain + 90)
    }

    @Test func anEndedPreviewSaysSo() {
        let text = String(decoding: ContainerCompiler.endedPreview, as: UTF8.self)
        #expect(text.hasPrefix("(function(){") && text.contains("has expired or was ended") && text.utf8.count < 2_500)
    }
}
