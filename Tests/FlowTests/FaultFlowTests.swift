import Catalog
import Events
import Foundation
import Journal
import LoadSupport
import ServerCore
import Synchronization
import Testing

/// What clients see when the disk or the process lets them down. The journal's files are simulated; the HTTP is real.
@Suite(.serialized)
struct FaultFlowTests {
    private static let event = #"{"site":"KEY","name":"a"}"#

    private func post(_ server: RunningServer, id: String) throws -> HTTPConnection.Answer {
        try server.post(#"{"site":"\#(server.site.key)","name":"a","id":"\#(id)"}"#)
    }

    @Test func aFailedSyncAnswersTheWaiting503AndAsksToLeave() async throws {
        let disk = SimulatedFileSystem()
        let failed = Flag()
        var seams = ServerSeams()
        seams.fileSystem = disk
        seams.journalFailed = { failed.raise() }
        let server = try await RunningServer.start(seams: seams)
        // Making the first file of a disk in memory may take a busy machine longer than an event may wait.
        var first = try post(server, id: "before")
        for _ in 0..<400 where first.status == 503 {
            try await Task.sleep(for: .milliseconds(25))
            first = try post(server, id: "before")
        }
        #expect(first.status == 202, "\(String(decoding: first.body, as: UTF8.self))")
        disk.arm(Fault(call: 1, effect: .error(EIO), isForEver: true, operations: [.sync]))
        let answer = try post(server, id: "during")
        #expect(answer.status == 503)
        #expect(answer.header("retry-after") != nil)
        #expect(failed.waitUntilRaised(seconds: 10))
        #expect(try post(server, id: "after").status == 503)
        #expect(try server.request("GET", "/readyz").status == 503)
        #expect(try server.request("GET", "/healthz").status == 200)
        await server.stop()
    }

    @Test func aFullDiskRefusesWith503AndRecoversByItself() async throws {
        let disk = SimulatedFileSystem(capacityBytes: 24 << 20)
        var seams = ServerSeams()
        seams.fileSystem = disk
        let server = try await RunningServer.start(seams: seams, prepare: { $0.journal.fileBytesMax = 1 << 20 })
        let padding = String(repeating: "x", count: 1_900)
        let filler = (0..<12).map { "\"p\($0)\":\"\(padding)\"" }.joined(separator: ",")
        let connection = try server.connection()
        var statuses: [Int] = []
        for number in 0..<2_000 {
            let body = #"{"site":"\#(server.site.key)","name":"a","id":"\#(number)","properties":{\#(filler)}}"#
            let answer = try connection.request("POST", "/collect", body: Array(body.utf8))
            statuses.append(answer.status)
            if answer.status == 503 {
                #expect(answer.header("retry-after") != nil)
                break
            }
        }
        #expect(statuses.last == 503, "the disk never filled: \(statuses.count) requests")
        #expect(Set(statuses.dropLast()) == [202])
        #expect(try server.request("GET", "/healthz").status == 200)
        disk.capacityBytes = .max
        var recovered = false
        for _ in 0..<400 where !recovered {
            recovered = try post(server, id: "late").status == 202
            if !recovered { try await Task.sleep(for: .milliseconds(25)) }
        }
        #expect(recovered)
        await server.stop()
    }

    @Test func aDrainAnswersEveryRequestInFlightAndLosesNothing() async throws {
        let server = try await RunningServer.start()
        let (key, port) = (server.site.key, server.port)
        let acknowledged = Acknowledged()
        let started = Flag()
        // Threads of their own: clients that block would take the pool that the drain needs.
        let clients = DispatchGroup()
        for client in 0..<8 {
            clients.enter()
            Thread.detachNewThread {
                defer { clients.leave() }
                guard let connection = try? HTTPConnection(port: port) else { return }
                for number in 0..<100_000 {
                    let id = "\(client)-\(number)"
                    let body = Array(#"{"site":"\#(key)","name":"a","id":"\#(id)"}"#.utf8)
                    guard let answer = try? connection.request("POST", "/collect", body: body) else { return }
                    if answer.status == 202 { acknowledged.add(id) }
                    // One client alone, where the machine runs no more at once, has done enough by then.
                    if number == 150 { started.raise() }
                    if answer.header("connection") == "close" { return }
                }
            }
        }
        #expect(started.waitUntilRaised(seconds: 20))
        #expect(await server.server.stop(), "connections were cut off")
        await withCheckedContinuation { done in clients.notify(queue: .global()) { done.resume() } }
        let stored = try server.storedEvents().compactMap(\.clientEventID)
        #expect(Set(stored).count == stored.count, "an event is stored twice")
        #expect(acknowledged.ids.subtracting(stored).isEmpty)
        #expect(acknowledged.ids.count > 100)
        try? FileManager.default.removeItem(at: server.folder)
    }

    @Test func aRestartKeepsEventsKeysAndDuplicates() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "highland-restart-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var cookie = ""
        for round in 0..<3 {
            let server = try await RunningServer.start(folder: folder)
            #expect(try post(server, id: "same").status == 202)
            #expect(try post(server, id: "round-\(round)").status == 202)
            let answer = try server.pixel(
                "url=https://shop.test/&consent=m", headers: cookie.isEmpty ? [] : [("Cookie", cookie)])
            if round == 0 { cookie = String(try #require(answer.header("set-cookie")).prefix { $0 != ";" }) }
            if round > 0 { #expect(answer.header("set-cookie") == nil, "the signing key changed") }
            _ = await server.server.stop()
            let ids = try server.storedEvents().compactMap(\.clientEventID)
            #expect(ids == ["same"] + (0...round).map { "round-\($0)" })
        }
    }

    @Test func lostAndDamagedSecretsAreToldWithWhatTheyCost() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "highland-secrets-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let cost = "imported lines are no longer recognised"
        let first = try await RunningServer.start(folder: folder)
        #expect(try post(first, id: "a").status == 202)
        _ = await first.server.stop()
        let secrets = folder.appendingPathComponent("secrets/secrets")
        try FileManager.default.removeItem(at: secrets)
        let told = Acknowledged()
        var seams = ServerSeams()
        seams.log = { _, message, _ in told.add(message) }
        let second = try await RunningServer.start(folder: folder, seams: seams)
        #expect(told.ids.contains { $0.contains(cost) })
        _ = await second.server.stop()
        let handle = try #require(FileHandle(forWritingAtPath: secrets.path))
        try handle.truncate(atOffset: 50)
        try handle.close()
        do {
            _ = try await RunningServer.start(folder: folder)
            Issue.record("damaged secrets were taken")
        } catch {
            #expect("\(error)".contains("50 bytes, expected 113") && "\(error)".contains(cost))
        }
    }

    @Test func aDirectoryInUseIsRefusedWithItsName() async throws {
        let server = try await RunningServer.start()
        await #expect(throws: (any Error).self) { _ = try await RunningServer.start(folder: server.folder) }
        #expect(try post(server, id: "still").status == 202)
        await server.stop()
    }

    @Test func clockJumpsNeitherReorderNorRefuse() async throws {
        let clock = ManualTimeSource(wall: Timestamp(milliseconds: 1_790_000_000_000))
        var seams = ServerSeams()
        seams.time = clock
        let server = try await RunningServer.start(seams: seams)
        for days in [0, -2, 4, 3_650, -3_652] {
            clock.jump(to: clock.wallClock().adding(milliseconds: Int64(days) * 86_400_000))
            #expect(try post(server, id: "after \(days) days").status == 202)
        }
        let positions = try server.storedEvents().map(\.position)
        #expect(positions.count == 5)
        #expect(positions == positions.sorted())
        await server.stop()
    }
}

/// Raised once by one thread, waited for by another.
final class Flag: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    func raise() { semaphore.signal() }
    func waitUntilRaised(seconds: Int) -> Bool { semaphore.wait(timeout: .now() + .seconds(seconds)) == .success }
}

/// The ids that clients heard a 202 for.
final class Acknowledged: Sendable {
    private let state = Mutex<Set<String>>([])
    func add(_ id: String) { state.withLock { _ = $0.insert(id) } }
    var ids: Set<String> { state.withLock { $0 } }
}
