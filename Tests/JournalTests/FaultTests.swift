import Events
import Journal
import Testing

struct FaultTests {
    /// Opens, appends, rolls, writes keys, seals, erases, appends and closes; what was promised is in the ledger.
    private func scenario(_ disk: SimulatedFileSystem, _ ledger: inout Ledger, _ erased: inout Set<Int>) -> Bool {
        let clock = ManualTimeSource(wall: start)
        guard
            let journal = try? FileJournal.open(
                smallOptions(fileBytes: 1200, blockBytes: 64), fileSystem: disk, clock: clock)
        else {
            return false
        }
        let listener = EventJournalContract.Listener()
        journal.addObserver(listener)
        var isWhole = true
        for round in 0..<12 {
            let number = ledger.next
            ledger.next += 1
            do {
                if case .pending(let batch, _) = try append(
                    [number], to: journal, padding: 150, device: device(number % 3))
                {
                    ledger.waiting.append((batch, [number]))
                }
            } catch {
                ledger.refused.insert(number)
                isWhole = false
            }
            let committed = journal.commitOnce()
            if committed == .failed { isWhole = false }
            ledger.settle(by: listener)
            if round == 8 {
                let anchor = Anchor(kind: .device, site: SiteID(1), id: device(1))
                // Where an erasure stops midway some are gone and some are not: both are right until it is repeated.
                for known in 1...9 where known % 3 == 1 { erased.insert(known) }
                do { _ = try journal.erase(.anchors([anchor])) } catch { isWhole = false }
            }
            if round % 4 == 3 { do { try maintain(journal) } catch { isWhole = false } }
            clock.advance(milliseconds: 10)
        }
        do { try journal.close() } catch { isWhole = false }
        ledger.settle(by: listener)
        return isWhole
    }

    private func problems(_ ledger: Ledger, _ found: [Entry], _ erased: Set<Int>) -> [String] {
        var kept = ledger
        // An acknowledged event that was to be erased is there as itself or as an erased record.
        let gone = erased.subtracting(found.compactMap(\.number))
        kept.acknowledged.subtract(gone)
        var problems = kept.problems(found)
        let blank = found.count { $0.number == nil }
        if blank < gone.intersection(ledger.acknowledged).count { problems.append("an erased event lost its position") }
        return problems
    }

    @Test(
        "whichever call fails, nothing acknowledged is lost and a restart is clean",
        arguments: [
            Fault(call: 0, effect: .error(ErrorCode.inputOutput)),
            Fault(call: 0, effect: .error(ErrorCode.inputOutput), isForEver: true),
            Fault(call: 0, effect: .error(ErrorCode.noSpace)),
            Fault(call: 0, effect: .error(ErrorCode.processDescriptors)),
            Fault(call: 0, effect: .lostSync, operations: [.sync]),
            Fault(call: 0, effect: .powerOff),
        ])
    func anyCallMayFail(fault: Fault) throws {
        var failures = 0
        for call in 1... {
            let disk = SimulatedFileSystem()
            var armed = fault
            armed.call = call
            disk.arm(armed)
            var ledger = Ledger()
            var erased: Set<Int> = []
            let isWhole = scenario(disk, &ledger, &erased)
            if !isWhole { failures += 1 }
            if fault.effect == .powerOff { disk.powerCut(seed: UInt64(call)) } else { disk.kill() }
            let clock = ManualTimeSource(wall: start)
            let journal = try FileJournal.open(
                smallOptions(fileBytes: 1200, blockBytes: 64), fileSystem: disk, clock: clock)
            #expect(problems(ledger, try readAll(journal), erased) == [], "call \(call) failing")
            try append([1_000_000], to: journal)
            #expect(journal.commitOnce() == .committed, "call \(call) failing")
            try journal.close()
            if isWhole, call > 400 { break }
        }
        #expect(failures > 10)
    }

    @Test(
        "an interruption or a short write is no failure",
        arguments: [Fault.Effect.error(ErrorCode.interrupted), .shortWrite])
    func interruptionsAreNoFailure(effect: Fault.Effect) throws {
        let operations: Set<FileOperation> = [.read, .write, .sync, .syncDirectory, .truncate, .preallocate]
        for call in 1...400 {
            let disk = SimulatedFileSystem()
            disk.arm(Fault(call: call, effect: effect, operations: operations))
            var ledger = Ledger()
            var erased: Set<Int> = []
            #expect(scenario(disk, &ledger, &erased), "call \(call)")
            #expect(ledger.acknowledged == Set(1...12) && ledger.waiting.isEmpty, "call \(call)")
            #expect(problems(ledger, try dumpAll(disk), erased) == [], "call \(call)")
        }
    }

