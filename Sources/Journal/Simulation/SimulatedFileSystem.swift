internal import Events
import Synchronization

/// A disk in memory that forgets: what was not synced may be lost, torn at sectors or kept out of order when the
/// power is cut, and so may names that were not synced in their directory. Calls can be made to fail, and are traced.
///
/// Model: a file has the bytes that a process sees and the bytes that are on disk, with the changes between them in
/// order. `powerCut` lets each changed sector (512 bytes or 4 KiB) reach the disk or not, each size change and each
/// name change likewise, by the seed alone; then all processes are dead and all locks gone.
package final class SimulatedFileSystem: FileSystem {
    private enum Change {
        case write(offset: Int, bytes: [UInt8])
        case resize(Int)
    }

    private struct Node {
        var visible: [UInt8] = []
        var durable: [UInt8] = []
        var changes: [Change] = []
        /// Syncs that lost their data.
        var lostSyncs = 0
    }

    private struct OpenFile {
        let node: Int
        let path: String
        /// Of the node's lost syncs, the ones this descriptor has told.
        var lostSyncsTold: Int
    }

    private enum NameChange {
        case link(name: String, node: Int)
        case rename(from: String, to: String, node: Int)
        case unlink(name: String)

        var directory: String {
            switch self {
            case .link(let name, _), .rename(_, let name, _), .unlink(let name): SimulatedFileSystem.parent(of: name)
            }
        }
    }

    private struct State {
        var nodes: [Int: Node] = [:]
        var names: [String: Int] = [:]
        var durableNames: [String: Int] = [:]
        var nameChanges: [NameChange] = []
        var directories: Set<String> = []
        var open: [Int32: OpenFile] = [:]
        var locks: [Int32: String] = [:]
        var nextNode = 1
        var nextFile: Int32 = 3
        var capacityBytes = Int.max
        var calls = 0
        var fault: (plan: Fault, seen: Int)?
        var isPoweredOff = false
        var trace: [TraceEntry] = []
    }

    private let state = Mutex(State())

    package init(capacityBytes: Int = .max) { state.withLock { $0.capacityBytes = capacityBytes } }

    // MARK: what tests do to it

    /// Calls made so far, `close` not counted.
    package var callCount: Int { state.withLock { $0.calls } }
    package var trace: [TraceEntry] { state.withLock { $0.trace } }
    package func note(_ text: String) { state.withLock { $0.trace.append(.note(text)) } }
    package func clearTrace() { state.withLock { $0.trace.removeAll() } }
    /// Arms a fault, or disarms it; `Fault.call` counts from here.
    package func arm(_ fault: Fault?) { state.withLock { $0.fault = fault.map { ($0, 0) } } }
    package var capacityBytes: Int {
        get { state.withLock { $0.capacityBytes } }
        set { state.withLock { $0.capacityBytes = newValue } }
    }

    /// The visible bytes of a file, nil where there is none.
    package func contents(of path: String) -> [UInt8]? {
        state.withLock { state in state.names[path].flatMap { state.nodes[$0]?.visible } }
    }

    /// Puts a file there as if it had always been on disk; nil removes it.
    package func setContents(of path: String, to bytes: [UInt8]?) {
        state.withLock { state in
            state.names[path] = nil
            state.durableNames[path] = nil
            guard let bytes else { return }
            state.nodes[state.nextNode] = Node(visible: bytes, durable: bytes)
            state.names[path] = state.nextNode
            state.durableNames[path] = state.nextNode
            state.nextNode += 1
        }
    }

    /// A disk with the same durable and visible bytes: each run of a sweep begins from one.
    package func copy() -> SimulatedFileSystem {
        let source = state.withLock { $0 }
        let other = SimulatedFileSystem()
        other.state.withLock { target in
            target = source
            target.fault = nil
            target.open.removeAll()
            target.locks.removeAll()
            target.trace.removeAll()
        }
        return other
    }

    /// All processes die, the machine lives on: nothing that was written is lost, locks are gone.
    package func kill() {
        state.withLock { state in
            state.open.removeAll()
            state.locks.removeAll()
            state.fault = nil
            state.isPoweredOff = false
        }
    }

    /// Cuts the power. Everything synced is there afterwards; of the rest, what the seed lets through.
    package func powerCut(seed: UInt64) {
        state.withLock { state in
            var generator = SeededGenerator(seed: seed)
            for number in state.nodes.keys.sorted() {
                guard var node = state.nodes[number] else { continue }
                let sector = Bool.random(using: &generator) ? 512 : 4096
                let keepPercent = Int.random(in: 0...100, using: &generator)
                for change in node.changes {
                    Self.persist(change, in: &node.durable, sector, keepPercent, &generator)
                }
                node.visible = node.durable
                node.changes.removeAll()
                state.nodes[number] = node
            }
            let keepPercent = Int.random(in: 0...100, using: &generator)
            for change in state.nameChanges where Int.random(in: 0..<100, using: &generator) < keepPercent {
                Self.apply(change, to: &state.durableNames)
            }
            state.nameChanges.removeAll()
            state.names = state.durableNames
            let live = Set(state.names.values)
            state.nodes = state.nodes.filter { live.contains($0.key) }
            state.open.removeAll()
            state.locks.removeAll()
            state.fault = nil
            state.isPoweredOff = false
        }
    }

    private static func persist(
        _ change: Change, in durable: inout [UInt8], _ sector: Int, _ keepPercent: Int,
        _ generator: inout SeededGenerator
    ) {
        switch change {
        case .resize(let count):
            if Int.random(in: 0..<100, using: &generator) < keepPercent { resize(&durable, to: count) }
        case .write(let offset, let bytes) where keepPercent == 100:
            if durable.count < offset + bytes.count { resize(&durable, to: offset + bytes.count) }
            durable.replaceSubrange(offset..<offset + bytes.count, with: bytes)
        case .write(let offset, let bytes):
            var start = offset
            while start < offset + bytes.count {
                let end = min((start / sector + 1) * sector, offset + bytes.count)
                if Int.random(in: 0..<100, using: &generator) < keepPercent {
                    if durable.count < end { resize(&durable, to: end) }
                    durable.replaceSubrange(start..<end, with: bytes[start - offset..<end - offset])
                }
                start = end
            }
        }
    }

    private static func resize(_ bytes: inout [UInt8], to count: Int) {
        if bytes.count > count {
            bytes.removeLast(bytes.count - count)
        } else {
            bytes.appendZeros(count - bytes.count)
        }
    }

    private static func apply(_ change: NameChange, to names: inout [String: Int]) {
        switch change {
        case .link(let name, let node): names[name] = node
        case .rename(let from, let to, let node):
            if names[from] == node { names[from] = nil }
            names[to] = node
        case .unlink(let name): names[name] = nil
        }
    }

    fileprivate static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return String(path[..<slash])
    }

    // MARK: the seam

    /// Counts the call and fails it where the plan says so; gives the effect that the call itself must act on.
    private func enter(
        _ state: inout State, _ operation: FileOperation, _ path: String
    ) throws(FileSystemError) -> Fault.Effect? {
        state.calls += 1
        if state.isPoweredOff { throw FileSystemError(operation: operation, path: path, code: ErrorCode.inputOutput) }
        guard let (plan, seen) = state.fault else { return nil }
        if let only = plan.operations, !only.contains(operation) { return nil }
        state.fault = (plan, seen + 1)
        guard seen + 1 == plan.call || (plan.isForEver && seen + 1 > plan.call) else { return nil }
        switch plan.effect {
        case .error(let code): throw FileSystemError(operation: operation, path: path, code: code)
        case .powerOff:
            state.isPoweredOff = true
            throw FileSystemError(operation: operation, path: path, code: ErrorCode.inputOutput)
        case .shortWrite, .lostSync: return plan.effect
        }
    }

    private func node(
        _ state: inout State, _ file: FileNumber, _ operation: FileOperation
    ) throws(FileSystemError) -> (node: Int, path: String) {
        guard let open = state.open[file.rawValue] else {
            throw FileSystemError(operation: operation, path: "#\(file.rawValue)", code: ErrorCode.inputOutput)
        }
        return (open.node, open.path)
    }

    package func open(_ path: String, _ mode: OpenMode) throws(FileSystemError) -> FileNumber {
        try state.withLock { (state) throws(FileSystemError) in
            _ = try enter(&state, .open, path)
            let number: Int
            switch (mode, state.names[path]) {
            case (.read, let existing?), (.direct, let existing?): number = existing
            case (.read, nil), (.direct, nil):
                throw FileSystemError(operation: .open, path: path, code: ErrorCode.noEntry)
            case (.create, .some): throw FileSystemError(operation: .open, path: path, code: ErrorCode.exists)
            case (.create, nil):
                number = state.nextNode
                state.nextNode += 1
                state.nodes[number] = Node()
                state.names[path] = number
                state.nameChanges.append(.link(name: path, node: number))
            }
            let file = state.nextFile
            state.nextFile += 1
            state.open[file] = OpenFile(
                node: number, path: path, lostSyncsTold: state.nodes[number]?.lostSyncs ?? 0)
            return FileNumber(file)
        }
    }

    package func close(_ file: FileNumber) {
        state.withLock { state in
            state.open[file.rawValue] = nil
            state.locks[file.rawValue] = nil
        }
    }

    package func read(
        _ file: FileNumber, at offset: Int, into bytes: inout [UInt8], range: Range<Int>
    ) throws(FileSystemError) -> Int {
        let found = try state.withLock { (state) throws(FileSystemError) -> [UInt8] in
            let (number, path) = try node(&state, file, .read)
            _ = try enter(&state, .read, path)
            let visible = state.nodes[number]?.visible ?? []
            guard offset < visible.count else { return [] }
            return Array(visible[offset..<min(offset + range.count, visible.count)])
        }
        bytes.replaceSubrange(range.lowerBound..<range.lowerBound + found.count, with: found)
        return found.count
    }

    package func write(_ file: FileNumber, at offset: Int, _ bytes: RawSpan) throws(FileSystemError) -> Int {
        let all = bytes.array
        return try state.withLock { (state) throws(FileSystemError) in
            let (number, path) = try node(&state, file, .write)
            let effect = try enter(&state, .write, path)
            let count = effect == .shortWrite ? max(all.count / 2, 1) : all.count
            let taken = Array(all.prefix(count))
            let size = state.nodes[number]?.visible.count ?? 0
            if offset + count > size {
                try takeSpace(state, offset + count - size, .write, path)
                Self.resize(&state.nodes[number, default: Node()].visible, to: offset + count)
            }
            state.nodes[number]?.visible.replaceSubrange(offset..<offset + count, with: taken)
            state.nodes[number]?.changes.append(.write(offset: offset, bytes: taken))
            state.trace.append(.write(path: path, range: offset..<offset + count))
            return count
        }
    }

    package func sync(_ file: FileNumber) throws(FileSystemError) {
        try state.withLock { (state) throws(FileSystemError) in
            let (number, path) = try node(&state, file, .sync)
            if try enter(&state, .sync, path) == .lostSync {
                // The pages are marked clean without having been written: what the process sees is not on disk.
                state.nodes[number]?.changes.removeAll()
                state.nodes[number]?.lostSyncs += 1
            }
            guard var node = state.nodes[number] else { return }
            // Each descriptor that was open then is told once.
            if let told = state.open[file.rawValue]?.lostSyncsTold, told < node.lostSyncs {
                state.open[file.rawValue]?.lostSyncsTold = node.lostSyncs
                throw FileSystemError(operation: .sync, path: path, code: ErrorCode.inputOutput)
            }
            for change in node.changes {
                var generator = SeededGenerator(seed: 0)
                Self.persist(change, in: &node.durable, 512, 100, &generator)
            }
            node.changes.removeAll()
            state.nodes[number] = node
            state.trace.append(.sync(path: path))
        }
    }
}

