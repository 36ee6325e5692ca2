import Events
import Journal
import Testing

/// Batches are written in whole blocks, past the system's cache where it lets them.
struct BlockTests: OnSimulatedDisk {
    let disk = SimulatedFileSystem()
    let clock = ManualTimeSource(wall: start)
    private let invalidArgument: Int32 = 22

    @Test("a live file is written in whole blocks, whatever the batches' sizes", arguments: [1, 64, 512, 4096])
    func aLiveFileIsWrittenInWholeBlocks(blockBytes: Int) throws {
        let journal = try open {
            $0.blockBytes = blockBytes
            $0.zeroChunkBytes = 4096
            $0.fileBytes = 20_000
        }
        disk.clearTrace()
        var generator = SeededGenerator(seed: UInt64(blockBytes))
        var sent: [Int] = []
        while sent.count < 300 {
            let batch = Array(sent.count..<sent.count + Int.random(in: 1...9, using: &generator))
            try append(batch, to: journal, padding: Int.random(in: 0...300, using: &generator))
            #expect(journal.commitOnce() == .committed)
            sent += batch
        }
        let writes = disk.trace.compactMap { entry -> Range<Int>? in
            guard case .write(let path, let range) = entry, path.contains(".journal") else { return nil }
            return range
        }
        #expect(writes.count > 60)
        #expect(writes.allSatisfy { $0.lowerBound % blockBytes == 0 && $0.count % blockBytes == 0 })
        #expect(try readAll(journal).compactMap(\.number) == sent)
        try journal.close()
        disk.powerCut(seed: 1)
        #expect(try dumpAll(disk).compactMap(\.number) == sent)
    }

    @Test func aBatchOfSeveralMegabytesIsWrittenInPieces() throws {
        let journal = try open { $0.blockBytes = 512 }
        try append([0], to: journal)
        #expect(journal.commitOnce() == .committed)
        let sent = Array(1..<3_000)
        try append(sent, to: journal, padding: 900)
        #expect(journal.commitOnce() == .committed)
        try append([3_000], to: journal)
        #expect(journal.commitOnce() == .committed)
        disk.powerCut(seed: 2)
        #expect(try dumpAll(disk).compactMap(\.number) == Array(0...3_000))
    }

    @Test("where writes past the cache are refused, batches go through it", arguments: [FileOperation.open, .write])
    func whereWritesPastTheCacheAreRefusedBatchesGoThroughIt(refused: FileOperation) throws {
        let journal = try open { $0.blockBytes = 64 }
        // A live file is opened three times, the last for such writes; the first of them is its header.
        disk.arm(Fault(call: refused == .open ? 3 : 1, effect: .error(invalidArgument), operations: [refused]))
        for number in 0..<40 {
            try append([number], to: journal)
            #expect(journal.commitOnce() == .committed)
        }
        disk.powerCut(seed: 3)
        #expect(try dumpAll(disk).compactMap(\.number) == Array(0..<40))
    }

    @Test func anotherFailureOfTheFirstWriteIsOne() throws {
        let journal = try open { $0.blockBytes = 64 }
        disk.arm(Fault(call: 1, effect: .error(ErrorCode.inputOutput), operations: [.write]))
        try append([1], to: journal)
        #expect(journal.commitOnce() == .failed)
    }
}
