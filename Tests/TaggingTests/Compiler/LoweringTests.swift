import Tagging
import Testing

@Suite struct LoweringTests {
    @Test(arguments: [
        ("plain", #"url:"plain""#),
        ("{{Path}}", "url:[0,0]"),
        ("a{{Path}}b{{Path}}", #"url:[1,"a",[0,0],"b",[0,0]]"#),
        ("{{}} {{ {{Path}}", #"url:[1,"{{}} {{ ",[0,0]]"#),
        ("{{{Path}}}", #"url:[1,"{",[0,0],"}"]"#),
        ("{{Pa\nth}}", #"url:"{{Pa\nth}}""#),
        ("", #"url:"""#),
        ("}} {{", #"url:"}} {{""#),
    ])
    func referencesBecomePlaces(text: String, wanted: String) throws {
        let compiled = try CompiledText(.image(text, [.constant("1", "Path", "/p")]))
        #expect(compiled.data.contains("p:{" + wanted), "\(compiled.data)")
    }

    @Test func onlyWhatIsUsedIsSentInTheOrderOfItsUse() throws {
        let chained = Variable.constant("3", "Outer", "{{Inner}}!")
        let compiled = try CompiledText(
            .image("{{Outer}}", [.constant("1", "Unused", "no"), .constant("2", "Inner", "yes"), chained]))
        #expect(compiled.data.contains(#"V:[["c",{value:[1,[0,1],"!"]}],["c",{value:"yes"}]]"#), "\(compiled.data)")
    }

    @Test func anUndefinedReferenceIsNamedAndUndefined() throws {
        let compiled = try CompiledText(.image("{{Nobody}}"))
        #expect(compiled.data.contains(#"V:[["c",{}]]"#))
        #expect(compiled.says("warning: tag \"Pixel\": parameter url: {{Nobody}} is undefined"))
    }

    @Test func aBuiltInVariableIsFoundByItsTitle() throws {
        var definition = ContainerDefinition.image("{{Page Path}}")
        #expect(try CompiledText(definition).says("notice: built-in variable \"Page Path\""))
        definition.builtIns = ["pagePath"]
        let compiled = try CompiledText(definition)
        #expect(compiled.data.contains(#"V:[["u",{component:"PATH"}]]"#), "\(compiled.data)")
        #expect(compiled.findings.isEmpty)
    }

    @Test func scalarsKeepTheirTypes() throws {
        var definition = ContainerDefinition.image("{{V}}")
        var variable = Variable(id: "1", name: "V", type: "v")
        variable.parameters = [
            .init("name", .template("shop.total")), .init("dataLayerVersion", .integer("2")),
            .init("setDefaultValue", .boolean("true")), .init("defaultValue", .template("2")),
            .init("unknown", .template("stays here")),
        ]
        definition.variables = [variable]
        let data = try CompiledText(definition).data
        #expect(
            data.contains(#"V:[["v",{name:"shop.total",dataLayerVersion:2,setDefaultValue:true,defaultValue:"2"}]]"#))
    }

    @Test func tablesKeepTheirRowsAndTheirKeys() throws {
        var variable = Variable(id: "1", name: "T", type: "smm")
        variable.parameters = [
            .init("input", .template("{{Page Path}}")),
            .init("map", .list([.map([.init("key", .template("__proto__")), .init("value", .template("{{C}}"))])])),
        ]
        let data = try CompiledText(.image("{{T}}", [variable, .constant("2", "C", "x")])).data
        #expect(data.contains(#"map:[2,[3,"key","__proto__","value",[0,2]]]"#), "\(data)")
    }

    @Test func formatsAreSentWhereTheyChangeAnything() throws {
        var definition = ContainerDefinition.image("{{A}}{{B}}", [.constant("1", "A", "x"), .constant("2", "B", "y")])
        definition.variables[0].format = [.init("caseConversionType", .template("NONE"))]
        definition.variables[1].format = [.init("convertUndefinedToValue", .template("{{A}}"))]
        let data = try CompiledText(definition).data
        #expect(
            data.contains(#"[["c",{value:"x"}],["c",{value:"y"},{convertUndefinedToValue:[0,0]}]]"#), "\(data)")
    }

    @Test(arguments: [
        "\u{2028}</script><!--\u{0}\"\\\u{7F}\u{2029}\u{FEFF}", "<Script", "a<b && c</d",
        String(repeating: "\u{1F600}", count: 20),
    ])
    func textsAreSafeWhereverTheyStand(text: String) throws {
        let data = try CompiledText(.image("{{C}}", [.constant("1", "C", text)])).data
        for scalar in data.unicodeScalars {
            #expect(scalar.value >= 0x20 && scalar.value != 0x7F)
            #expect(scalar != "\u{2028}" && scalar != "\u{2029}" && scalar != "\u{FEFF}")
        }
        #expect(!data.lowercased().contains("</") && !data.contains("<!") && !data.lowercased().contains("<script"))
    }

    @Test func theSameInputGivesTheSameBytes() throws {
        var definition = ContainerDefinition()
        for place in 0..<40 {
            definition.variables.append(.constant("\(place)", "V\(place)", "{{V\(place + 1)}} and {{Page Path}}"))
            definition.tags.append(.image("\(place)", "Tag \(place)", "https://p\(place).test/{{V\(place)}}"))
        }
        let first = try CompiledText(definition).compiled
        for _ in 0..<5 { #expect(try CompiledText(definition).compiled == first) }
    }
}
