internal import Catalog
internal import Events
internal import Synchronization
internal import Tagging

/// Exports between the page that reports on them and the click that takes them. In memory only: a restart forgets them,
/// and the person chooses the file again.
///
/// At most 8, each at most `GTMExport.bytesMax` of text as it was read; one more ends the oldest. Good for 30 minutes,
/// and for who sent it.
final class ImportStage: Sendable {
    private static let entriesMax = 8
    private static let lifeNanoseconds: UInt64 = 30 * 60 * 1_000_000_000

    /// One export, where it is to go, and who sent it.
    struct Entry: Sendable {
        let reading: GTMReading
        let container: ContainerID
        let workspace: WorkspaceID
        /// The draft's revision when the report was made.
        let revision: Int
        let actor: String
        let endsAt: MonotonicInstant
    }

    private let entries = Mutex<[(token: String, entry: Entry)]>([])

    static func end(from now: MonotonicInstant) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: now.nanoseconds &+ lifeNanoseconds)
    }

    /// Keeps an export; gives the word that brings it back.
    func add(_ entry: Entry, at now: MonotonicInstant) -> String {
        let token = Base64URL.random(byteCount: 16)
        entries.withLock { entries in
            entries.removeAll { $0.entry.endsAt <= now }
            if entries.count >= ImportStage.entriesMax { entries.removeFirst() }
            entries.append((token, entry))
        }
        return token
    }

    /// What is kept under a word for that person and container; nil where there is nothing any more.
    func entry(_ token: String, for actor: String, in container: ContainerID, at now: MonotonicInstant) -> Entry? {
        entries.withLock { entries in
            entries.first { $0.token == token && now < $0.entry.endsAt }?.entry
        }.flatMap { $0.actor == actor && $0.container == container ? $0 : nil }
    }

    /// Forgets it once it was taken.
    func remove(_ token: String) { entries.withLock { $0.removeAll { $0.token == token } } }
}
