import Foundation
import Glibc
import LoadSupport

/// The collector under audit, started through a shell that is replaced by it, so that its process id is ours.
final class ServerProcess {
    private let process: Process

    /// Starts it and waits until `/readyz` answers 200; at most 30 s.
    init(command: String, port: Int) throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "exec " + command]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let deadline = Date().addingTimeInterval(30)
        while Date() < deadline {
            if !process.isRunning {
                throw AuditFailure(message: "the server left with \(process.terminationStatus) at its start")
            }
            if let http = try? HTTPConnection(port: port, timeoutSeconds: 2),
                let answer = try? http.request("GET", "/readyz"), answer.status == 200
            {
                return
            }
            usleep(5_000)
        }
        throw AuditFailure(message: "the server was not ready within 30 s")
    }

    func kill() {
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// SIGTERM; the exit code, or -1 when it did not leave within 10 s.
    func terminate() -> Int32 {
        Glibc.kill(process.processIdentifier, SIGTERM)
        let deadline = Date().addingTimeInterval(10)
        while process.isRunning, Date() < deadline { usleep(10_000) }
        guard !process.isRunning else {
            kill()
            return -1
        }
        return process.terminationStatus
    }
}
