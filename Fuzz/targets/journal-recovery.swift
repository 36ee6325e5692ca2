import Events
import Journal

/// Recovery, file cursors, key files, sidecars and the record decoder over arbitrary bytes.
@_cdecl("fuzz_journal_recovery")
public func fuzzJournal(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    // SAFETY: libFuzzer gives `count` readable bytes for the time of this call.
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    _ = try? EventView(bytes.span.bytes)
    _ = RecoveryCheck.run(bytes.span.bytes)
    return 0
}
