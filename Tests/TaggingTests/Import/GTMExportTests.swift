import RequestParsing
import Tagging
import Testing

@Suite struct GTMExportTests {
    @Test(arguments: Exports.web) func anExportOfAnImportIsTheSameContainer(_ name: String) throws {
        let first = try Exports.read(name).definition
        let second = try GTMExport.read(GTMExport.write(first, name: "n", publicID: "HL-1")).definition
        #expect(DefinitionDiff.between(first, second) == [])
        #expect(second == first)
    }

    @Test(arguments: ["PAGe_PATH", "PAGE__PATH", "_", "X1_y", "pageUrl"])
    func oddWordsComeBackAsTheyWere(_ word: String) throws {
        let lists =
            "\"builtInVariable\": [{\"type\": \"\(word)\"}], \"trigger\": [{\"triggerId\": \"1\", \"type\": \"\(word)\"}]"
        let first = try GTMExport.read(Exports.text(lists)).definition
        let second = try GTMExport.read(GTMExport.write(first, name: "n", publicID: "HL-1")).definition
        #expect(DefinitionDiff.between(first, second) == [])
    }

    @Test func aFileOfGooglesEditorComesBackMemberByMember() throws {
        let bytes = try Exports.bytes("shop.json")
        let written = GTMExport.write(try GTMExport.read(bytes).definition, name: "n", publicID: "HL-1")
        let before = try JSONReader.read(bytes).sorted
        let after = try JSONReader.read(written).sorted
        #expect(after == before)
    }

    @Test func everyDefinitionSettlesAfterOneExport() throws {
        for seed in 0..<400 as Range<UInt64> {
            var random = RandomDefinitions(seed: seed)
            let definition = random.definition(isTidy: seed % 2 == 0)
            let first = try GTMExport.read(GTMExport.write(definition, name: "n", publicID: "HL-1")).definition
            let second = try GTMExport.read(GTMExport.write(first, name: "n", publicID: "HL-1")).definition
            let changes = DefinitionDiff.between(first, second)
            #expect(changes == [], "seed \(seed)")
        }
    }

    @Test func aWorkspacesDefinitionComesBackFromItsExport() throws {
        for seed in 0..<200 as Range<UInt64> {
            var random = RandomDefinitions(seed: seed)
            var definition = random.definition(isTidy: true)
            // what only imports have, and what an import puts in order
            definition.foreign = nil
            definition.templates = []
            for place in definition.tags.indices { definition.tags[place].foreign = nil }
            let first = try GTMExport.read(GTMExport.write(definition, name: "n", publicID: "HL-1")).definition
            let byID = Dictionary(definition.tags.map { ($0.id, $0) }) { first, _ in first }
            for tag in first.tags {
                let isSame = byID[tag.id] == tag
                #expect(isSame, "seed \(seed), tag \(tag.id)")
            }
            #expect(first.tags.count == definition.tags.count, "seed \(seed)")
            let isSame = first.settings == definition.settings
            #expect(isSame, "seed \(seed)")
        }
    }

    @Test func whatGooglesFormatCannotSayComesBackToo() throws {
        var definition = try Exports.read("shop.json").definition
        var native = Tag(id: "900", name: "Ours", type: "highland")
        native.parameters = [Parameter.Member("scrollDepth", .boolean("true"))]
        var image = Tag(id: "901", name: "Picture", type: "image")
        image.parameters = [Parameter.Member("url", .template("https://a.example/p"))]
        definition.tags += [image, native]
        definition.tags[4].consent.lacking = .waiting
        definition.settings.googleConsent = .advanced
        definition.settings.waitForConsentMilliseconds = 500
        let written = GTMExport.write(definition, name: "n", publicID: "HL-1")
        let read = try GTMExport.read(written).definition
        #expect(DefinitionDiff.between(definition, read) == [])
        let text = String(decoding: written, as: UTF8.self)
        #expect(text.contains("\"type\": \"img\""))
    }

    @Test func googleGetsNothingThatItDoesNotKnowWhereThatIsWanted() throws {
        var definition = ContainerDefinition()
        definition.tags = [Tag(id: "1", name: "Ours", type: "highland"), Tag(id: "2", name: "Pixel", type: "image")]
        definition.settings.googleEvents = .both
        let written = GTMExport.write(
            definition, name: "shop", publicID: "HL-1", time: "2026-01-02 03:04:05", keepsNative: false)
        let value = try JSONReader.read(written)
        #expect(value["highland"] == nil)
        #expect(value["exportFormatVersion"] == .integer(2))
        #expect(value["exportTime"] == .string("2026-01-02 03:04:05"))
        #expect(value["containerVersion"]?["container"]?["publicId"] == .string("HL-1"))
        guard case .array(let tags)? = value["containerVersion"]?["tag"] else {
            Issue.record("no tags")
            return
        }
        #expect(tags.map { $0["type"] } == [.string("img")])
    }

    @Test func achangedObjectIsWrittenAsItIsNow() throws {
        var definition = try Exports.read("generated.json").definition
        definition.tags[0].parameters["eventName"] = .template("view")
        definition.tags[0].isPaused = true
        let read = try GTMExport.read(GTMExport.write(definition, name: "n", publicID: "HL-1")).definition
        #expect(read.tags[0].parameters["eventName"] == .template("view"))
        #expect(read.tags[0].isPaused)
    }
}
