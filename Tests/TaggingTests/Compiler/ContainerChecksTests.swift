import Tagging
import Testing

@Suite struct ContainerChecksTests {
    private func refused(_ definition: ContainerDefinition) -> [String] {
        ContainerCompiler.check(definition, CompileContext(publicID: "HL-TEST0001", version: 1))
            .filter { $0.severity == .error }.map { "\($0.place): \($0.message)" }
    }

    @Test func aCycleOfVariablesIsNamedWhole() {
        let cycle: [Variable] = [
            .constant("1", "A", "{{B}}"), .constant("2", "B", "x{{__proto__}}"), .constant("3", "__proto__", "{{A}}"),
        ]
        #expect(
            refused(.image("{{A}}", cycle)) == [
                "variable \"A\": it refers to itself: \"A\" → \"B\" → \"__proto__\" → \"A\""
            ])
        #expect(refused(.image("x", cycle)).count == 1, "also where nothing uses it")
        #expect(refused(.image("x", [.constant("1", "Self", "{{Self}}")])).count == 1)
        #expect(refused(.image("x", [.constant("1", "A", "{{B}}{{B}}"), .constant("2", "B", "y")])).isEmpty)
    }

    @Test func aLongChainIsNoCycleAndNeedsNoStack() throws {
        let chain = (0..<2_000).map { Variable.constant("\($0)", "V\($0)", "{{V\($0 + 1)}}") }
        let findings = try CompiledText(.image("{{V0}}", chain)).findings
        #expect(findings.count == 1, "the last name is undefined")
    }

    @Test(arguments: ["tags", "triggers", "variables"])
    func tenThousandOfSomethingAreTooMany(what: String) {
        var definition = ContainerDefinition()
        for place in 0..<10_000 {
            switch what {
            case "tags": definition.tags.append(.image("\(place)", "T\(place)"))
            case "triggers":
                definition.triggers.append(Trigger(id: "\(place)", name: "T\(place)", type: "pageview"))
            default: definition.variables.append(.constant("\(place)", "T\(place)", ""))
            }
        }
        #expect(throws: TaggingError.tooMuch(what: what, count: 10_000, allowed: 2_000)) {
            try ContainerCompiler.compile(definition, CompileContext(publicID: "HL-TEST0001", version: 1))
        }
        #expect(refused(definition) == ["container: 10000 \(what); expected at most 2000"])
    }

    @Test func whatHasOneNameTwiceIsRefused() {
        var definition = ContainerDefinition.image("x", [.constant("1", "A", ""), .constant("1", "A", "")])
        definition.tags.append(.image("1", "Pixel"))
        #expect(
            refused(definition) == [
                "tag \"Pixel\": another tag has the id 1 as well", "tag \"Pixel\": another tag has the same name",
                "variable \"A\": another variable has the id 1 as well",
                "variable \"A\": another variable has the same name",
            ])
    }

    @Test func tagsThatCallEachOtherAreRefused() {
        var definition = ContainerDefinition()
        definition.tags = [
            Tagging.Tag.image("1", "A").with { $0.setup = .init(tagName: "B", stopsOnFailure: false) },
            Tagging.Tag.image("2", "B").with { $0.cleanup = .init(tagName: "A", stopsOnFailure: false) },
        ]
        #expect(
            refused(definition) == [
                "tag \"A\": as set-up or clean-up tags these call each other: \"A\" → \"B\" → \"A\""
            ])
    }

    @Test func aChainOfTagsIsAsLongAsTheRuntimeGoes() {
        func chain(_ count: Int) -> ContainerDefinition {
            var definition = ContainerDefinition()
            definition.tags = (0..<count).map { place in
                Tagging.Tag.image("\(place)", "T\(place)").with {
                    if place + 1 < count { $0.setup = .init(tagName: "T\(place + 1)", stopsOnFailure: true) }
                }
            }
            return definition
        }
        #expect(refused(chain(10)).isEmpty)
        #expect(refused(chain(11)).count == 1)
        #expect(refused(chain(1_000)).count == 990)
    }

    @Test func parametersThatAreTooDeepAreRefused() {
        func nested(_ depth: Int) -> Parameter {
            (0..<depth).reduce(.template("x")) { inner, _ in .list([inner]) }
        }
        var definition = ContainerDefinition.image("x")
        definition.tags[0].parameters.append(.init("deep", nested(32)))
        #expect(refused(definition).isEmpty)
        definition.tags[0].parameters.append(.init("deeper", nested(33)))
        #expect(
            refused(definition) == ["tag \"Pixel\": parameter deeper: lists and maps are nested deeper than 32"])
        definition.tags[0].parameters.append(.init("deepest", nested(1_000)))
        #expect(refused(definition).count == 2)
    }

    @Test func aScriptThatIsTooLargeIsRefused() {
        var definition = ContainerDefinition()
        for place in 0..<20 {
            definition.tags.append(.image("\(place)", "T\(place)", String(repeating: "x", count: 50_000)))
        }
        let messages = refused(definition)
        #expect(messages.count == 1 && messages[0].contains("bytes of script; expected at most 524288"))
    }

    @Test func findingsEnd() throws {
        var definition = ContainerDefinition()
        for place in 0..<1_500 { definition.tags.append(.image("\(place)", "T\(place)", "{{Nobody\(place)}}")) }
        let findings = try CompiledText(definition).findings
        #expect(findings.count == 1_001)
        #expect(findings.last == "notice: container: 500 more findings are not listed")
    }
}
