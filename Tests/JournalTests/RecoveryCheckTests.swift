import Events
import Journal
import Testing

struct RecoveryCheckTests {
    @Test("no bytes make recovery trap", arguments: 0..<4 as Range<UInt64>)
    func arbitraryBytesNeverTrap(seed: UInt64) throws {
        // A real file's bytes, so that mutations get past the outer checks.
        let disk = SimulatedFileSystem()
        let clock = ManualTimeSource(wall: start)
        let journal = try FileJournal.open(smallOptions(), fileSystem: disk, clock: clock)
        for number in 1...5 {
            try append([number], to: journal)
            journal.commitOnce()
        }
        try journal.close()
        let name = try #require(try fileNames(disk, ".journal").first)
        let real = try #require(disk.contents(of: "\(directory)/\(name)"))
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<150 {
            var bytes: [UInt8] = [UInt8(seed), UInt8.random(in: 0...1, using: &generator)]
            if Bool.random(using: &generator) {
                bytes += real
                for _ in 0..<3 {
                    bytes[Int.random(in: 2..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
                }
            } else {
                bytes += (0..<Int.random(in: 0...6_000, using: &generator)).map { _ in
                    .random(in: 0...255, using: &generator)
                }
            }
            #expect(RecoveryCheck.run(bytes.span.bytes) <= 5)
        }
        #expect(RecoveryCheck.run(([0, 1] as [UInt8] + real).span.bytes) == 5)
    }
}
