// The head parser on any bytes: it must not stop the process, must stay inside the bytes, and must give the same
// verdict when the bytes come in two parts (the first input byte picks where they are cut).
import Events
import RequestParsing

/// One input.
@_cdecl("fuzz_request_head")
public func fuzzRequestHead(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 1 else { return 0 }
    // SAFETY: libFuzzer lends `count` bytes at `data` for the length of this call.
    let all = UnsafeRawBufferPointer(start: data, count: count)
    let input = RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: all.dropFirst()))
    var whole = RequestHeadParser()
    let verdict = whole.parse(input)
    var split = RequestHeadParser()
    let cut = min(input.byteCount, input.byteCount * Int(all[0]) / 255)
    var second = split.parse(input.extracting(first: cut))
    if second == .needsMore { second = split.parse(input) }
    guard verdict == second else { fatalError("the verdict depends on the split: \(verdict), \(second)") }
    guard verdict == .complete else { return 0 }
    guard whole.head.byteCount == split.head.byteCount, whole.head.fieldCount == split.head.fieldCount,
        whole.head.contentLength == split.head.contentLength, whole.head.isChunked == split.head.isChunked
    else { fatalError("the head depends on the split") }
    var checksum = input.extracting(whole.head.path).byteCount &+ input.extracting(whole.head.query).byteCount
    for index in 0..<whole.head.fieldCount {
        let field = whole.head.field(index)
        checksum &+= input.extracting(field.name).byteCount &+ input.extracting(field.value).byteCount
    }
    whole.head.forEachValue(.forwardedFor) { value in
        var elements = ListElements(value)
        while let element = elements.next(in: input) {
            guard let address = IPAddress(forwardedElement: input.extracting(element)) else { continue }
            guard IPAddress(address.text) == address else {
                fatalError("\(address.text) reads back as another address")
            }
        }
    }
    guard checksum <= whole.head.byteCount else { fatalError("the parts are longer than the head") }
    return 0
}
