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
        let compiled = try CompiledText(.image(text, [.layer("1", "Path", "path")]))
        #expect(compiled.data.contains("p:{" + wanted), "\(compiled.data)")
    }

    @Test func onlyWhatIsUsedIsSentInTheOrderOfItsUse() throws {
        let chained = Variable.layer("3", "Outer", "{{Inner}}!")
        let compiled = try CompiledText(
            .image("{{Outer}}", [.layer("1", "Unused", "no"), .layer("2", "Inner", "yes"), chained]))
        #expect(compiled.data.contains(#"V:[["v",{name:[1,[0,1],"!"]}],["v",{name:"yes"}]]"#), "\(compiled.data)")
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
            data.contains(#"V:[["v",{name:"shop.total",setDefaultValue:true,defaultValue:"2"}]]"#))
    }

    @Test func tablesKeepTheirRowsAndTheirKeys() throws {
        var variable = Variable(id: "1", name: "T", type: "smm")
        variable.parameters = [
            .init("input", .template("{{Page Path}}")),
            .init("map", .list([.map([.init("key", .template("__proto__")), .init("value", .template("{{C}}"))])])),
        ]
        let data = try CompiledText(.image("{{T}}", [variable, .layer("2", "C", "x")])).data
        #expect(data.contains(#"map:[2,[3,"key","__proto__","value",[0,2]]]"#), "\(data)")
    }

    @Test func formatsAreSentWhereTheyChangeAnything() throws {
        var definition = ContainerDefinition.image("{{A}}{{B}}", [.layer("1", "A", "x"), .layer("2", "B", "y")])
        definition.variables[0].format = [.init("caseConversionType", .template("NONE"))]
        definition.variables[1].format = [.init("convertUndefinedToValue", .template("{{A}}"))]
        let data = try CompiledText(definition).data
        #expect(
            data.contains(#"[["v",{name:"x"}],["v",{name:"y"},{convertUndefinedToValue:[0,0]}]]"#), "\(data)")
    }

    @Test func aConstantStandsInThePlaceOfItsReferences() throws {
        var format = Variable.constant("2", "Format", "F")
        format.format = [.init("caseConversionType", .template("lowercase"))]
        let definition = ContainerDefinition.image(
            "{{Host}}/{{Format}}?{{Host}}", [.constant("1", "Host", "https://a.test"), format])
        let live = try CompiledText(definition).data
        #expect(live.contains(#"url:[1,"https://a.test","/",[0,0],"?","https://a.test"]"#), "\(live)")
        #expect(live.contains(#"V:[["c",{value:"F"},{caseConversionType:"lowercase"}]]"#), "\(live)")
        let preview = try CompiledText(definition) { $0.isPreview = true }.data
        #expect(preview.contains(#"url:[1,[0,0],"/",[0,1],"?",[0,0]]"#), "what previews show: \(preview)")
        let whole = try CompiledText(.image("{{Host}}/p", [.constant("1", "Host", "https://a.test")])).data
        #expect(whole.contains(#"p:{url:"https://a.test/p"}"#) && whole.contains("V:[]"), "\(whole)")
    }

    @Test func aTableOfPlainNamesIsAnObject() throws {
        func data(_ key: String, _ type: String = "ga4Event", _ table: String = "eventSettingsTable") throws -> String {
            var tag = Tagging.Tag(id: "1", name: "T", type: type)
            tag.firingTriggers = [BuiltInTrigger.allPages.rawValue]
            let columns = type == "metaPixel" ? ["name", "value"] : ["parameter", "parameterValue"]
            let row = Parameter.map([
                .init(columns[0], .template(key)), .init(columns[1], .template("{{Page Path}}")),
            ])
            tag.parameters = [.init("measurementId", .template("G-1")), .init(table, .list([row]))]
            var definition = ContainerDefinition()
            definition.tags = [tag]
            return try CompiledText(definition).data
        }
        #expect(try data("colour").contains(#"eventSettingsTable:[10,"colour",[0,0]]"#))
        #expect(
            try data("value", "metaPixel", "objectPropertyList").contains(#"objectPropertyList:[10,"value",[0,0]]"#))
        for name in ["user.email", "{{Event}}", "__proto__", ""] {
            #expect(try data(name).contains(#"eventSettingsTable:[2,[3,"parameter","#), "\(name)")
        }
        #expect(try data("a", "googleAdsConversion", "customParams").contains("[10") == false)
    }

    @Test func consentModesParametersBecomeCommands() throws {
        func data(_ parameters: [Parameter.Member]) throws -> String {
            var tag = Tagging.Tag(id: "1", name: "Consent", type: "consentMode")
            tag.firingTriggers = [BuiltInTrigger.allPages.rawValue]
            tag.parameters = parameters
            var definition = ContainerDefinition()
            definition.tags = [tag]
            return try CompiledText(definition).data
        }
        func row(_ members: (String, String)...) -> Parameter {
            .map(members.map { Parameter.Member($0.0, .template($0.1)) })
        }
        let rows: [Parameter] = [
            row(("ad_storage", "denied"), ("wait_for_update", "500"), ("regions", "all"), ("odd", "x")),
            row(("ad_storage", "{{Event}}"), ("security_storage", "denied"), ("region", "DK, US-CA")),
            row(("odd", "x"), ("region", "CH")), row(("ad_user_data", "denied"), ("region", "{{Event}}")),
        ]
        let defaults = try data([
            .init("command", .template("default")), .init("settingsTable", .list(rows)),
            .init("ads_data_redaction", .boolean("true")), .init("url_passthrough", .boolean("false")),
        ])
        let wanted = [
            #"p:{commands:[2,[2,"set","ads_data_redaction",true]"#,
            #"[2,"consent","default",[3,"ad_storage","denied","security_storage","granted","wait_for_update",500]]"#,
            #"[3,"ad_storage",[0,0],"security_storage","denied","region",[2,"DK","US-CA"]]"#,
            #"[3,"ad_user_data","denied","security_storage","granted","region",[0,0]]]]}"#,
        ]
        for part in wanted { #expect(defaults.contains(part), "\(part) in \(defaults)") }
        #expect(!defaults.contains("odd") && !defaults.contains("CH") && !defaults.contains("url_passthrough"))
        let update = try data([
            .init("command", .template("update")), .init("update_ad_storage", .template("granted")),
            .init("update_odd", .template("granted")), .init("update_ad_user_data", .template("")),
        ])
        #expect(update.contains(#"p:{commands:[2,[2,"consent","update",[3,"ad_storage","granted"]]]}"#), "\(update)")
    }

    @Test func usualValuesAreNotSent() throws {
        var trigger = Trigger(id: "1", name: "V", type: "elementVisibility")
        trigger.parameters = [
            .init("selectorType", .template("ID")), .init("elementId", .template("offer")),
            .init("firingFrequency", .template("ONCE")), .init("onScreenRatio", .template("50")),
            .init("useOnScreenDuration", .boolean("false")), .init("useDomChangeListener", .boolean("{{Event}}")),
        ]
        trigger.autoEventFilters = [Condition(.matchRegex, "{{Page URL}}", ".*")]
        var definition = ContainerDefinition.image("x")
        definition.tags[0].firingTriggers = ["1"]
        definition.triggers = [trigger]
        let data = try CompiledText(definition).data
        let event = #"["elementVisibility",[],{eventName:"gtm.elementVisibility",elementId:"offer","#
        #expect(data.contains(event + #"useDomChangeListener:[0,0]},"1"]"#), "\(data)")
        let preview = try CompiledText(definition) { $0.isPreview = true }.data
        #expect(preview.contains(#"["re",[0,"#), "previews show every condition")
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
