package import Catalog
package import Events
internal import Synchronization

/// A browser that signed in.
package struct Session: Sendable {
    /// For the audit trail; not the secret.
    let id: String
    let role: Role
    let scope: SiteScope
    /// Must come back with every unsafe request.
    let csrfToken: String
    let endsAt: MonotonicInstant
    var renewedAt: MonotonicInstant

    var principal: Principal { Principal(name: "session:" + id, role: role, scope: scope) }
}

/// Browser sessions: the cookie is a token of 256 random bits, kept as SHA-256, in memory only, so a restart ends all.
///
/// Life cycle: made by a sign-in link, ended by sign-out or 12 h later whatever happens. After an hour of use the token
/// changes; the old one is good for one more minute, for requests that were under way. At most 1,000; one more
/// ends the oldest.
package final class SessionTable: Sendable {
    static let lifeSeconds: UInt64 = 12 * 3_600
    private static let renewAfterNanoseconds: UInt64 = 3_600 * 1_000_000_000
    private static let graceNanoseconds: UInt64 = 60 * 1_000_000_000
    private let entriesMax: Int
    private let entries = Mutex<[[UInt8]: Session]>([:])

    package init(entriesMax: Int = 1_000) { self.entriesMax = entriesMax }

    /// A new session and the text of its cookie.
    package func start(role: Role, scope: SiteScope, at now: MonotonicInstant) -> (cookie: String, session: Session) {
        let end = MonotonicInstant(nanoseconds: now.nanoseconds &+ SessionTable.lifeSeconds &* 1_000_000_000)
        let session = Session(
            id: Base64URL.randomName(byteCount: 6), role: role, scope: scope,
            csrfToken: Base64URL.random(byteCount: 32), endsAt: end, renewedAt: now)
        return (add(session, at: now), session)
    }

    /// The session of a cookie's text; nil when there is none any more.
    package func session(_ cookie: String, at now: MonotonicInstant) -> Session? {
        guard cookie.utf8.count == 43 else { return nil }
        let digest = APIKey.digest(of: cookie)
        return entries.withLock { entries in
            guard let session = entries[digest] else { return nil }
            guard now < session.endsAt else {
                entries[digest] = nil
                return nil
            }
            return session
        }
    }

    /// The text of a new cookie where the present one has been used for an hour; nil where it may stay.
    func renew(_ cookie: String, at now: MonotonicInstant) -> (cookie: String, secondsLeft: UInt64)? {
        let digest = APIKey.digest(of: cookie)
        let old = entries.withLock { entries -> Session? in
            guard let session = entries[digest], now < session.endsAt,
                now.nanoseconds(since: session.renewedAt) >= SessionTable.renewAfterNanoseconds
            else { return nil }
            let grace = MonotonicInstant(nanoseconds: now.nanoseconds &+ SessionTable.graceNanoseconds)
            var leaving = Session(
                id: session.id, role: session.role, scope: session.scope, csrfToken: session.csrfToken,
                endsAt: min(session.endsAt, grace), renewedAt: now)
            leaving.renewedAt = now
            entries[digest] = leaving
            return session
        }
        guard var session = old else { return nil }
        session.renewedAt = now
        return (add(session, at: now), session.endsAt.nanoseconds(since: now) / 1_000_000_000)
    }

    /// Ends every cookie of the session.
    func end(_ cookie: String) {
        let digest = APIKey.digest(of: cookie)
        entries.withLock { entries in
            guard let id = entries[digest]?.id else { return }
            for (key, session) in entries where session.id == id { entries[key] = nil }
        }
    }

    package var count: Int { entries.withLock { $0.count } }

    private func add(_ session: Session, at now: MonotonicInstant) -> String {
        let cookie = Base64URL.random(byteCount: 32)
        let digest = APIKey.digest(of: cookie)
        entries.withLock { entries in
            if entries.count >= entriesMax {
                for (key, old) in entries where old.endsAt <= now { entries[key] = nil }
            }
            if entries.count >= entriesMax, let oldest = entries.min(by: { $0.value.endsAt < $1.value.endsAt }) {
                entries[oldest.key] = nil
            }
            entries[digest] = session
        }
        return cookie
    }
}
