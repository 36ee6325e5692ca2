internal import Collect
internal import Foundation
internal import Journal
internal import Projector

extension Doctor {
    /// The secrets, read as the server reads them.
    static func secrets(_ directories: Directories) -> Finding {
        let path = InstallationSecrets.path(directories)
        guard InstallationSecrets.exist(directories) else {
            guard InstallationSecrets.areLost(directories) else {
                return Finding("secrets", .ok, "none yet; the first start makes them")
            }
            return Finding(
                "secrets", .fail, "\(path) is missing, and the journal has events",
                "restore it from a backup; " + InstallationSecrets.cost)
        }
        do throws(PrivacyError) {
            _ = try Secrets.load(directory: directories.secrets)
            return Finding("secrets", .ok, path)
        } catch {
            let problem = SecretsError(cause: error)
            return failure("secrets", problem.description, problem.hint)
        }
    }

    /// Where countries come from, opened as the server opens it.
    static func geo(_ settings: CollectSettings) -> Finding {
        do throws(PrivacyError) {
            let source = try GeoSource.open(databasePath: settings.geoDatabase)
            if case .none = source {
                return Finding(
                    "geo database", .warn, "none: events get no country",
                    "install tor-geoipdb, or set HIGHLAND_GEOIP to an mmdb file")
            }
            return Finding("geo database", .ok, source.summary)
        } catch {
            return failure("geo database", error.description, error.hint)
        }
    }

    /// The journal as opening would judge it, and the checkpoint that a start would go on from. Takes no lock, so it is
    /// for an installation that no server runs on.
    static func journal(_ configuration: Configuration, _ directories: Directories) -> [Finding] {
        let options = JournalOptions(configuration, directories)
        guard access(options.directory, F_OK) == 0 else {
            return [
                Finding("journal", .ok, "none yet; the first start makes it"), checkpoint(directories, lastBatch: 0),
            ]
        }
        do throws(JournalError) {
            let report = try FileJournal.judge(options)
            var finding = Finding(
                "journal", .ok,
                "\(report.fileCount) files through batch \(report.lastBatch); headers and the last file were read, "
                    + "'highland journal verify' reads all")
            if !report.damage.isEmpty {
                finding = Finding(
                    "journal", .warn, "\(report.damage.count) damaged ranges are passed over (journal.acceptDamage)",
                    "restore the files from a backup; 'highland journal verify' names them")
            }
            return [finding, checkpoint(directories, lastBatch: report.lastBatch)]
        } catch {
            return [failure("journal", error.description, error.hint)]
        }
    }

    /// Whether the journal has what the checkpoint is made of.
    private static func checkpoint(_ directories: Directories, lastBatch: UInt64) -> Finding {
        do throws(ProjectorError) {
            guard let batch = try PublishedCheckpoint.batch(in: directories.data + "/checkpoints") else {
                return Finding("checkpoint", .ok, "none; reports are built from the journal")
            }
            guard batch <= lastBatch else {
                return Finding(
                    "checkpoint", .fail, "is of batch \(batch), and the journal ends with batch \(lastBatch)",
                    "restore the journal from a backup, or run 'highland rebuild' to count what is there")
            }
            return Finding("checkpoint", .ok, "of batch \(batch); columns are looked at by a running server only")
        } catch {
            return Finding("checkpoint", .warn, "\(error)", "the next start builds reports from the journal")
        }
    }

    /// A sentence that ends with its advice, taken apart.
    private static func failure(_ check: String, _ sentence: String, _ advice: String) -> Finding {
        let end = "; " + advice
        let message = sentence.hasSuffix(end) ? String(sentence.dropLast(end.count)) : sentence
        return Finding(check, .fail, message, advice)
    }
}
