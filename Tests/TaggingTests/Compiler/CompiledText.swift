import Catalog
import Foundation
import Tagging

/// What tests read of a compiled container.
struct CompiledText {
    let compiled: CompiledContainer
    private let definition: ContainerDefinition
    private let context: CompileContext

    init(_ definition: ContainerDefinition, _ change: (inout CompileContext) -> Void = { _ in }) throws {
        var context = CompileContext(publicID: "HL-TEST0001", version: 7)
        change(&context)
        self.definition = definition
        self.context = context
        compiled = try ContainerCompiler.compile(definition, context)
    }

    /// The data literal, without the modules around it.
    var data: String {
        let text = String(decoding: compiled.script.bytes, as: UTF8.self)
        guard let start = text.range(of: "({i:\"", options: .backwards),
            let end = text.range(of: ",[", options: .backwards)
        else { return text }
        return "{i:\"" + text[start.upperBound..<end.lowerBound]
    }

    /// Ids of the tags that are in the script, which previews have.
    var tagIDs: [String] {
        get throws {
            var context = context
            context.isPreview = true
            let data = try CompiledText(definition) { $0 = context }.data
            let tags = data.components(separatedBy: ",G:")[1].components(separatedBy: ",S:[")[0]
            return tags.components(separatedBy: ",i:\"").dropFirst().map { String($0.prefix { $0 != "\"" }) }
        }
    }

    var findings: [String] { compiled.findings.map { "\($0.severity): \($0.place): \($0.message)" } }

    func says(_ part: String) -> Bool { findings.contains { $0.contains(part) } }
}

extension ContainerDefinition {
    /// A container with one image tag that All Pages fires; the image's URL holds the text.
    static func image(_ text: String, _ variables: [Variable] = []) -> ContainerDefinition {
        var definition = ContainerDefinition()
        definition.tags = [.image("1", "Pixel", text)]
        definition.variables = variables
        return definition
    }
}

extension Tagging.Tag {
    static func image(_ id: String, _ name: String, _ url: String = "https://pixel.test/p.gif") -> Tagging.Tag {
        var tag = Tagging.Tag(id: id, name: name, type: "image")
        tag.parameters = [.init("url", .template(url))]
        tag.firingTriggers = [BuiltInTrigger.allPages.rawValue]
        return tag
    }

    func with(_ change: (inout Tagging.Tag) -> Void) -> Tagging.Tag {
        var tag = self
        change(&tag)
        return tag
    }
}

extension Variable {
    /// A variable of the data layer.
    static func layer(_ id: String, _ name: String, _ path: String) -> Variable {
        var variable = Variable(id: id, name: name, type: "v")
        variable.parameters = [.init("name", .template(path))]
        return variable
    }

    static func constant(_ id: String, _ name: String, _ value: String) -> Variable {
        var variable = Variable(id: id, name: name, type: "c")
        variable.parameters = [.init("value", .template(value))]
        return variable
    }
}
