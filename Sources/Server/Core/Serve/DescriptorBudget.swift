internal import Foundation

/// How many files and sockets the process may have open, and who may have how many of them.
///
///     limit = files and system | admin plane | public plane
///
/// Connections never take what files need: without a descriptor for its next file the journal refuses events.
package struct DescriptorBudget: Equatable {
    /// For everything but the two planes' connections: journal, key and column files being read or written (about 40
    /// at once), catalog, loops, and the admin socket with 16 commands.
    package static let filesReserve = 128
    /// What the admin plane takes where there is plenty.
    package static let adminConnectionsMax = 256

    package let publicConnectionsMax: Int
    package let adminConnectionsMax: Int
    /// One sentence for the operator where fewer connections are allowed than were asked for.
    package let warning: String?

    /// - limit: RLIMIT_NOFILE.
    /// - wanted: `public.connectionsMax`.
    package init(limit: Int, wanted: Int) {
        adminConnectionsMax = min(DescriptorBudget.adminConnectionsMax, max(8, limit / 8))
        let left = max(1, limit - DescriptorBudget.filesReserve - adminConnectionsMax)
        publicConnectionsMax = min(wanted, left)
        warning =
            wanted <= left
            ? nil
            : "public.connectionsMax is \(wanted), and \(limit) open files allow \(left); "
                + "raise the hard limit (LimitNOFILE=\(DescriptorBudget.limitNeeded(for: wanted)))"
    }

    /// The limit that allows so many connections of the public plane.
    package static func limitNeeded(for connections: Int) -> Int {
        let (sum, overflow) = connections.addingReportingOverflow(filesReserve + adminConnectionsMax)
        return overflow ? .max : sum
    }

    /// Raises the process's soft limit to its hard one; gives what is in force then, nil where the system does not say.
    static func raiseLimit() -> Int? {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return nil }
        if limit.rlim_cur < limit.rlim_max {
            limit.rlim_cur = limit.rlim_max
            _ = setrlimit(resource, &limit)
            guard getrlimit(resource, &limit) == 0 else { return nil }
        }
        return Int(clamping: limit.rlim_cur)
    }
}
