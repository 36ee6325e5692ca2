import Foundation
import RequestParsing
import Tagging
import Testing

@Suite("the text of a custom template") struct TemplateFileTests {
    /// A template with these sections.
    static func text(
        code: String = "data.gtmOnSuccess();", kind: String = "TAG", fields: String = "[]", permissions: String = "[]"
    ) -> String {
        """
        ___TERMS_OF_SERVICE___

        Made up.


        ___INFO___

        {"type": "\(kind)", "id": "cvt_AB12C", "displayName": "Shoes", "brand": {"displayName": "Shop"}}


        ___TEMPLATE_PARAMETERS___

        \(fields)


        ___SANDBOXED_JS_FOR_WEB_TEMPLATE___

        \(code)


        ___WEB_PERMISSIONS___

        \(permissions)


        ___TESTS___

        scenarios: []
        """
    }

    @Test func itsSectionsAreRead() {
        let fields = """
            [{"type": "GROUP", "name": "g", "enablingConditions": [{"paramName": "b"}], "subParams": [
              {"type": "TEXT", "name": "a", "defaultValue": "x", "enablingConditions": [{"paramName": "c"}]},
              {"type": "LABEL", "name": "l"}]}, {"type": "CHECKBOX", "name": "b"}]
            """
        let file = TemplateFile(
            TemplateFileTests.text(code: "// ___INFO___ is no header here\nreturn 1;", fields: fields))
        #expect(file.kind == "TAG")
        #expect(file.id == "cvt_AB12C")
        #expect(file.displayName == "Shoes")
        #expect(file.brand == "Shop")
        #expect(file.fields.map(\.name) == ["a", "b"])
        #expect(file.fields[0].defaultValue == .string("x"))
        #expect(file.fields[0].conditions.count == 2)
        #expect(file.code?.contains("return 1;") == true)
        #expect(file.code?.contains("WEB_PERMISSIONS") == false)
    }

    @Test func fieldsOfOneOfSomeButtonsBelongToItsChoice() {
        let fields = """
            [{"type": "RADIO", "name": "way", "radioItems": [{"value": "a"}, {"value": "b", "subParams": [
              {"type": "TEXT", "name": "only", "defaultValue": "x"}]}]}]
            """
        let file = TemplateFile(TemplateFileTests.text(fields: fields))
        #expect(file.fields.map(\.name) == ["way", "only"])
        #expect(file.fields[1].conditions.first?.first?["paramName"] == .string("way"))
        #expect(file.fields[1].conditions.first?.first?["paramValue"] == .string("b"))
    }

    @Test func theCodesFirstLineIsThatAfterTheEmptyOne() {
        #expect(TemplateFile(TemplateFileTests.text(code: "return 1;")).code?.hasPrefix("return") == true)
    }

    @Test func lineEndsOfWindowsAndAMarkAtTheBeginningAreNoMatter() {
        let plain = TemplateFileTests.text(code: "return 1;")
        let file = TemplateFile("\u{FEFF}" + plain.replacingOccurrences(of: "\n", with: "\r\n"))
        #expect(file.kind == "TAG")
        #expect(file.code?.contains("return 1;") == true)
    }

    @Test func ofTwoSectionsOfANameTheFirstCounts() {
        let file = TemplateFile(
            "___INFO___\n{\"type\": \"TAG\"}\n___INFO___\n{\"type\": \"MACRO\"}\n___SANDBOXED_JS___\nreturn 2;")
        #expect(file.kind == "TAG")
        #expect(file.code == "return 2;")
    }

    @Test func whatIsCutAnywhereReadsWithoutHarm() {
        let whole = Array(TemplateFileTests.text(fields: "[{\"type\": \"TEXT\", \"name\": \"a\"}]").utf8)
        for end in whole.indices {
            let file = TemplateFile(String(decoding: whole[..<end], as: UTF8.self))
            #expect(file.fields.count <= 1)
        }
    }

    @Test(arguments: [
        "", "_", "___", "______", "___INFO___", "___INFO", "___INFO___\n[", "___INFO___\n\"\"", "\u{0}\u{1}",
        "___TEMPLATE_PARAMETERS___\n{\"a\": 1}", "___WEB_PERMISSIONS___\n[1, null, {\"instance\": 3}]",
        "___TEMPLATE_PARAMETERS___\n[[[[[[]]]]]]",
    ])
    func rubbishIsEmpty(_ text: String) {
        let file = TemplateFile(text)
        #expect(file.fields.isEmpty)
        #expect(file.code == nil)
        #expect(TemplatePermissions(file.permissions).values.isEmpty)
    }

