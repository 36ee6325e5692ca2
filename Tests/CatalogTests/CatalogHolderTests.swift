import Catalog
import Events
import Synchronization
import Testing

struct CatalogHolderTests {
    private func snapshot(_ generation: UInt64) -> CatalogSnapshot {
        CatalogSnapshot(generation: generation, sites: [])
    }

    @Test func readersSeeAReplacement() {
        let holder = CatalogHolder(snapshot(1))
        var reader = holder.makeReader()
        let first = reader.current()
        #expect(reader.current() === first)
        holder.replace(with: snapshot(2))
        #expect(reader.current().generation == 2)
        #expect(holder.current === reader.current())
    }

    @Test func anOlderSnapshotNeverReplacesANewer() {
        let holder = CatalogHolder(snapshot(5))
        holder.replace(with: snapshot(4))
        #expect(holder.current.generation == 5)
    }

    @Test func observersHearOfEveryReplacementOnce() {
        let holder = CatalogHolder(snapshot(1))
        let heard = Mutex<[UInt64]>([])
        holder.onChange { new in
            #expect(holder.current.generation >= new.generation)
            heard.withLock { $0.append(new.generation) }
        }
        for generation in [2, 3, 2, 4] as [UInt64] { holder.replace(with: snapshot(generation)) }
        #expect(heard.withLock { $0 } == [2, 3, 4])
    }

    @Test func generationsNeverGoBackForAnyReader() async {
        let holder = CatalogHolder(snapshot(0))
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                for generation in 1...2_000 {
                    holder.replace(with: CatalogSnapshot(generation: UInt64(generation), sites: []))
                }
                return true
            }
            for _ in 0..<3 {
                group.addTask {
                    var reader = holder.makeReader()
                    var last: UInt64 = 0
                    while last < 2_000 {
                        let now = reader.current().generation
                        if now < last { return false }
                        last = now
                        await Task.yield()
                    }
                    return true
                }
            }
            for await inOrder in group { #expect(inOrder) }
        }
        #expect(holder.current.generation == 2_000)
    }
}
