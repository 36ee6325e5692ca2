// The day's salt: what makes the cookieless hash forgetful.
//
// Constraints
//   - Random, 32 bytes, never derived from anything; in the runtime directory (a tmpfs, in no backup), mode 600.
//   - Survives a restart inside its day. Destroyed for good after it: the file is swapped and the old bytes are
//     overwritten and synced.
//   - A destroyed salt never comes back, whatever the clock does.
//
// The day is UTC's, for every site. A site's own day would need a salt for each offset in use, alive up to 26 hours
// longer than any one site needs it; the price of one day for all is that a visitor on either side of 00:00 UTC has two
// hashes in one local day, which is why reports state the share of daily identifiers. For the visit timeout after the
// turn both hashes are carried, so that no visit breaks.
//
// Layout of DIR/salt
//   offset  bytes
//   0       8     "HLSALT1\n"
//   8       4     day of the current salt, days since 1970 in UTC, little-endian, signed
//   12      1     1 when a previous salt follows
//   13      32    current salt
//   45      32    previous salt, or zeros
//   77      8     SipHash of bytes 0 to 76 under a zero key, its low word, little-endian
//
// Life cycle, decided by `turn`, which a timer outside the event loops calls about once a second:
//   wall day after the salt's day          new salt; the old one becomes the previous one where the new day is the next
//                                          one and younger than the visit timeout, else it is destroyed at once
//   the visit timeout after midnight       the previous salt is destroyed
//   clock set back                         the salt in use stays in use, for at most 24 hours of the monotonic clock
//   file damaged, exposed or of a far day  destroyed; a new salt

package import Events
internal import Synchronization

/// Keeps, turns and destroys the day's salt. Thread-safe; `salts` may be called on event loops, `turn` may not.
package final class SaltKeeper: Sendable {
    /// The gap that ends a visit.
    package static let visitTimeoutMilliseconds: Int64 = 1_800_000

    private struct Held {
        var day: Int32
        var current: [UInt8]
        var previous: [UInt8]?
        /// The monotonic reading when the current salt came into use in this process.
        var since: MonotonicInstant
    }

    private let file: PrivateFile
    private let clock: any TimeSource
    private let windowMilliseconds: Int64
    private let published: Mutex<DaySalts>
    /// Held while files are written; `published` is not.
    private let held: Mutex<Held>

    /// Opens `directory/salt` or makes it. Blocks.
    package init(
        directory: String, clock: any TimeSource, visitTimeoutMilliseconds: Int64 = SaltKeeper.visitTimeoutMilliseconds
    ) throws(PrivacyError) {
        let file = PrivateFile(directory: directory, name: "salt")
        let now = clock.wallClock()
        let since = clock.monotonic()
        var first = Held(day: now.utcDay, current: Secrets.randomKey(), previous: nil, since: since)
        if let kept = SaltKeeper.restore(file), kept.day <= now.utcDay.addingReportingOverflow(1).partialValue {
            first = Held(day: kept.day, current: kept.current, previous: kept.previous, since: since)
        } else {
            try file.destroy()
            try file.replace(SaltKeeper.encode(first))
        }
        self.file = file
        self.clock = clock
        windowMilliseconds = visitTimeoutMilliseconds
        held = Mutex(first)
        published = Mutex(SaltKeeper.snapshot(first, generation: 1, window: visitTimeoutMilliseconds))
        try turn()
    }

    /// The salts now in use. A lock of a few instructions, no I/O: about 20 ns.
    package func salts() -> DaySalts { published.withLock { $0 } }

    /// Brings the salts up to the clock; true when something changed. Blocks on the file system. The salts in use change
    /// even where the file cannot be written; the error then says what to repair, and the next turn writes again.
    @discardableResult
    package func turn() throws(PrivacyError) -> Bool {
        let now = clock.wallClock()
        let monotonic = clock.monotonic()
        let window = windowMilliseconds
        let result: Result<Bool, PrivacyError> = held.withLock { held in
            guard SaltKeeper.advance(&held, now: now, monotonic: monotonic, window: window) else {
                return .success(false)
            }
            let next = held
            published.withLock { $0 = SaltKeeper.snapshot(next, generation: $0.generation &+ 1, window: window) }
            do throws(PrivacyError) {
                try file.replace(SaltKeeper.encode(held))
                return .success(true)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// The whole rule of the life cycle; false where nothing is due.
    private static func advance(
        _ held: inout Held, now: Timestamp, monotonic: MonotonicInstant, window: Int64
    ) -> Bool {
        let day = now.utcDay
        let age = monotonic.nanoseconds(since: held.since) / 1_000_000
        let sinceMidnight = now.milliseconds(since: DaySalts.start(of: day))
        if day > held.day {
            let continues = day == held.day &+ 1 && sinceMidnight < window
            held = Held(
                day: day, current: Secrets.randomKey(), previous: continues ? held.current : nil, since: monotonic)
            return true
        }
        if age >= UInt64(DaySalts.millisecondsPerDay) {
            held = Held(day: day, current: Secrets.randomKey(), previous: nil, since: monotonic)
            return true
        }
        let isOver = now.milliseconds(since: DaySalts.start(of: held.day)) >= window || age >= UInt64(clamping: window)
        guard held.previous != nil, isOver else { return false }
        held.previous = nil
        return true
    }

    private static func snapshot(_ held: Held, generation: UInt64, window: Int64) -> DaySalts {
        DaySalts(
            generation: generation, day: held.day, current: KeyedHash(key: held.current),
            previous: held.previous.map { KeyedHash(key: $0) },
            previousUntil: DaySalts.start(of: held.day).adding(milliseconds: window))
    }

    private static let magic = Array("HLSALT1\n".utf8)

    private static func encode(_ held: Held) -> [UInt8] {
        var bytes = magic
        for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: held.day >> Int32(shift))) }
        bytes.append(held.previous == nil ? 0 : 1)
        bytes += held.current
        bytes += held.previous ?? [UInt8](repeating: 0, count: 32)
        let sum = Secrets.checksum(bytes[...])
        for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: sum >> UInt64(shift * 8))) }
        return bytes
    }

    /// What the file holds; nil where it cannot be trusted for any reason: a new salt costs one broken visit.
    private static func restore(_ file: PrivateFile) -> (day: Int32, current: [UInt8], previous: [UInt8]?)? {
        guard let bytes = try? file.read(), bytes.count == 85, Array(bytes[..<8]) == magic,
            bytes.span.bytes.littleEndianUInt64(at: 77) == Secrets.checksum(bytes[..<77])
        else { return nil }
        let day = Int32(bitPattern: bytes.span.bytes.littleEndianUInt32(at: 8))
        return (day, Array(bytes[13..<45]), bytes[12] == 1 ? Array(bytes[45..<77]) : nil)
    }
}
