import Events
import Journal
import Testing

/// What a client knows of its events: R1's three classes.
struct Ledger {
    var acknowledged: Set<Int> = []
    var refused: Set<Int> = []
    /// In the order of appending; acknowledgement unknown when the process dies.
    var waiting: [(batch: UInt64, numbers: [Int])] = []
    var next = 1

    mutating func settle(through batch: UInt64) {
        for entry in waiting where entry.batch <= batch { acknowledged.formUnion(entry.numbers) }
        waiting.removeAll { $0.batch <= batch }
    }

    /// What a listener has heard: batches of which nothing was kept, and those that are on disk.
    mutating func settle(by listener: EventJournalContract.Listener) {
        for batches in listener.refused {
            for entry in waiting where batches.contains(entry.batch) { refused.formUnion(entry.numbers) }
            waiting.removeAll { batches.contains($0.batch) }
        }
        settle(through: listener.committedThrough)
    }

    /// What is wrong with the journal's content; nothing when every promise was kept.
    func problems(_ found: [Entry]) -> [String] {
        var problems: [String] = []
        let numbers = found.compactMap(\.number)
        if Set(numbers).count != numbers.count { problems.append("an event is there twice: \(numbers)") }
        if numbers != numbers.sorted() { problems.append("order is not kept: \(numbers)") }
        let lost = acknowledged.subtracting(numbers)
        if !lost.isEmpty { problems.append("acknowledged and lost: \(lost.sorted())") }
        let leaked = refused.intersection(numbers)
        if !leaked.isEmpty { problems.append("refused and there: \(leaked.sorted())") }
        let positions = found.map(\.position)
        if positions != positions.sorted() { problems.append("positions do not ascend") }
        return problems
    }
}

/// A client and a journal on a simulated disk, driven by a seed.
struct Simulation {
    let disk = SimulatedFileSystem()
    let clock = ManualTimeSource(wall: start)
    var options = smallOptions(fileBytes: 1500)
    var ledger = Ledger()
    var generator: SeededGenerator
    /// Commits are taken apart, and two are under way at times.
    let overlaps: Bool

    init(seed: UInt64, overlaps: Bool = false) {
        generator = SeededGenerator(seed: seed)
        self.overlaps = overlaps
        options.codec = Bool.random(using: &generator) ? .zlib : .none
        options.blockBytes = [1, 64, 512][Int.random(in: 0..<3, using: &generator)]
    }

    /// Sends, commits and maintains at random until the journal fails or `steps` are done.
    mutating func run(_ journal: FileJournal, steps: Int) {
        let listener = EventJournalContract.Listener()
        journal.addObserver(listener)
        var flights: [(flight: CommitFlight, isSynced: Bool)] = []
        for _ in 0..<steps {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<5:
                var numbers = [ledger.next]
                ledger.next += 1
                // A retry of something acknowledged rides along at times.
                if let known = ledger.acknowledged.randomElement(using: &generator), ledger.next % 3 == 0 {
                    numbers.append(known)
                }
                do {
                    let padding = Int.random(in: 0...300, using: &generator)
                    switch try append(numbers, to: journal, padding: padding) {
                    case .durable: ledger.acknowledged.formUnion(numbers)
                    case .pending(let batch, _): ledger.waiting.append((batch, numbers))
                    }
                } catch {
                    ledger.refused.insert(numbers[0])
                }
            case 5..<8 where overlaps: commitPart(journal, &flights)
            case 5..<8: journal.commitOnce()
            case 8: _ = try? journal.maintainOnce()
            default: clock.advance(milliseconds: Int64.random(in: 0...2_000, using: &generator))
            }
            ledger.settle(by: listener)
            if listener.hasFailed { break }
        }
        ledger.settle(by: listener)
    }

    /// Begins a batch, syncs one that is under way, or publishes the oldest.
    private mutating func commitPart(_ journal: FileJournal, _ flights: inout [(flight: CommitFlight, isSynced: Bool)])
    {
        if let first = flights.first, first.isSynced, Bool.random(using: &generator) {
            _ = journal.land(&flights[0].flight)
            flights.removeFirst()
        } else if let index = flights.indices.filter({ !flights[$0].isSynced }).randomElement(using: &generator),
            flights.count == 2 || Bool.random(using: &generator)
        {
            journal.sync(&flights[index].flight)
            flights[index].isSynced = true
        } else if case .begun(let flight) = journal.begin() {
            flights.append((flight, false))
        }
    }
}

