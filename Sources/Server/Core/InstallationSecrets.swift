internal import Collect
internal import Foundation

/// The secrets of an installation, and what is lost with them.
enum InstallationSecrets {
    /// What new ones cost where there were others before.
    static let cost = "with new ones identifiers change, and duplicates and imported lines are no longer recognised"

    static func path(_ directories: Directories) -> String { directories.secrets + "/secrets" }

    static func exist(_ directories: Directories) -> Bool {
        access(path(directories), F_OK) == 0 || errno != ENOENT
    }

    /// Whether they are gone: there are none, and events that were taken with some.
    static func areLost(_ directories: Directories) -> Bool {
        guard !exist(directories) else { return false }
        let names = try? FileManager.default.contentsOfDirectory(atPath: directories.data + "/journal")
        return names?.contains { $0.hasSuffix(".journal") } ?? false
    }

    /// Reads them, or makes them where there are none; `warn` is told where there were others. Blocks.
    static func load(_ directories: Directories, warn: (String) -> Void) throws(SecretsError) -> Secrets {
        if areLost(directories) {
            warn("\(path(directories)): the secrets are gone, new ones are made; \(cost); restore them from a backup")
        }
        do throws(PrivacyError) { return try Secrets.load(directory: directories.secrets) } catch {
            throw SecretsError(cause: error)
        }
    }
}

/// Why the secrets cannot be used, with what it costs to do without.
struct SecretsError: Error, CustomStringConvertible {
    let cause: PrivacyError

    /// What an operator can do.
    var hint: String {
        switch cause {
        case .damaged, .exposed: "\(cause.hint); \(InstallationSecrets.cost)"
        case .system, .geoDatabase: cause.hint
        }
    }

    var description: String {
        switch cause {
        case .damaged, .exposed: "\(cause); \(InstallationSecrets.cost)"
        case .system, .geoDatabase: "\(cause)"
        }
    }
}
