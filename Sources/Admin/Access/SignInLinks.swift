internal import Catalog
internal import Events
internal import Synchronization

/// One-time sign-in links: a token of 256 random bits, kept as SHA-256, good once and for 30 minutes. At most 100 wait
/// to be used; a new one beyond that ends the oldest.
package final class SignInLinks: Sendable {
    private struct Entry {
        var digest: [UInt8]
        var role: Role
        var scope: SiteScope
        var madeAt: MonotonicInstant
    }

    private static let lifeNanoseconds: UInt64 = 30 * 60 * 1_000_000_000
    private static let entriesMax = 100
    private let entries = Mutex<[Entry]>([])

    package init() {}

    /// A new token, its text for the only time.
    func issue(role: Role, scope: SiteScope, at now: MonotonicInstant) -> String {
        let token = Base64URL.random(byteCount: 32)
        let entry = Entry(digest: APIKey.digest(of: token), role: role, scope: scope, madeAt: now)
        entries.withLock { entries in
            entries.removeAll { now.nanoseconds(since: $0.madeAt) >= SignInLinks.lifeNanoseconds }
            if entries.count >= SignInLinks.entriesMax { entries.removeFirst() }
            entries.append(entry)
        }
        return token
    }

    /// Uses a token up; nil when it was never given, was used or is too old. The comparison is of digests, so its time
    /// tells nothing about a token.
    func redeem(_ token: String, at now: MonotonicInstant) -> (role: Role, scope: SiteScope)? {
        let digest = APIKey.digest(of: token)
        return entries.withLock { entries in
            entries.removeAll { now.nanoseconds(since: $0.madeAt) >= SignInLinks.lifeNanoseconds }
            guard let index = entries.firstIndex(where: { $0.digest == digest }) else { return nil }
            let entry = entries.remove(at: index)
            return (entry.role, entry.scope)
        }
    }
}
