internal import Adapters
internal import Catalog
internal import Foundation

/// What `highland doctor` looks at. Each check gives one finding. Nothing is made; a catalog that exists is opened as
/// every command opens it.
package enum Doctor {
    /// How bad it is. FAIL: the server will not start or will lose something.
    package enum Status: String, Sendable, Codable {
        case ok = "OK"
        case warn = "WARN"
        case fail = "FAIL"
    }

    /// One line.
    package struct Finding: Sendable, Codable, Equatable {
        package let check: String
        package let status: Status
        package let message: String
        /// What to do; empty where all is well.
        package let advice: String

        package init(_ check: String, _ status: Status, _ message: String, _ advice: String = "") {
            self.check = check
            self.status = status
            self.message = message
            self.advice = advice
        }
    }

    /// All checks, in the order of the report. A configuration that does not load ends it after that line.
    package static func examine(load: () throws -> LoadedConfiguration, environment: [String: String]) -> [Finding] {
        let loaded: LoadedConfiguration
        do {
            loaded = try load()
        } catch {
            return [Finding("configuration", .fail, "\(error)", "correct it and run this again")]
        }
        let configuration = loaded.configuration
        let directories = Directories(configuration.storage)
        var findings = [
            loaded.warnings.isEmpty
                ? Finding(
                    "configuration", .ok,
                    "\(loaded.origins.count) of \(ConfigurationKey.all.count) settings are given"
                )
                : Finding("configuration", .warn, loaded.warnings.joined(separator: ", "), "rename or remove them")
        ]
        findings += storage(directories, configuration.storage)
        findings.append(secrets(directories))
        findings.append(catalog(directories.data))
        findings.append(geo(configuration.collect))
        let isRunning = AdminClient(directory: directories.data).isServerRunning()
        if !isRunning { findings += journal(configuration, directories) }
        findings += network(configuration, directories.data, isRunning: isRunning)
        findings.append(descriptors(configuration.publicPlane))
        findings += libraries()
        findings.append(clock(directories.data))
        findings.append(zones())
        findings.append(hashing(environment))
        return findings
    }

    /// Opens the catalog and counts what is in it.
    static func catalog(_ data: String) -> Finding {
        guard access(data + "/" + CatalogStoreSQLite.fileName, F_OK) == 0 else {
            return Finding("catalog", .ok, "none yet; the first command or start makes it")
        }
        do {
            let store = try CatalogStoreSQLite(directory: data)
            let snapshot = try store.load()
            let counts = "\(snapshot.sites.count) sites, \(snapshot.keys.count) keys, generation \(snapshot.generation)"
            return Finding("catalog", .ok, counts + "; " + (try store.durability()))
        } catch {
            return Finding("catalog", .fail, "\(error)")
        }
    }
}
