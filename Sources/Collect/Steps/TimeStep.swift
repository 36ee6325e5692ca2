package import Catalog
internal import Events

/// Finds when the event happened.
///
/// - No `time`: when it was received.
/// - `time` with `sentAt`: the sender's clock is off by `receivedAt - sentAt`. Up to 5 s of that may be the way
///   here, and `time` is taken as it is. More: the event happened `sentAt - time` before it was received, and the
///   offset is kept. Where `time` is more than 5 minutes after `sentAt`, `sentAt` is not plausible and is passed
///   over.
/// - Then the event must lie in [received - 48 h, received + 5 min].
/// - A server key's `time` is never corrected and may lie in the past, back to 1970, because it writes history.
package struct TimeStep: CollectStep {
    package static let name = CollectStepName.time
    package static let pastMilliseconds: Int64 = 48 * 3_600_000
    package static let futureMilliseconds: Int64 = 5 * 60_000
    /// A clock offset up to this is no offset but transport.
    package static let transportMilliseconds: Int64 = 5_000

    package init() {}

    /// Refuses with `invalid_time` or `time_out_of_range`. All arithmetic saturates.
    package mutating func run(
        _ draft: inout EventDraft, of request: borrowing RequestFacts, for site: Site, arena: inout TextArena
    ) throws(Rejection) {
        let receivedAt = request.receivedAt
        draft.occurredAt = receivedAt
        draft.clockOffsetMilliseconds = nil
        if draft.sentAt == .invalid { throw .invalidTime }
        switch draft.time {
        case .absent: return
        case .invalid: throw .invalidTime
        case .at(let time): draft.occurredAt = time
        }
        if !request.hasServerKey, case .at(let sentAt) = draft.sentAt {
            let offset = receivedAt.milliseconds(since: sentAt)
            let age = sentAt.milliseconds(since: draft.occurredAt)
            if offset.magnitude > UInt64(TimeStep.transportMilliseconds), age >= -TimeStep.futureMilliseconds,
                age < .max
            {
                draft.occurredAt = receivedAt.adding(milliseconds: -age)
                draft.clockOffsetMilliseconds = offset
            }
        }
        let earliest =
            request.hasServerKey
            ? Timestamp(milliseconds: 0) : receivedAt.adding(milliseconds: -TimeStep.pastMilliseconds)
        guard draft.occurredAt >= earliest,
            draft.occurredAt <= receivedAt.adding(milliseconds: TimeStep.futureMilliseconds)
        else { throw .timeOutOfRange }
    }
}
