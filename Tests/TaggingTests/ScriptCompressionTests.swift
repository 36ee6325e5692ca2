import CZlib
import Catalog
import Tagging
import Testing

/// The gzip form of a published script is what zlib reads the script from, and smaller than zlib's own.
@Suite struct ScriptCompressionTests {
    /// Texts of many shapes.
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
            code, (0..<20_000).map { _ in next() % 3 }, (0..<70_000).map { _ in next() }, [7], Array(0...255),
            Array(repeating: 0, count: 40_000),
        ]
    }()

    /// What zlib makes of a gzip file.
    private func unzipped(_ data: [UInt8], _ count: Int) -> [UInt8]? {
        var stream = z_stream()
        guard inflateInit2_(&stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
        defer { inflateEnd(&stream) }
        var content = data
        var room = [UInt8](repeating: 0, count: count)
        let status = content.withUnsafeMutableBufferPointer { source in
            room.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = uInt(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = uInt(target.count)
                return inflate(&stream, Z_FINISH)
            }
        }
        return status == Z_STREAM_END && stream.avail_out == 0 && stream.avail_in == 0 ? room : nil
    }

    @Test(arguments: contents) func zlibReadsTheSameBytes(_ bytes: [UInt8]) {
        let file = ScriptFile.made(version: 1, bytes)
        #expect(unzipped(file.gzip, bytes.count) == bytes)
        #expect(ScriptFile.made(version: 1, bytes) == file, "the same bytes, the same file")
        #expect(file.gzip.count <= bytes.count + 64)
    }

    @Test func aScriptIsSmallerThanZlibMakesIt() throws {
        var definition = ContainerDefinition.image("{{Page Path}}")
        definition.triggers = [Trigger(id: "1", name: "C", type: "click")]
        definition.tags[0].firingTriggers = ["1"]
        let file = try CompiledText(definition).compiled.script
        var room = [UInt8](repeating: 0, count: file.bytes.count + 64)
        var count = uLong(room.count)
        #expect(compress2(&room, &count, file.bytes, uLong(file.bytes.count), 9) == Z_OK)
        // zlib's own frame takes 6 bytes, gzip's 18.
        #expect(file.gzip.count - 18 < Int(count) - 6 - 20, "\(file.gzip.count) of \(count)")
    }
}