/// Names, sizes and space.
extension SimulatedFileSystem {
    private func takeSpace(
        _ state: State, _ count: Int, _ operation: FileOperation, _ path: String
    ) throws(FileSystemError) {
        if count > free(state) { throw FileSystemError(operation: operation, path: path, code: ErrorCode.noSpace) }
    }

    private func free(_ state: State) -> Int {
        let used = state.nodes.filter { entry in
            state.names.values.contains(entry.key) || state.open.values.contains { $0.node == entry.key }
        }.reduce(0) { $0 + $1.value.visible.count }
        return max(0, state.capacityBytes - used)
    }

    package func syncDirectory(_ path: String) throws(FileSystemError) {
        try state.withLock { (state) throws(FileSystemError) in
            _ = try enter(&state, .syncDirectory, path)
            for change in state.nameChanges where change.directory == path {
                Self.apply(change, to: &state.durableNames)
            }
            state.nameChanges.removeAll { $0.directory == path }
            state.trace.append(.syncDirectory(path: path))
        }
    }

    package func rename(_ source: String, to target: String) throws(FileSystemError) {
        try state.withLock { (state) throws(FileSystemError) in
            _ = try enter(&state, .rename, target)
            guard let number = state.names[source] else {
                throw FileSystemError(operation: .rename, path: source, code: ErrorCode.noEntry)
            }
            let change = NameChange.rename(from: source, to: target, node: number)
            Self.apply(change, to: &state.names)
            state.nameChanges.append(change)
            state.trace.append(.rename(from: source, to: target))
        }
    }

