import Catalog
import Tagging
import Testing

/// `ScriptFile.packed` takes what `SmallDeflate` makes only where zlib reads the same bytes in it: a smaller form is a right
/// one.
@Suite struct DeflateTests {
    /// Texts of many shapes, in which zlib does not find everything.
    private static let contents: [[UInt8]] = {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        func next() -> UInt8 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return UInt8(truncatingIfNeeded: state >> 24)
        }
        var code: [UInt8] = []
        for number in 0..<1_500 { code += Array("var a\(number % 97)=function(){return \(next() % 13)};".utf8) }
        return [
            code, (0..<20_000).map { _ in next() % 3 },
            (0..<6_000).map { _ in next() % 4 } + (0..<6_000).map { _ in 200 + next() % 4 },
            (0..<30_000).map { UInt8(truncatingIfNeeded: $0 / 7) ^ (next() % 2) },
        ]
    }()

    @Test(arguments: contents) func zlibReadsTheSameBytesInFewer(_ bytes: [UInt8]) throws {
        let file = ScriptFile.made(version: 1, bytes)
        let packed = file.packed()
        #expect(packed.gzip.count < file.gzip.count, "\(packed.gzip.count) of \(file.gzip.count)")
        #expect(packed.gzip.prefix(10) == file.gzip.prefix(10) && packed.gzip.suffix(8) == file.gzip.suffix(8))
        #expect(file.packed() == packed)
    }

    /// Bytes without anything to find, and hardly any: never more than zlib makes of them.
    @Test(arguments: [[7], Array(0...255), Array(repeating: 0, count: 40_000)] as [[UInt8]])
    func nothingBecomesLarger(_ bytes: [UInt8]) throws {
        let file = ScriptFile.made(version: 1, bytes)
        #expect(file.packed().gzip.count <= file.gzip.count)
        #expect(SmallDeflate.compressed(bytes) != nil)
    }

    @Test func aScriptIsSmallerThanZlibMakesIt() throws {
        var definition = ContainerDefinition.image("{{Page Path}}")
        definition.triggers = [Trigger(id: "1", name: "C", type: "click")]
        definition.tags[0].firingTriggers = ["1"]
        let file = try CompiledText(definition).compiled.script
        #expect(file.packed().gzip.count < file.gzip.count - 30, "\(file.packed().gzip.count) of \(file.gzip.count)")
    }

    @Test func tooMuchIsLeftToZlib() {
        #expect(SmallDeflate.compressed(Array(repeating: 1, count: SmallDeflate.bytesMax + 1)) == nil)
        #expect(SmallDeflate.compressed([]) == nil)
        let file = ScriptFile.made(version: 1, Array(repeating: 65, count: SmallDeflate.bytesMax + 1))
        #expect(file.packed() == file)
    }
}
