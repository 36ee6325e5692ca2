/// Bounds the time of asynchronous work.
enum Deadline {
    /// The work's result, or the `late` error when it takes longer than `limit`; the work is cancelled then and waited
    /// for, so nothing of it runs on unseen.
    static func run<Value: Sendable>(
        _ limit: Duration, _ work: @escaping @Sendable () async throws -> Value,
        late: @escaping @Sendable () -> AdminError
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let value = first else { throw late() }
            return value
        }
    }
}
