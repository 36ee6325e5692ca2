// The URL splitter on any bytes: no stop of the process, parts in order and inside the text, the host without bytes
// that end an authority.
import Events
import RequestParsing

/// One input.
@_cdecl("fuzz_url")
public func fuzzURL(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    // SAFETY: libFuzzer lends `count` bytes at `data` for the length of this call.
    let input = RawSpan(_unsafeBytes: UnsafeRawBufferPointer(start: data, count: count))
    guard let parts = WebURL(input) else { return 0 }
    guard !parts.host.isEmpty, (parts.userInfo?.upperBound ?? 0) < parts.host.lowerBound,
        parts.host.upperBound <= parts.path.lowerBound, parts.path.upperBound <= parts.query?.lowerBound ?? count,
        parts.query?.upperBound ?? parts.path.upperBound <= parts.fragment?.lowerBound ?? count,
        parts.fragment?.upperBound ?? count <= count
    else { fatalError("parts out of order") }
    for byte in input.extracting(parts.host).array {
        guard byte > 0x20, byte != 0x7F, !"/\\?#@".utf8.contains(byte) else {
            fatalError("a host with a byte that ends it")
        }
    }
    return 0
}