    package func unlink(_ path: String) throws(FileSystemError) {
        try state.withLock { (state) throws(FileSystemError) in
            _ = try enter(&state, .unlink, path)
            guard state.names[path] != nil else {
                throw FileSystemError(operation: .unlink, path: path, code: ErrorCode.noEntry)
            }
            state.names[path] = nil
            state.nameChanges.append(.unlink(name: path))
            state.trace.append(.unlink(path: path))
        }
    }

    package func truncate(_ file: FileNumber, to byteCount: Int) throws(FileSystemError) {
        try state.withLock { (state) throws(FileSystemError) in
            let (number, path) = try node(&state, file, .truncate)
            _ = try enter(&state, .truncate, path)
            Self.resize(&state.nodes[number, default: Node()].visible, to: byteCount)
            state.nodes[number]?.changes.append(.resize(byteCount))
        }
    }

    package func preallocate(_ file: FileNumber, range: Range<Int>) throws(FileSystemError) {
        try state.withLock { (state) throws(FileSystemError) in
            let (number, path) = try node(&state, file, .preallocate)
            _ = try enter(&state, .preallocate, path)
            let size = state.nodes[number]?.visible.count ?? 0
            guard range.upperBound > size else { return }
            try takeSpace(state, range.upperBound - size, .preallocate, path)
            Self.resize(&state.nodes[number, default: Node()].visible, to: range.upperBound)
            state.nodes[number]?.changes.append(.resize(range.upperBound))
        }
    }

