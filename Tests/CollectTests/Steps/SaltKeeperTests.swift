import Collect
import Events
import Foundation
import Testing

@Suite final class SaltKeeperTests {
    private static let day: Int64 = 86_400_000
    private let midnight = Timestamp(milliseconds: 1_760_000_000_000 / 86_400_000 * 86_400_000)
    private let directory = NSTemporaryDirectory() + "highland-salt-\(UUID().uuidString)"
    private var path: String { directory + "/salt" }
    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private func bytes() throws -> [UInt8] { try [UInt8](Data(contentsOf: URL(fileURLWithPath: path))) }
    private func current() throws -> [UInt8] { try Array(bytes()[13..<45]) }

    @Test func theFileIsTheOwnersAlone() throws {
        _ = try SaltKeeper(directory: directory, clock: ManualTimeSource(wall: midnight))
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect((attributes[.posixPermissions] as? Int) == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["salt"])
    }

    @Test func aRestartKeepsTheDaysSalt() throws {
        let clock = ManualTimeSource(wall: midnight.adding(milliseconds: 3_600_000))
        _ = try SaltKeeper(directory: directory, clock: clock)
        let before = try bytes()
        clock.advance(milliseconds: 3_600_000)
        _ = try SaltKeeper(directory: directory, clock: clock)
        #expect(try bytes() == before)
    }

    @Test func theTurnKeepsYesterdaysSaltForTheVisitTimeoutOnly() throws {
        let clock = ManualTimeSource(wall: midnight.adding(milliseconds: -1_000))
        let keeper = try SaltKeeper(directory: directory, clock: clock)
        let yesterday = try current()
        #expect(try !keeper.turn())
        clock.advance(milliseconds: 1_000)
        #expect(try keeper.turn())
        #expect(try current() != yesterday)
        #expect(try Array(bytes()[45..<77]) == yesterday)
        clock.advance(milliseconds: 1_799_999)
        #expect(try !keeper.turn())
        clock.advance(milliseconds: 1)
        #expect(try keeper.turn())
        #expect(try Array(bytes()[45..<77]) == [UInt8](repeating: 0, count: 32))
    }

    @Test func theOldFilesBytesAreOverwritten() throws {
        let clock = ManualTimeSource(wall: midnight)
        let keeper = try SaltKeeper(directory: directory, clock: clock)
        let old = try #require(FileHandle(forReadingAtPath: path))
        let salt = try current()
        clock.advance(milliseconds: 2 * Self.day)
        try keeper.turn()
        let remains = try #require(try old.readToEnd())
        #expect(remains.count == 85)
        #expect(remains.allSatisfy { $0 == 0 })
        #expect(try !bytes().contains(sequence: salt))
    }

    @Test func aLeapOverADayKeepsNoOldSalt() throws {
        let clock = ManualTimeSource(wall: midnight)
        let keeper = try SaltKeeper(directory: directory, clock: clock)
        let old = try current()
        clock.jump(to: midnight.adding(milliseconds: 3_650 * Self.day + 5))
        #expect(try keeper.turn())
        #expect(try !bytes().contains(sequence: old))
    }

    @Test func aClockSetBackBringsNoSaltBack() throws {
        let clock = ManualTimeSource(wall: midnight.adding(milliseconds: -5_000))
        let keeper = try SaltKeeper(directory: directory, clock: clock)
        let first = try current()
        clock.advance(milliseconds: 2 * Self.day)
        try keeper.turn()
        let second = try current()
        clock.jump(to: midnight.adding(milliseconds: -5_000))
        #expect(try !keeper.turn())
        #expect(try current() == second)
        clock.advance(milliseconds: Self.day)
        #expect(try keeper.turn())
        let third = try current()
        #expect(Set([first, second, third]).count == 3)
        #expect(try !bytes().contains(sequence: second))
    }

    @Test func aSaltFromTheFarFutureIsDestroyedAtTheStart() throws {
        let clock = ManualTimeSource(wall: midnight.adding(milliseconds: 400 * Self.day))
        _ = try SaltKeeper(directory: directory, clock: clock)
        let future = try current()
        clock.jump(to: midnight)
        _ = try SaltKeeper(directory: directory, clock: clock)
        #expect(try current() != future)
    }

