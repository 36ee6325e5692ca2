// The chunked decoder on any bytes: no stop of the process, never more data than allowed, and the same data and verdict
// whatever the split (the first input byte picks the length of the parts).
import RequestParsing

private func decode(_ input: RawSpan, partBytes: Int) -> (data: [UInt8], verdict: ChunkedDecoder.Event, used: Int) {
    var decoder = ChunkedDecoder(bodyBytesMax: 4_096)
    var data: [UInt8] = []
    var start = 0
    while start < input.byteCount {
        let part = input.extracting(start..<min(input.byteCount, start + partBytes))
        var offset = 0
        reading: while true {
            let event = decoder.next(part, from: &offset)
            switch event {
            case .data(let range): data.append(contentsOf: part.extracting(range).array)
            case .needsMore: break reading
            case .end, .refused: return (data, event, start + offset)
            }
        }
        start += part.byteCount
    }
    return (data, .needsMore, input.byteCount)
}

/// One input.
@_cdecl("fuzz_chunked_body")
public func fuzzChunkedBody(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 1 else { return 0 }
    // SAFETY: libFuzzer lends `count` bytes at `data` for the length of this call.
    let all = UnsafeRawBufferPointer(start: data, count: count)
    let input = RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: all.dropFirst()))
    let whole = decode(input, partBytes: input.byteCount)
    let parts = decode(input, partBytes: 1 + Int(all[0]))
    guard whole.data == parts.data, whole.verdict == parts.verdict, whole.used == parts.used else {
        fatalError("the body depends on the split")
    }
    guard whole.data.count <= 4_096 else { fatalError("more data than allowed") }
    return 0
}