struct PowerCutTests {
    @Test(
        "acknowledged events outlive the power, refused ones never appear, order is kept",
        arguments: 0..<10 as Range<UInt64>, [false, true])
    func acknowledgedEventsOutliveThePower(block: UInt64, overlaps: Bool) throws {
        for seed in block * 50..<block * 50 + 50 {
            var simulation = Simulation(seed: seed, overlaps: overlaps)
            for cut in 0..<3 {
                let disk = simulation.disk
                // The power may go while the journal is being opened, too.
                disk.arm(Fault(call: Int.random(in: 1...150, using: &simulation.generator), effect: .powerOff))
                if let journal = try? FileJournal.open(simulation.options, fileSystem: disk, clock: simulation.clock) {
                    simulation.run(journal, steps: 60)
                }
                disk.powerCut(seed: seed &* 31 &+ UInt64(cut))
                let journal = try FileJournal.open(simulation.options, fileSystem: disk, clock: simulation.clock)
                let found = try readAll(journal)
                #expect(simulation.ledger.problems(found) == [], "seed \(seed), cut \(cut)")
                // What is there is known: sending it again adds nothing.
                let before = journal.committedBatch
                let numbers = found.compactMap(\.number)
                if !numbers.isEmpty {
                    let again = try append(numbers, to: journal)
                    #expect(again == .durable(duplicates: numbers.count), "seed \(seed), cut \(cut)")
                }
                #expect(journal.commitOnce() == .idle)
                #expect(journal.committedBatch == before)
                simulation.ledger.acknowledged.formUnion(numbers)
                simulation.ledger.waiting.removeAll()
                disk.kill()
            }
        }
    }

    @Test(
        "a sync that fails and loses its data loses nothing acknowledged", arguments: 0..<60 as Range<UInt64>,
        [false, true])
    func lostSyncLosesNothingAcknowledged(seed: UInt64, overlaps: Bool) throws {
        var simulation = Simulation(seed: seed, overlaps: overlaps)
        let disk = simulation.disk
        let call = Int.random(in: 1...25, using: &simulation.generator)
        let first = try FileJournal.open(simulation.options, fileSystem: disk, clock: simulation.clock)
        disk.arm(Fault(call: call, effect: .lostSync, operations: [.sync]))
        simulation.run(first, steps: 120)
        // The process goes, the page cache stays; what the restart serves must outlive the power.
        disk.kill()
        let second = try FileJournal.open(simulation.options, fileSystem: disk, clock: simulation.clock)
        let served = try readAll(second)
        #expect(simulation.ledger.problems(served) == [])
        disk.powerCut(seed: seed)
        let third = try FileJournal.open(simulation.options, fileSystem: disk, clock: simulation.clock)
        #expect(try readAll(third) == served)
    }

    @Test func startUpMayBeCutAtEachOfItsSteps() throws {
        var simulation = Simulation(seed: 77)
        let journal = try FileJournal.open(simulation.options, fileSystem: simulation.disk, clock: simulation.clock)
        simulation.run(journal, steps: 80)
        simulation.disk.setContents(of: "\(directory)/stranger.txt", to: [1, 2, 3])
        simulation.disk.kill()
        var call = 1
        while true {
            let disk = simulation.disk.copy()
            disk.arm(Fault(call: call, effect: .powerOff))
            let opened = try? FileJournal.open(simulation.options, fileSystem: disk, clock: simulation.clock)
            let didFinish = opened != nil
            disk.powerCut(seed: UInt64(call))
            let again = try FileJournal.open(simulation.options, fileSystem: disk, clock: simulation.clock)
            #expect(simulation.ledger.problems(try readAll(again)) == [], "cut at call \(call) of opening")
            if didFinish { break }
            call += 1
        }
        #expect(call > 20)
    }

    @Test func everyAcknowledgementIsPrecededByASyncOfItsBytes() throws {
        var simulation = Simulation(seed: 5)
        let journal = try FileJournal.open(simulation.options, fileSystem: simulation.disk, clock: simulation.clock)
        let listener = NotingListener(simulation.disk)
        journal.addObserver(listener)
        simulation.run(journal, steps: 400)
        var dirty: Set<String> = []
        var unnamed: Set<String> = []
        var acknowledgements = 0
        for entry in simulation.disk.trace {
            switch entry {
            case .write(let path, _): if path.contains(".journal") { dirty.insert(path) }
            case .sync(let path): dirty.remove(path)
            case .rename(_, let target): unnamed.insert(target)
            case .syncDirectory: unnamed.removeAll()
            case .unlink: break
            case .note:
                acknowledgements += 1
                #expect(dirty.isEmpty && unnamed.isEmpty, "acknowledged with \(dirty) \(unnamed) not on disk")
            }
        }
        #expect(acknowledgements > 50)
    }

    final class NotingListener: CommitObserver {
        private let disk: SimulatedFileSystem
        init(_ disk: SimulatedFileSystem) { self.disk = disk }
        func journalCommitted(through batch: UInt64) { disk.note("ack \(batch)") }
        func journalFailed() {}
    }
}
