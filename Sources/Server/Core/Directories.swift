internal import Foundation

/// The directories of one installation, as absolute paths.
package struct Directories: Sendable, Equatable {
    package let data: String
    package let runtime: String
    package let secrets: String

    /// Resolves `settings` for this process. A runtime directory that nobody chose lies in `/dev/shm`, which is always
    /// a memory file system on Linux and survives a restart of the program but not of the machine. It is named after the
    /// data directory and the user, so that two installations never share a salt.
    package init(_ settings: StorageSettings, userID: UInt32 = getuid()) {
        data = Directories.absolute(settings.dataDirectory)
        secrets = settings.secretsDirectory.map(Directories.absolute) ?? data + "/secrets"
        if let chosen = settings.runtimeDirectory {
            runtime = Directories.absolute(chosen)
            return
        }
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in data.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        runtime = "/dev/shm/highland-\(String(hash, radix: 16))-\(userID)"
    }

    /// Makes the three directories with mode 0700 where they are missing. Refuses a directory that another user owns:
    /// whoever was first in a place where everybody may write would read what we put there. Only the data directory
    /// may be somebody else's when root runs a command on it.
    package func prepare() throws(DirectoryError) {
        try Directories.prepare(data, rootMayUseOthers: true)
        for path in [runtime, secrets] {
            try Directories.prepare(path, rootMayUseOthers: false)
            guard chmod(path, 0o700) == 0 else {
                throw DirectoryError(path: path, problem: "cannot be closed to others: \(SystemCall.message(errno))")
            }
        }
    }

    /// Makes one directory, its parents included.
    package static func prepare(_ path: String, rootMayUseOthers: Bool) throws(DirectoryError) {
        var partial = ""
        for part in path.split(separator: "/") {
            partial += "/" + part
            if mkdir(partial, 0o700) != 0 {
                let code = errno
                guard isDirectory(partial) else {
                    let problem = code == EEXIST ? "is not a directory" : "cannot be made: \(SystemCall.message(code))"
                    throw DirectoryError(path: partial, problem: problem)
                }
            }
        }
        var status = stat()
        guard lstat(path, &status) == 0 else {
            throw DirectoryError(path: path, problem: "cannot be read: \(SystemCall.message(errno))")
        }
        let own = geteuid()
        let mayUseOthers = rootMayUseOthers && own == 0
        guard status.st_uid == own || mayUseOthers else {
            throw DirectoryError(path: path, problem: "belongs to user \(status.st_uid), not to \(own)")
        }
        if status.st_mode & S_IFMT == S_IFLNK {
            guard stat(path, &status) == 0, status.st_uid == own || mayUseOthers else {
                throw DirectoryError(path: path, problem: "is a link to a directory of user \(status.st_uid)")
            }
        }
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// From the working directory, without `.`, `..` (textually) and double slashes.
    static func absolute(_ path: String) -> String {
        let whole = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        var parts: [Substring] = []
        for part in whole.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }
}

/// A directory that cannot be used.
package struct DirectoryError: Error, Sendable, Equatable, CustomStringConvertible {
    package let path: String
    package let problem: String

    package var description: String {
        "\(path): \(problem); expected a directory of this user, or one that can be made"
    }
}
