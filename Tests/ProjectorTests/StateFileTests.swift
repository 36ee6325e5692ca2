import Events
import Foundation
import Projector
import Testing

struct StateFileTests {
    @Test("what was put is read back, words of any width in any order, far beyond one window", arguments: UInt64(1)...5)
    func whatWasPutIsReadBack(seed: UInt64) throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("state-\(UUID().uuidString)").path
        let files = SystemCheckpointFiles()
        try files.makeDirectory(directory)
        defer { try? files.removeTree(directory) }
        let words = (0..<20_000).map { UInt64($0) &* seed &* 0x9E37_79B9_7F4A_7C15 }
        var writer = try StateWriter(path: "\(directory)/state", magic: 5, version: 3, files: files)
        for word in words {
            switch word >> 61 {
            case 0: writer.put(UInt8(truncatingIfNeeded: word))
            case 1: writer.put(UInt16(truncatingIfNeeded: word))
            case 2: writer.put(UInt32(truncatingIfNeeded: word))
            case 3: writer.put(Int64(bitPattern: word))
            case 4: writer.put(counted: [UInt8](repeating: UInt8(truncatingIfNeeded: word), count: Int(word & 63)))
            case 5: writer.put(ID128(low: word, high: ~word))
            default: writer.put(word)
            }
        }
        try writer.finish()
        var reader = try StateReader(path: "\(directory)/state", magic: 5, version: 3, files: files)
        for word in words {
            let isSame: Bool
            switch word >> 61 {
            case 0: isSame = try reader.next() == UInt8(truncatingIfNeeded: word)
            case 1: isSame = try reader.next() == UInt16(truncatingIfNeeded: word)
            case 2: isSame = try reader.next() == UInt32(truncatingIfNeeded: word)
            case 3: isSame = try reader.next() == Int64(bitPattern: word)
            case 4:
                let expected = [UInt8](repeating: UInt8(truncatingIfNeeded: word), count: Int(word & 63))
                isSame = try reader.nextCounted() == expected
            case 5: isSame = try reader.nextID() == ID128(low: word, high: ~word)
            default: isSame = try reader.next() == word
            }
            try #require(isSame, "seed \(seed)")
        }
        try reader.finish()
    }

    @Test func aPayloadMayEndAnywhereBesideAPiecesEnd() throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("state-\(UUID().uuidString)").path
        let files = SystemCheckpointFiles()
        try files.makeDirectory(directory)
        defer { try? files.removeTree(directory) }
        for count in (1 << 16) - 40...(1 << 16) + 40 {
            let value = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            var writer = try StateWriter(path: "\(directory)/state", magic: 5, version: 3, files: files)
            for byte in value { writer.put(byte) }
            if count % 2 == 0 { writer.put(counted: value) }
            try writer.finish()
            var reader = try StateReader(path: "\(directory)/state", magic: 5, version: 3, files: files)
            for byte in value { guard try reader.next() == byte else { Issue.record("\(count) bytes"); return } }
            if count % 2 == 0 { #expect(try reader.nextCounted() == value, "\(count) bytes") }
            try reader.finish()
        }
    }
}
