import Events
import Journal
import Testing

struct ContractTests {
    @Test func theFileJournalKeepsThePortsContract() throws {
        let journal = try FileJournal.open(
            smallOptions(), fileSystem: SimulatedFileSystem(), clock: ManualTimeSource(wall: start))
        #expect(EventJournalContract.violations(of: journal) { while journal.commitOnce() == .committed {} } == [])
        try journal.close()
    }
}