    @Test(
        "after a failed write or sync nothing is acknowledged any more",
        arguments: [FileOperation.write, .sync])
    func failureIsFinal(operation: FileOperation) throws {
        let disk = SimulatedFileSystem()
        let journal = try FileJournal.open(smallOptions(), fileSystem: disk, clock: ManualTimeSource(wall: start))
        let listener = EventJournalContract.Listener()
        journal.addObserver(listener)
        try append([1], to: journal)
        #expect(journal.commitOnce() == .committed)
        disk.arm(Fault(call: 1, effect: .error(ErrorCode.inputOutput), operations: [operation]))
        try append([2], to: journal)
        #expect(journal.commitOnce() == .failed)
        #expect(listener.hasFailed && listener.committedThrough == 1)
        #expect(throws: JournalRefusal.failed) { try append([3], to: journal) }
        #expect(journal.commitOnce() == .failed)
        let metrics = journal.metrics()
        #expect(metrics.hasFailed && metrics.waitingRecords == 0)
        #expect(
            metrics.offeredRecords == 3 && metrics.acknowledgedRecords == 1 && metrics.refusedRecords == [.failed: 2])
        #expect(throws: JournalError.unavailable) { try journal.close() }
    }

    @Test func aFullDiskRefusesAndRecoversByItself() throws {
        let disk = SimulatedFileSystem(capacityBytes: 20_000)
        let clock = ManualTimeSource(wall: start)
        let journal = try FileJournal.open(smallOptions(), fileSystem: disk, clock: clock)
        let listener = EventJournalContract.Listener()
        journal.addObserver(listener)
        var ledger = Ledger()
        var sawNoSpace = false
        for number in 1...400 {
            clock.advance(milliseconds: 20)
            do {
                if case .pending(let batch, _) = try append([number], to: journal, padding: 100) {
                    ledger.waiting.append((batch, [number]))
                }
            } catch {
                #expect(error == .noSpace)
                ledger.refused.insert(number)
                sawNoSpace = true
            }
            if journal.commitOnce() == .noSpace { #expect(journal.metrics().isWithoutSpace) }
            ledger.settle(by: listener)
            if number == 300 {
                #expect(sawNoSpace)
                #expect(ledger.problems(try readAll(journal)) == [], "reads go on")
                disk.capacityBytes = 10_000_000
            }
        }
        #expect(ledger.waiting.isEmpty, "what waited for space was given back")
        #expect(ledger.acknowledged.contains(400), "appends are taken again")
        #expect(ledger.problems(try readAll(journal)) == [])
        let metrics = journal.metrics()
        #expect(
            metrics.offeredRecords == metrics.acknowledgedRecords + metrics.refusedRecords.values.reduce(0, +)
                + UInt64(metrics.waitingRecords))
        try journal.close()
    }

    @Test(
        "without a descriptor for the next file events are refused until there is one",
        arguments: [ErrorCode.processDescriptors, ErrorCode.systemDescriptors],
        [FileOperation.open, .syncDirectory])
    func noDescriptorIsNoFailure(code: Int32, operation: FileOperation) throws {
        let disk = SimulatedFileSystem()
        let clock = ManualTimeSource(wall: start)
        let journal = try FileJournal.open(smallOptions(), fileSystem: disk, clock: clock)
        let listener = EventJournalContract.Listener()
        journal.addObserver(listener)
        var ledger = Ledger()
        func offer(_ number: Int) throws -> CommitOutcome {
            clock.advance(milliseconds: 20)
            do {
                if case .pending(let batch, _) = try append([number], to: journal, padding: 200) {
                    ledger.waiting.append((batch, [number]))
                }
            } catch {
                #expect(error == .noSpace)
                ledger.refused.insert(number)
            }
            let outcome = journal.commitOnce()
            ledger.settle(by: listener)
            return outcome
        }
        #expect(try offer(1) == .committed)
        disk.arm(Fault(call: 1, effect: .error(code), isForEver: true, operations: [operation]))
        var outcomes: Set<CommitOutcome> = []
        for number in 2...100 { outcomes.insert(try offer(number)) }
        #expect(outcomes.contains(.noSpace) && !outcomes.contains(.failed))
        #expect(journal.metrics().isWithoutSpace && !listener.hasFailed)
        disk.arm(nil)
        for number in 101...110 { #expect(try offer(number) != .failed) }
        #expect(ledger.acknowledged.isSuperset(of: 105...110), "appends are taken again")
        try maintain(journal)
        try journal.close()
        disk.kill()
        let again = try FileJournal.open(smallOptions(), fileSystem: disk, clock: clock)
        #expect(ledger.problems(try readAll(again)) == [])
        try again.close()
    }

    @Test func theReserveIsKeptFree() throws {
        let disk = SimulatedFileSystem(capacityBytes: 100_000)
        let clock = ManualTimeSource(wall: start)
        var options = smallOptions()
        options.reserveBytes = 50_000
        let journal = try FileJournal.open(options, fileSystem: disk, clock: clock)
        #expect(throws: JournalRefusal.noSpace) {
            for number in 1...10_000 {
                clock.advance(milliseconds: 20)
                try append([number], to: journal, padding: 200)
                journal.commitOnce()
            }
        }
        #expect(try disk.freeSpace(directory).freeBytes > 40_000)
        disk.capacityBytes = 300_000
        clock.advance(milliseconds: 20)
        journal.commitOnce()
        try append([20_000], to: journal)
        #expect(journal.commitOnce() == .committed)
    }

    @Test func theQueueIsBoundedByBytesAndByAge() throws {
        let clock = ManualTimeSource(wall: start)
        var options = smallOptions()
        options.queueBytesMax = 2_000
        options.queueAgeMillisecondsMax = 250
        let journal = try FileJournal.open(options, fileSystem: SimulatedFileSystem(), clock: clock)
        try append([1], to: journal, padding: 1_500)
        #expect(throws: JournalRefusal.queueFull) { try append([2], to: journal, padding: 1_500) }
        try append([3], to: journal)
        clock.advance(milliseconds: 251)
        #expect(throws: JournalRefusal.queueFull) { try append([4], to: journal) }
        #expect(journal.commitOnce() == .committed)
        try append([4], to: journal)
        #expect(journal.commitOnce() == .committed)
        #expect(try readAll(journal).compactMap(\.number) == [1, 3, 4])
        #expect(journal.metrics().refusedRecords == [.queueFull: 2])
        try journal.close()
        #expect(throws: JournalRefusal.closed) { try append([5], to: journal) }
    }
}
