package import Events
internal import Synchronization

/// The salts of one moment, immutable: today's, and yesterday's for the visit timeout after the turn.
package final class DaySalts: Sendable {
    /// Differs between any two of one source.
    package let generation: UInt64
    /// Days since 1970-01-01 in UTC.
    package let day: Int32
    let current: KeyedHash
    /// Used for events received before `previousUntil` only.
    let previous: KeyedHash?
    package let previousUntil: Timestamp

    init(generation: UInt64, day: Int32, current: KeyedHash, previous: KeyedHash?, previousUntil: Timestamp) {
        self.generation = generation
        self.day = day
        self.current = current
        self.previous = previous
        self.previousUntil = previousUntil
    }

    static let millisecondsPerDay: Int64 = 86_400_000

    /// When a day begins in UTC.
    static func start(of day: Int32) -> Timestamp { Timestamp(milliseconds: Int64(day) * millisecondsPerDay) }
}

/// Where the identifier step takes its salts from.
package enum DaySaltSource: Sendable {
    /// The running server's: by the time an event was received.
    case live(SaltKeeper)
    /// An import's: by the time an event occurred.
    case replay(ReplaySalts)
}

/// Throw-away salts for an import: a random one for each logged day, in memory only, gone with the import. So a
/// repeated import gives the same visitors other hashes; its ledger, not the hash, tells repeats.
package final class ReplaySalts: Sendable {
    /// Days held at once; the oldest made is dropped beyond it, and a day met again gets a new salt.
    package static let daysMax = 4096
    private struct State {
        var salts: [Int32: KeyedHash] = [:]
        var order: [Int32] = []
        var last: DaySalts?
        var generation: UInt64 = 0
    }
    private let state = Mutex(State())
    private let windowMilliseconds: Int64

    package init(visitTimeoutMilliseconds: Int64 = SaltKeeper.visitTimeoutMilliseconds) {
        windowMilliseconds = visitTimeoutMilliseconds
    }

    /// The salts an event of this time would have seen. About 30 ns while the day stays the same.
    package func salts(at time: Timestamp) -> DaySalts {
        state.withLock { state in
            let day = time.utcDay
            if let last = state.last, last.day == day { return last }
            let previous = salt(day == .min ? day : day - 1, &state)
            let current = salt(day, &state)
            state.generation &+= 1
            let salts = DaySalts(
                generation: state.generation, day: day, current: current, previous: previous,
                previousUntil: DaySalts.start(of: day).adding(milliseconds: windowMilliseconds))
            state.last = salts
            return salts
        }
    }

    private func salt(_ day: Int32, _ state: inout State) -> KeyedHash {
        if let salt = state.salts[day] { return salt }
        if state.order.count >= ReplaySalts.daysMax { state.salts[state.order.removeFirst()] = nil }
        let salt = KeyedHash(key: Secrets.randomKey())
        state.salts[day] = salt
        state.order.append(day)
        return salt
    }
}
