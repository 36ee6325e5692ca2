internal import Admin
internal import Collect
internal import Columns
internal import Events
internal import Journal
internal import Projector
internal import Serving
internal import Synchronization

/// Every metric of the program, in one place: names `stage_noun_unit[_total]`, base units, labels from closed lists.
enum ServerMetrics {
    static func families(_ state: ServerState, serving: ServingCounts?, pipeline: ProjectionPipeline) -> [MetricFamily]
    {
        var families: [MetricFamily] = []
        if let serving { families += self.serving(serving) }
        families += collect(state.ledgers.withLock { $0 }.map(\.counters))
        families += tags(state.scriptCounters.withLock { $0 }, state.scripts.current)
        families += journal(state.journal.metrics())
        families += projections(pipeline)
        return families
    }

    private static func serving(_ counts: ServingCounts) -> [MetricFamily] {
        [
            MetricFamily(
                "serving_connections_open", .gauge, help: "Open connections of the public plane.",
                counts.connectionsOpen),
            MetricFamily(
                "serving_connections_opened_total", .counter, help: "Connections accepted.", counts.connectionsOpened),
            MetricFamily("serving_requests_total", .counter, help: "Whole requests read.", counts.requests),
            MetricFamily(
                "serving_answers_total", .counter, help: "Answers written, refusals among them.", counts.answers),
            MetricFamily("serving_read_bytes_total", .counter, help: "Bytes read.", counts.bytesRead),
            MetricFamily("serving_written_bytes_total", .counter, help: "Bytes written.", counts.bytesWritten),
            MetricFamily(
                "serving_refusals_total", .counter, help: "Requests or connections refused before any event was read.",
                samples: Refusal.all.map { .init(.count(counts.count($0)), labels: [("reason", $0.name)]) }),
        ]
    }

    private static func collect(_ loops: [CollectCounters]) -> [MetricFamily] {
        func sum(_ value: (CollectCounters) -> UInt64) -> UInt64 { loops.reduce(0) { $0 &+ value($1) } }
        return [
            MetricFamily("collect_requests_total", .counter, help: "Requests that carry events.", sum(\.requests)),
            MetricFamily(
                "collect_events_offered_total", .counter, help: "Events offered; accepted and rejected ones together.",
                sum(\.offered)),
            MetricFamily(
                "collect_events_accepted_total", .counter, help: "Events taken, duplicates included.", sum(\.accepted)),
            MetricFamily(
                "collect_events_duplicate_total", .counter, help: "Accepted events that were known already.",
                sum(\.duplicates)),
            MetricFamily(
                "collect_events_quarantined_total", .counter, help: "Accepted events that are kept but not counted.",
                sum(\.quarantined)),
            MetricFamily(
                "collect_events_rejected_total", .counter, help: "Events refused, by reason.",
                samples: Rejection.allCases.map { reason in
                    .init(.count(sum { $0.refused(reason) }), labels: [("reason", reason.rawValue)])
                }),
            MetricFamily(
                "collect_step_seconds_total", .counter, help: "Time in each step over the sampled requests, one in 64.",
                samples: CollectStepName.allCases.map { step in
                    .init(
                        .number(Double(sum { $0.timings[step].nanoseconds }) / 1e9), labels: [("step", step.rawValue)])
                }),
            MetricFamily(
                "collect_step_samples_total", .counter, help: "Sampled runs of each step.",
                samples: CollectStepName.allCases.map { step in
                    .init(.count(sum { $0.timings[step].samples }), labels: [("step", step.rawValue)])
                }),
        ]
    }

    private static func tags(_ loops: [TagScriptCounters], _ scripts: TagScripts) -> [MetricFamily] {
        func sum(_ value: (TagScriptCounters) -> UInt64) -> UInt64 { loops.reduce(0) { $0 &+ value($1) } }
        func byKind(_ value: (TagScriptCounters, TagScript.Caching) -> UInt64) -> [MetricFamily.Sample] {
            TagScript.Caching.allCases.map { kind in
                .init(.count(sum { value($0, kind) }), labels: [("kind", kind.rawValue)])
            }
        }
        return [
            MetricFamily(
                "tags_scripts_served_total", .counter, help: "Container scripts sent whole, by kind.",
                samples: byKind { $0.served($1) }),
            MetricFamily(
                "tags_scripts_unchanged_total", .counter, help: "Container scripts that the client had (304), by kind.",
                samples: byKind { $0.unchanged($1) }),
            MetricFamily(
                "tags_scripts_unknown_total", .counter, help: "Requests for container scripts that there are not.",
                sum(\.unknown)),
            MetricFamily(
                "tags_scripts_sent_bytes_total", .counter, help: "Bytes of container scripts, as they were sent.",
                sum(\.bytes)),
            MetricFamily(
                "tags_scripts", .gauge, help: "Container scripts that can be asked for.",
                UInt64(clamping: scripts.count)),
            MetricFamily(
                "tags_scripts_bytes", .gauge, help: "Bytes of them in memory, packed and not.",
                UInt64(clamping: scripts.byteCount)),
        ]
    }

