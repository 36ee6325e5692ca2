internal import Synchronization

/// The scripts that are served now, for all loops. Whoever publishes puts a whole new table in at once; a loop reads it
/// through a `TagScriptsReader`, which costs one atomic load where nothing has changed.
package final class TagScriptsHolder: Sendable {
    private let scripts: Mutex<TagScripts>
    private let version = Atomic<UInt64>(1)

    package init(_ scripts: TagScripts = TagScripts()) { self.scripts = Mutex(scripts) }

    /// The table of now. Takes a lock for a few instructions.
    package var current: TagScripts { scripts.withLock { $0 } }

    /// Has every request from now on answered from `new`, all files of a publication together, unless a table of a
    /// newer generation is there already.
    package func replace(with new: TagScripts) {
        scripts.withLock { scripts in
            guard new.generation >= scripts.generation else { return }
            scripts = new
            version.add(1, ordering: .releasing)
        }
    }

    /// A reader for one thread.
    func makeReader() -> TagScriptsReader { TagScriptsReader(self) }

    fileprivate func read() -> (TagScripts, UInt64) {
        scripts.withLock { ($0, version.load(ordering: .acquiring)) }
    }

    fileprivate var currentVersion: UInt64 { version.load(ordering: .acquiring) }
}

/// One thread's view of a holder.
struct TagScriptsReader: Sendable {
    private let holder: TagScriptsHolder
    private var scripts: TagScripts
    private var version: UInt64

    fileprivate init(_ holder: TagScriptsHolder) {
        self.holder = holder
        (scripts, version) = holder.read()
    }

    /// The current table: one atomic load, and the lock only after a change.
    mutating func current() -> TagScripts {
        if holder.currentVersion != version { (scripts, version) = holder.read() }
        return scripts
    }
}
