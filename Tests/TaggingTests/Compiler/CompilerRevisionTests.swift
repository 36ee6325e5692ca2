import Catalog
import Foundation
import Tagging
import Testing

/// What is live is compiled again by a compiler that makes something else: it has to say that it does.
struct CompilerRevisionTests {
    /// The scripts of the fixtures without the runtime's parts, whose changes count by themselves.
    private func digest() throws -> String {
        var text = ""
        for name in Exports.web {
            let compiled = try CompiledText(try Exports.read(name).definition).compiled
            for file in [compiled.script] + compiled.pieces + (compiled.custom.map { [$0] } ?? []) {
                text += String(decoding: file.bytes, as: UTF8.self) + "\n"
            }
        }
        for part in RuntimeModules.parts { text = text.replacingOccurrences(of: part.code, with: "") }
        return String(ServedScript.digestName(ofToken: text).prefix(16))
    }

    @Test func otherScriptsAreAnotherRevision() throws {
        let known = [2: "06d8f24c6d017e0d"]
        let found = try digest()
        #expect(
            found == known[ContainerCompiler.revision],
            "the compiler makes other scripts: raise ContainerCompiler.revision and note the new digest here")
    }
}
