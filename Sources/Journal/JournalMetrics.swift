package import Events

/// Counts and sizes at one moment. `offeredRecords` = `acknowledgedRecords` + all of `refusedRecords` +
/// `waitingRecords`.
package struct JournalMetrics: Sendable {
    package var commits: UInt64 = 0
    package var committedRecords: UInt64 = 0
    /// Frame bytes of the batches.
    package var committedBytes: UInt64 = 0
    package var committedBatch: UInt64 = 0
    package var offeredRecords: UInt64 = 0
    package var acknowledgedRecords: UInt64 = 0
    /// Among the offered: known already, by their key.
    package var duplicateRecords: UInt64 = 0
    package var waitingRecords: Int = 0
    package var refusedRecords: [RefusalReason: UInt64] = [:]
    package var queuedBytes = 0
    /// How long the oldest append has waited.
    package var queueAgeNanoseconds: UInt64 = 0
    /// Write and sync of a batch.
    package var commitLatency = LatencyHistogram()
    package var ringBatches = 0
    package var ringBytes = 0
    package var fileCount = 0
    package var fileBytes = 0
    package var sealedFileCount = 0
    /// Keys that a duplicate is found by, in memory and in files.
    package var keyCount = 0
    package var keyFileCount = 0
    package var keyBytesInMemory = 0
    /// When the oldest batch of the window was written; nil without keys.
    package var keyWindowStart: Timestamp?
    /// Lookups that met a damaged or unreadable page of a key file.
    package var unreadableKeyPages: UInt64 = 0
    /// Compressing, merging or key writing that failed; it is tried again.
    package var maintenanceFailures: UInt64 = 0
    /// Damaged ranges that were passed over, their loss accepted.
    package var acceptedDamageCount = 0
    package var isWithoutSpace = false
    package var hasFailed = false
}

/// Counts by upper bounds that double from 16 us: bucket n holds what took at most 16 << n us, the last one the rest.
package struct LatencyHistogram: Hashable, Sendable {
    package static let bucketCount = 20
    package private(set) var counts = [UInt64](repeating: 0, count: bucketCount)
    package private(set) var sumNanoseconds: UInt64 = 0

    package init() {}

    /// A bucket's upper bound; nil for the last one.
    package static func boundMicroseconds(_ bucket: Int) -> UInt64? {
        bucket < bucketCount - 1 ? 16 << UInt64(bucket) : nil
    }

    mutating func record(nanoseconds: UInt64) {
        var bucket = 0
        while let bound = Self.boundMicroseconds(bucket), nanoseconds > bound * 1_000 { bucket += 1 }
        counts[bucket] += 1
        sumNanoseconds &+= nanoseconds
    }
}
