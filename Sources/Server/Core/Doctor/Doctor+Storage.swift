internal import Foundation

extension Doctor {
    /// The three directories and the room on the data volume.
    static func storage(_ directories: Directories, _ settings: StorageSettings) -> [Finding] {
        var findings = [
            directory("data directory", directories.data), space(directories.data, settings),
            directory("runtime directory", directories.runtime),
        ]
        if findings[2].status == .ok, let finding = memoryBacked(directories) { findings[2] = finding }
        findings.append(directory("secrets directory", directories.secrets))
        if findings[3].status == .ok, let finding = looseSecrets(directories.secrets) { findings[3] = finding }
        return findings
    }

    /// Whether a directory is there, ours, writable and closed to others, or can be made.
    static func directory(_ check: String, _ path: String) -> Finding {
        var status = stat()
        guard stat(path, &status) == 0 else {
            let parent = existingParent(of: path)
            guard access(parent, W_OK | X_OK) == 0 else {
                return Finding(
                    check, .fail, "\(path) is missing and \(parent) is not writable",
                    "make it, owned by this user, mode 0700")
            }
            return Finding(check, .ok, "\(path) is missing; the first start makes it")
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            return Finding(check, .fail, "\(path) is not a directory", "move it away or name another")
        }
        guard access(path, R_OK | W_OK | X_OK) == 0 else {
            return Finding(
                check, .fail, "\(path) is not writable for user \(geteuid())", "chown it to the server's user")
        }
        guard status.st_mode & 0o077 == 0 else {
            return Finding(
                check, .warn, "\(path) is open to other users (mode 0\(String(status.st_mode & 0o777, radix: 8)))",
                "chmod 700 \(path)")
        }
        return Finding(check, .ok, path)
    }

    private static func existingParent(of path: String) -> String {
        var parent = path
        while parent.count > 1 {
            parent = String(parent[..<(parent.lastIndex(of: "/") ?? parent.startIndex)])
            if parent.isEmpty { break }
            if access(parent, F_OK) == 0 { return parent }
        }
        return "/"
    }

    /// Free space against the reserve below which events are refused.
    static func space(_ data: String, _ settings: StorageSettings) -> Finding {
        let path = access(data, F_OK) == 0 ? data : existingParent(of: data)
        var volume = statvfs()
        guard statvfs(path, &volume) == 0 else {
            return Finding("free space", .fail, "\(path): \(SystemCall.message(errno))")
        }
        let unit = UInt64(volume.f_frsize)
        let free = UInt64(volume.f_bavail).multipliedReportingOverflow(by: unit).partialValue
        let total = UInt64(volume.f_blocks).multipliedReportingOverflow(by: unit).partialValue
        return space(free: free, total: total, settings)
    }

    /// The judgement alone, in bytes.
    static func space(free: UInt64, total: UInt64, _ settings: StorageSettings) -> Finding {
        let share = total / 100 * UInt64(clamping: settings.reservePercent)
        let reserve = max(UInt64(clamping: settings.reserveBytes), share)
        let message = "\(free >> 20) MiB free, \(reserve >> 20) MiB held in reserve"
        let advice = "free space, or lower storage.reserveBytes and storage.reservePercent"
        if free <= reserve { return Finding("free space", .fail, message + ": events would be refused", advice) }
        if free - reserve < 1 << 30 { return Finding("free space", .warn, message + ": less than 1 GiB to go", advice) }
        return Finding("free space", .ok, message)
    }

    /// Nil when the runtime directory lies in memory, where a salt leaves no trace.
    private static func memoryBacked(_ directories: Directories) -> Finding? {
        let runtime = directories.runtime
        if runtime.hasPrefix(directories.data + "/") {
            return Finding(
                "runtime directory", .fail, "\(runtime) lies in the data directory, which backups copy",
                "set HIGHLAND_RUNTIME")
        }
        guard let mounts = try? BoundedFile.text("/proc/self/mounts", bytesMax: 1 << 20),
            let kind = fileSystem(
                of: access(runtime, F_OK) == 0 ? runtime : existingParent(of: runtime), mounts: mounts)
        else { return nil }
        if !["tmpfs", "ramfs"].contains(kind) {
            return Finding(
                "runtime directory", .warn, "\(runtime) is on \(kind), where the day's salt may leave traces",
                "set HIGHLAND_RUNTIME to a directory on a tmpfs")
        }
        return nil
    }

    /// The kind of file system that `path` is on, from the lines of `/proc/self/mounts` (proc(5)); the last of the
    /// longest mount points that lead to it.
    static func fileSystem(of path: String, mounts: String) -> String? {
        var best: (length: Int, kind: String)?
        for line in mounts.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count >= 3 else { continue }
            let point = fields[1].replacingOccurrences(of: "\\040", with: " ")
            guard point == "/" || path == point || path.hasPrefix(point + "/") else { continue }
            if point.utf8.count >= best?.length ?? 0 { best = (point.utf8.count, String(fields[2])) }
        }
        return best?.kind
    }

    /// The first secret that others may read.
    private static func looseSecrets(_ path: String) -> Finding? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        for name in names.sorted() {
            var status = stat()
            let file = path + "/" + name
            if lstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o077 != 0 {
                return Finding("secrets directory", .fail, "\(file) is open to other users", "chmod 600 \(file)")
            }
        }
        return nil
    }
}
