import Catalog
import Foundation
import Tagging

/// What tests read of a compiled container.
struct CompiledText {
    let compiled: CompiledContainer

    init(_ definition: ContainerDefinition, _ change: (inout CompileContext) -> Void = { _ in }) throws {
        var context = CompileContext(publicID: "HL-TEST0001", version: 7)
        change(&context)
        compiled = try ContainerCompiler.compile(definition, context)
    }

    /// The data literal, without the modules around it.
    var data: String {
        let text = String(decoding: compiled.script.bytes, as: UTF8.self)
        guard let start = text.range(of: "\nstart("), let end = text.range(of: ",\n[", options: .backwards) else {
            return text
        }
        return String(text[start.upperBound..<end.lowerBound])
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
    static func constant(_ id: String, _ name: String, _ value: String) -> Variable {
        var variable = Variable(id: id, name: name, type: "c")
        variable.parameters = [.init("value", .template(value))]
        return variable
    }
}
