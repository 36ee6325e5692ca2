import Admin
import Catalog
import Foundation
import Hummingbird
import Logging
import Testing

/// Serves made-up numbers on the port of `HIGHLAND_ADMIN_PREVIEW` until it is stopped, to look at the page:
/// `HIGHLAND_ADMIN_PREVIEW=8099 swift test --filter servesMadeUpNumbersToLookAt`. The key is printed.
@Suite struct PreviewTests {
    private static let port = ProcessInfo.processInfo.environment["HIGHLAND_ADMIN_PREVIEW"].flatMap { Int($0) }

    @Test(.enabled(if: PreviewTests.port != nil)) func servesMadeUpNumbersToLookAt() async throws {
        var settings = AdminSettings()
        settings.listenPort = try #require(PreviewTests.port)
        let reports = MadeUpReports(
            isEmpty: ProcessInfo.processInfo.environment["HIGHLAND_ADMIN_PREVIEW_EMPTY"] != nil,
            isAnonymous: ProcessInfo.processInfo.environment["HIGHLAND_ADMIN_PREVIEW_ANONYMOUS"] != nil)
        let test = try TestPlane(reports: reports, settings: settings)
        // The made-up days are those of June 2024; the clock stands in that month's last days.
        try await test.plane.application(logger: Logger(label: "preview")) { port in
            FileHandle.standardError.write(Data("key \(test.key(.owner))\n".utf8))
            FileHandle.standardError.write(Data("\(test.plane.signInLink(port: port))\n".utf8))
        }.run()
    }
}