    @Test func tenThousandParametersAndDeepGroupsAreBounded() {
        let many = (0..<10_000).map { "{\"type\": \"TEXT\", \"name\": \"f\($0)\"}" }.joined(separator: ",")
        #expect(TemplateFile(TemplateFileTests.text(fields: "[\(many)]")).fields.count == TemplateFile.fieldsMax)
        var deep = "{\"type\": \"TEXT\", \"name\": \"low\"}"
        for _ in 0..<30 { deep = "{\"type\": \"GROUP\", \"name\": \"g\", \"subParams\": [\(deep)]}" }
        #expect(TemplateFile(TemplateFileTests.text(fields: "[\(deep)]")).fields.isEmpty)
    }

    // MARK: Permissions

    private func permissions(_ list: String) throws -> TemplatePermissions {
        guard case .array(let items) = try JSONReader.read(Array(list.utf8)) else { return TemplatePermissions([]) }
        return TemplatePermissions(items)
    }

    private static func one(_ name: String, _ parameters: String) -> String {
        "{\"instance\": {\"key\": {\"publicId\": \"\(name)\"}, \"param\": [\(parameters)]}}"
    }

    @Test func permissionsBecomeWhatTheRuntimeTakes() throws {
        let row = """
            {"type": 3, "mapKey": [{"type": 1, "string": "key"}, {"type": 1, "string": "read"},
            {"type": 1, "string": "write"}, {"type": 1, "string": "execute"}], "mapValue": [
            {"type": 1, "string": "a.b"}, {"type": 8, "boolean": true}, {"type": 8, "boolean": false},
            {"type": 8, "boolean": true}]}
            """
        let url = """
            {"key": "urlParts", "value": {"type": 1, "string": "specific"}},
            {"key": "host", "value": {"type": 8, "boolean": true}},
            {"key": "queriesAllowed", "value": {"type": 1, "string": "specific"}},
            {"key": "queryKeys", "value": {"type": 2, "listItem": [{"type": 1, "string": "q"}]}}
            """
        let read = try permissions(
            "["
                + [
                    TemplateFileTests.one(
                        "access_globals", "{\"key\": \"keys\", \"value\": {\"type\": 2, \"listItem\": [\(row)]}}"),
                    TemplateFileTests.one("get_url", url), TemplateFileTests.one("read_title", ""),
                    TemplateFileTests.one(
                        "send_pixel", "{\"key\": \"allowedUrls\", \"value\": {\"type\": 1, \"string\": \"any\"}}"),
                    TemplateFileTests.one(
                        "logging", "{\"key\": \"environments\", \"value\": {\"type\": 1, \"string\": \"debug\"}}"),
                ].joined(separator: ",") + "]")
        #expect(read["access_globals"] == .object([.init("a.b", .integer(5))]))
        #expect(read["get_url"] == .array([.array([.string("host")]), .array([.string("q")])]))
        #expect(read["read_title"] == .bool(true))
        #expect(read["send_pixel"] == .bool(true))
        #expect(read["logging"] == .bool(false))
        #expect(read.hosts("send_pixel").isAny)
        #expect(read.maySendOrStore)
        #expect(!read.writesConsent)
    }

    @Test func hostsComeFromPatterns() throws {
        let patterns = ["https://*.shop.test/a/*", "https://cdn.test:8080/", "bare.test/x", "https://*/*", "*"]
        let items = patterns.map { "{\"type\": 1, \"string\": \"\($0)\"}" }.joined(separator: ",")
        let list = "{\"key\": \"urls\", \"value\": {\"type\": 2, \"listItem\": [\(items)]}}"
        let read = try permissions("[\(TemplateFileTests.one("inject_script", list))]")
        let hosts = read.hosts("inject_script")
        #expect(hosts.names == ["*.shop.test", "cdn.test", "bare.test"])
        #expect(hosts.isAny)
        #expect(read.hosts("send_pixel").names.isEmpty)
    }
}