    package func size(_ file: FileNumber) throws(FileSystemError) -> Int {
        try state.withLock { (state) throws(FileSystemError) in
            let (number, path) = try node(&state, file, .size)
            _ = try enter(&state, .size, path)
            return state.nodes[number]?.visible.count ?? 0
        }
    }

    package func list(_ directory: String) throws(FileSystemError) -> [String] {
        try state.withLock { (state) throws(FileSystemError) in
            _ = try enter(&state, .list, directory)
            guard state.directories.contains(directory) else {
                throw FileSystemError(operation: .list, path: directory, code: ErrorCode.noEntry)
            }
            let below = state.names.keys.filter { Self.parent(of: $0) == directory }
            let folders = state.directories.filter { Self.parent(of: $0) == directory && $0 != directory }
            return (below + folders).map { String($0.dropFirst(directory.count + 1)) }.sorted()
        }
    }

    package func makeDirectory(_ path: String) throws(FileSystemError) {
        try state.withLock { (state) throws(FileSystemError) in
            _ = try enter(&state, .makeDirectory, path)
            state.directories.insert(path)
        }
    }

    package func lock(_ path: String) throws(FileSystemError) -> FileNumber {
        try state.withLock { (state) throws(FileSystemError) in
            _ = try enter(&state, .lock, path)
            if state.locks.values.contains(path) {
                throw FileSystemError(operation: .lock, path: path, code: ErrorCode.wouldBlock)
            }
            if state.names[path] == nil {
                state.nodes[state.nextNode] = Node()
                state.names[path] = state.nextNode
                state.nameChanges.append(.link(name: path, node: state.nextNode))
                state.nextNode += 1
            }
            let file = state.nextFile
            state.nextFile += 1
            state.locks[file] = path
            return FileNumber(file)
        }
    }

    package func freeSpace(_ directory: String) throws(FileSystemError) -> (freeBytes: Int, totalBytes: Int) {
        try state.withLock { (state) throws(FileSystemError) in
            _ = try enter(&state, .freeSpace, directory)
            return (free(state), state.capacityBytes)
        }
    }
}
