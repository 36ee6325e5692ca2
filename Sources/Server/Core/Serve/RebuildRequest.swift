internal import Journal
internal import Projector

/// How far a rebuild is; travels over the admin socket, and the last one is what `highland rebuild --json` prints.
struct RebuildProgress: Codable, Sendable, Equatable {
    static let requestName = "rebuild"
    /// Applied again.
    var batches: UInt64
    /// To apply: what was committed when it began.
    var ofBatches: UInt64
    var events: UInt64
}

extension ProjectionPipeline {
    /// Answers `highland rebuild`: begins anew and tells how far it is, until everything is applied that was committed.
    /// A client that leaves does not end the rebuild; one more rebuild begins it again.
    func registerRebuild(on admin: AdminServer, seams: ServerSeams) {
        admin.registerStream(RebuildProgress.requestName, of: RebuildProgress.self) {
            [self] (_: AdminNothing, stream) in
            try rebuild(seams: seams)
            try followRebuild { stream.send($0) }
        }
    }

    /// Hands `take` how far it is, five times a second and at the end, as long as it says true.
    func followRebuild(_ take: (RebuildProgress) -> Bool) throws {
        let target = journal.committedBatch
        while !projector.waitUntilApplied(target, milliseconds: 200) {
            let status = projector.status
            if case .failed(let error) = status.phase { throw PipelineError.failed("\(error)") }
            if case .stopped = status.phase { throw PipelineError.stopped }
            guard take(progress(to: target)) else { return }
        }
        _ = take(progress(to: target))
    }

    private func progress(to target: UInt64) -> RebuildProgress {
        let status = projector.status
        return RebuildProgress(
            batches: min(status.appliedBatch, target), ofBatches: target, events: status.appliedEvents)
    }
}