    /// Over random leaps of the clock: a salt that left the file never comes back to it.
    @Test(arguments: [UInt64(3), 41, 20_251_122])
    func aDestroyedSaltNeverReturns(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let clock = ManualTimeSource(wall: midnight)
        var keeper = try SaltKeeper(directory: directory, clock: clock)
        var gone: Set<[UInt8]> = []
        var held: Set<[UInt8]> = []
        for _ in 0..<150 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0:
                clock.jump(
                    to: clock.wallClock().adding(
                        milliseconds: .random(in: -5 * Self.day...5 * Self.day, using: &random)))
            case 1: keeper = try SaltKeeper(directory: directory, clock: clock)
            default: clock.advance(milliseconds: .random(in: 0...Self.day / 3, using: &random))
            }
            try keeper.turn()
            let bytes = try bytes()
            var now: Set = [Array(bytes[13..<45])]
            if bytes[12] == 1 { now.insert(Array(bytes[45..<77])) }
            #expect(now.isDisjoint(with: gone), "seed \(seed)")
            gone.formUnion(held.subtracting(now))
            held = now
        }
        #expect(gone.count > 5)
    }

    @Test(arguments: [0, 1, 84])
    func aDamagedFileIsReplaced(cut: Int) throws {
        let clock = ManualTimeSource(wall: midnight)
        _ = try SaltKeeper(directory: directory, clock: clock)
        let old = try current()
        try Data(bytes().prefix(cut)).write(to: URL(fileURLWithPath: path))
        _ = try SaltKeeper(directory: directory, clock: clock)
        #expect(try bytes().count == 85)
        #expect(try current() != old)
    }

    @Test func anUnwritableDirectoryIsNamed() {
        let error = #expect(throws: PrivacyError.self) {
            _ = try SaltKeeper(directory: "/proc/highland-none", clock: ManualTimeSource(wall: self.midnight))
        }
        #expect(error?.description.contains("/proc/highland-none") == true)
    }
}

@Suite final class SecretsTests {
    private let directory = NSTemporaryDirectory() + "highland-secrets-\(UUID().uuidString)"
    private var path: String { directory + "/secrets" }
    deinit { try? FileManager.default.removeItem(atPath: directory) }

    @Test func theyAreMadeOnceAndKept() throws {
        let first = try Secrets.load(directory: directory)
        let second = try Secrets.load(directory: directory)
        #expect(first.cookieKey == second.cookieKey)
        #expect(first.identifierKey == second.identifierKey)
        #expect(first.idempotencyKey == second.idempotencyKey)
        #expect(Set([first.cookieKey, first.identifierKey, first.idempotencyKey]).count == 3)
        #expect(first.cookieKey.count == 32)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect((attributes[.posixPermissions] as? Int) == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["secrets"])
    }

    @Test func aFileOthersMayReadIsRefused() throws {
        _ = try Secrets.load(directory: directory)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        let error = #expect(throws: PrivacyError.self) { _ = try Secrets.load(directory: self.directory) }
        #expect(error == .exposed(file: path, mode: 0o644))
        #expect(error?.hint.contains("chmod 600") == true)
    }

    @Test(arguments: [0, 8, 112, 114])
    func aFileOfTheWrongLengthIsRefused(count: Int) throws {
        _ = try Secrets.load(directory: directory)
        let whole = try Data(contentsOf: URL(fileURLWithPath: path)) + Data([0, 0])
        let handle = try #require(FileHandle(forUpdatingAtPath: path))
        try handle.truncate(atOffset: 0)
        try handle.write(contentsOf: whole.prefix(count))
        #expect(throws: PrivacyError.self) { _ = try Secrets.load(directory: self.directory) }
    }

    @Test func aChangedByteIsNoticed() throws {
        _ = try Secrets.load(directory: directory)
        let handle = try #require(FileHandle(forUpdatingAtPath: path))
        try handle.seek(toOffset: 50)
        let byte = try #require(try handle.read(upToCount: 1)).first ?? 0
        try handle.seek(toOffset: 50)
        try handle.write(contentsOf: Data([byte ^ 1]))
        #expect(throws: PrivacyError.damaged(file: path, reason: "checksum does not match")) {
            _ = try Secrets.load(directory: self.directory)
        }
    }
}

extension [UInt8] {
    func contains(sequence: [UInt8]) -> Bool {
        guard !sequence.isEmpty, count >= sequence.count else { return false }
        return (0...(count - sequence.count)).contains { self[$0..<$0 + sequence.count].elementsEqual(sequence) }
    }
}
