import ArgumentParser
import Events
import Foundation
import LoadSupport
import Synchronization

/// The claim "an acknowledged event is never lost and never doubled", tried against a running collector:
///
///   1. start the server with the given command, wait until it is ready;
///   2. many connections send batches of events with unique ids; every id is noted as acknowledged (2xx),
///      refused (any other answer) or unknown (the connection broke or timed out);
///   3. at a random moment the server is killed with SIGKILL;
///   4. it is started again; every unknown id, and a sample of the acknowledged ones, are sent once more with
///      the same ids, as a client does that got no answer;
///   5. after all cycles the dump command prints one JSON object a line, each with the `id` of an event on disk.
///
/// Passes when every acknowledged id is there exactly once and no refused id is there. Exit code 1 otherwise.
@main
struct AuditClient: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "highland-audit", abstract: "Kills a collector under load and checks every acknowledgement.")

    @Option(help: "Shell command that starts the server in the foreground.") var start: String
    @Option(help: "Shell command that prints the stored events as NDJSON, run with the server stopped.") var dump:
        String
    @Option(help: "Port the collector listens on, on 127.0.0.1.") var port: Int
    @Option(help: "Site key that the events carry.") var site: String
    @Option(help: "Host of the events' URLs.") var domain: String = "shop.test"
    @Option(help: "How often to kill.") var cycles: Int = 20
    @Option(help: "Connections sending at once.") var connections: Int = 16
    @Option(help: "Events a request.") var batch: Int = 5
    @Option(help: "Seed of the kill times.") var seed: UInt64 = 1

    func run() throws {
        var random = SeededGenerator(seed: seed)
        let ledger = Ledger()
        print("audit: seed \(seed), \(cycles) cycles, \(connections) connections, \(batch) events a request")
        for cycle in 1...cycles {
            let server = try ServerProcess(command: start, port: port)
            try resend(ledger, random: &random)
            let life = 20 + Int(random.next() % 800)
            let before = ledger.counts.acknowledged
            sendUntilKilled(server, ledger: ledger, cycle: cycle, lifeMilliseconds: life)
            let counts = ledger.counts
            print(
                "cycle \(cycle): killed after \(life) ms, \(counts.acknowledged - before) acknowledged, \(counts.unknown) unknown"
            )
        }
        let server = try ServerProcess(command: start, port: port)
        try resend(ledger, random: &random)
        let drained = server.terminate()
        guard drained == 0 else {
            throw AuditFailure(message: "the last server left with \(drained) on SIGTERM instead of 0")
        }
        try ledger.check(against: storedIDs())
        let counts = ledger.counts
        guard counts.acknowledged > cycles else {
            throw AuditFailure(message: "only \(counts.acknowledged) events were acknowledged")
        }
        print(
            "audit: \(counts.acknowledged) acknowledged, all there exactly once; \(counts.refused) refused, none there")
    }

    /// Every connection sends until its socket breaks; the killer waits its time, then kills.
    private func sendUntilKilled(_ server: ServerProcess, ledger: Ledger, cycle: Int, lifeMilliseconds: Int) {
        let group = DispatchGroup()
        let (port, site, domain, batch) = (port, site, domain, batch)
        for connection in 0..<connections {
            Thread.detachNewThread(in: group) {
                guard let http = try? HTTPConnection(port: port, timeoutSeconds: 5) else { return }
                var number = 0
                while true {
                    let ids = (0..<batch).map { "a\(cycle)-\(connection)-\(number)-\($0)" }
                    number += 1
                    guard ledger.send(ids, over: http, site: site, domain: domain) else { return }
                }
            }
        }
        Thread.sleep(forTimeInterval: Double(lifeMilliseconds) / 1000)
        server.kill()
        group.wait()
    }

    private func resend(_ ledger: Ledger, random: inout SeededGenerator) throws {
        let http = try HTTPConnection(port: port, timeoutSeconds: 10)
        var ids = ledger.takeUnknown()
        ids += ledger.sampleAcknowledged(50, random: &random)
        for start in stride(from: 0, to: ids.count, by: 100) {
            let slice = Array(ids[start..<min(ids.count, start + 100)])
            guard ledger.send(slice, over: http, site: site, domain: domain) else {
                throw AuditFailure(message: "the restarted server broke a connection")
            }
        }
    }

    private func storedIDs() throws -> [String] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", dump]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw AuditFailure(message: "the dump command left with \(process.terminationStatus)")
        }
        return data.split(separator: 10).compactMap { line in
            ((try? JSONSerialization.jsonObject(with: Data(line))) as? [String: Any])?["id"] as? String
        }
    }
}

struct AuditFailure: Error, CustomStringConvertible {
    var message: String
    var description: String { "audit failed: \(message)" }
}

extension Thread {
    static func detachNewThread(in group: DispatchGroup, _ body: @escaping @Sendable () -> Void) {
        group.enter()
        detachNewThread {
            body()
            group.leave()
        }
    }
}
