internal import Catalog
internal import Dispatch
internal import Events
internal import Serving
internal import Synchronization
internal import Tagging

/// Keeps what is served below `/tags/` at what the store has: compiles what was compiled for sites that have changed
/// since, or by another version of Highland, then reads the whole table again where it is another one.
///
/// Runs on the threads that change definitions, which wait for it: whoever published knows that pages get it. Never on
/// an event loop. One at a time.
final class TagScriptsKeeper: Sendable {
    private let store: any CatalogStore & ContainerStore
    private let holder: CatalogHolder
    private let scripts: TagScriptsHolder
    private let log: @Sendable (LogLevel, String, [String: String]) -> Void
    private let queue = DispatchQueue(label: "highland.tags")
    /// The generation of the scripts that are served.
    private let shown = Mutex<UInt64?>(nil)

    init(
        store: any CatalogStore & ContainerStore, holder: CatalogHolder, scripts: TagScriptsHolder,
        log: @escaping @Sendable (LogLevel, String, [String: String]) -> Void
    ) {
        self.store = store
        self.holder = holder
        self.scripts = scripts
        self.log = log
    }

    /// Serves what the store has now and follows the holder from then on. Throws where the store cannot be read. What
    /// another version has compiled is served as it is and compiled again in the background: after an upgrade that is
    /// every container.
    func start() throws {
        let hasCompiled = refresh(holder.current)
        try reload()
        if hasCompiled { holder.replace(with: try store.load()) }
        holder.onChange { [self] in follow($0) }
        DispatchQueue.global(qos: .utility).async { [self] in compileAgain() }
    }

    /// One container at a time, so that a publication waits for one at most.
    private func compileAgain() {
        var hasCompiled = false
        for container in holder.current.containers {
            let one = queue.sync { refresh(holder.current, only: container.id, anyCompiler: false) }
            hasCompiled = hasCompiled || one
        }
        if hasCompiled, let now = try? store.load() { holder.replace(with: now) }
    }

    /// Called after every change of definitions. What fails leaves pages what they have, and is logged.
    private func follow(_ snapshot: CatalogSnapshot) {
        let hasCompiled = queue.sync { () -> Bool in
            let hasCompiled = refresh(snapshot)
            guard hasCompiled || shown.withLock({ $0 != snapshot.scriptsGeneration }) else { return false }
            do { try reload() } catch {
                log(.error, "the scripts of containers cannot be read", ["error": "\(error)"])
            }
            return hasCompiled
        }
        // Outside of the queue: the holder tells this keeper too, which finds nothing more to do.
        guard hasCompiled, let now = try? store.load() else { return }
        holder.replace(with: now)
    }

    private func refresh(_ snapshot: CatalogSnapshot, only id: ContainerID? = nil, anyCompiler: Bool = true) -> Bool {
        do throws(PublicationError) {
            let (hasCompiled, failures) = try ContainerPublisher(store).refreshAll(
                snapshot, only: id, anyCompiler: anyCompiler)
            for (container, error) in failures {
                log(
                    .warning,
                    "a container was not compiled again, for its sites of now or by this version; pages keep what they have",
                    ["container": container.publicID, "error": "\(error)"])
            }
            return hasCompiled
        } catch {
            log(.error, "containers cannot be compiled again", ["error": "\(error)"])
            return false
        }
    }

    private func reload() throws {
        let served = try store.servedScripts()
        let table = try TagScripts(served.scripts.map(TagScript.init), reusing: scripts.current)
        scripts.replace(with: table)
        shown.withLock { $0 = served.generation }
        if !table.leftOut.isEmpty {
            log(.error, "scripts are not served for want of room", ["count": "\(table.leftOut.count)"])
        }
    }
}

extension TagScript {
    /// As the store gives it.
    init(_ script: ServedScript) {
        let caching: Caching =
            switch script.caching {
            case .live: .live
            case .immutable: .immutable
            case .preview: .preview
            }
        self.init(
            path: script.path, bytes: script.bytes, gzip: script.gzip, caching: caching,
            expires: script.expiresAtMilliseconds.map(Timestamp.init(milliseconds:)))
    }
}