    private static func journal(_ metrics: JournalMetrics) -> [MetricFamily] {
        var buckets: [(upTo: Double, count: UInt64)] = []
        var running: UInt64 = 0
        for (index, count) in metrics.commitLatency.counts.enumerated() {
            running &+= count
            if let bound = LatencyHistogram.boundMicroseconds(index) { buckets.append((Double(bound) / 1e6, running)) }
        }
        return [
            MetricFamily("journal_commits_total", .counter, help: "Batches written and synced.", metrics.commits),
            MetricFamily(
                "journal_records_total", .counter, help: "Records on disk since the start.", metrics.committedRecords),
            MetricFamily(
                "journal_written_bytes_total", .counter, help: "Bytes of batches written.", metrics.committedBytes),
            MetricFamily(
                "journal_records_offered_total", .counter, help: "Records offered; acknowledged, refused and waiting.",
                metrics.offeredRecords),
            MetricFamily(
                "journal_records_acknowledged_total", .counter, help: "Records on disk, or duplicates of such.",
                metrics.acknowledgedRecords),
            MetricFamily(
                "journal_records_waiting", .gauge, help: "Records whose commit is under way.",
                UInt64(clamping: metrics.waitingRecords)),
            MetricFamily(
                "journal_records_refused_total", .counter, help: "Records refused, by reason.",
                samples: RefusalReason.allCases.map {
                    .init(.count(metrics.refusedRecords[$0] ?? 0), labels: [("reason", $0.rawValue)])
                }),
            MetricFamily(
                "journal_queue_bytes", .gauge, help: "Bytes that wait for the disk.",
                UInt64(clamping: metrics.queuedBytes)),
            MetricFamily(
                "journal_commit_seconds", .histogram, help: "Write and sync of one batch.",
                samples: [
                    .init(.buckets(buckets, count: running, sum: Double(metrics.commitLatency.sumNanoseconds) / 1e9))
                ]),
            MetricFamily("journal_files", .gauge, help: "Files of the journal.", UInt64(clamping: metrics.fileCount)),
            MetricFamily(
                "journal_file_bytes", .gauge, help: "Bytes of the journal's files.", UInt64(clamping: metrics.fileBytes)
            ),
            MetricFamily(
                "journal_idempotency_keys", .gauge, help: "Event ids that a repetition is recognised by.",
                UInt64(clamping: metrics.keyCount)),
            MetricFamily(
                "journal_maintenance_failures_total", .counter,
                help: "Compressing, merging or key writing that failed.", metrics.maintenanceFailures),
            MetricFamily(
                "journal_damage_accepted", .gauge, help: "Damaged ranges passed over, their loss accepted.",
                UInt64(clamping: metrics.acceptedDamageCount)),
            MetricFamily(
                "journal_without_space", .gauge, help: "1 while events are refused for want of space.",
                metrics.isWithoutSpace ? 1 : 0),
        ]
    }

    private static func projections(_ pipeline: ProjectionPipeline) -> [MetricFamily] {
        let status = pipeline.projector.status
        let lag = status.committedBatch > status.appliedBatch ? status.committedBatch - status.appliedBatch : 0
        var families = [
            MetricFamily(
                "projection_events_total", .counter, help: "Events applied since the start.", status.appliedEvents),
            MetricFamily("projection_lag_batches", .gauge, help: "Committed batches not yet applied.", lag),
            MetricFamily(
                "projection_lag_seconds", .gauge, help: "Age of the oldest batch not yet applied.",
                samples: [.init(.number(Double(status.lagMilliseconds) / 1000))]),
        ]
        families.append(
            MetricFamily(
                "projection_without_space", .gauge, help: "1 while files of the projections wait for space.",
                status.shortage == nil ? 0 : 1))
        if let columns = pipeline.columnStatistics {
            families += [
                MetricFamily("columns_parts", .gauge, help: "Immutable parts.", UInt64(clamping: columns.parts)),
                MetricFamily("columns_part_bytes", .gauge, help: "Bytes of the parts.", columns.partBytes),
                MetricFamily(
                    "columns_tail_rows", .gauge, help: "Rows not yet in a part.", UInt64(clamping: columns.tailRows)),
                MetricFamily(
                    "columns_rows_written_total", .counter, help: "Rows written into parts, merges included.",
                    columns.rowsWritten),
            ]
        }
        return families
    }
}
