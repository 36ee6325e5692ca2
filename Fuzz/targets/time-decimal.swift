// Times and decimals on any bytes: no stop of the process, times in range, and decimals as Double has them within
// rounding.
import Events
import RequestParsing

/// One input.
@_cdecl("fuzz_time_decimal")
public func fuzzTimeDecimal(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    // SAFETY: libFuzzer lends `count` bytes at `data` for the length of this call.
    let input = RawSpan(_unsafeBytes: UnsafeRawBufferPointer(start: data, count: count))
    if let time = TimeText.timestamp(input) {
        guard TimeText.range.contains(time.milliseconds) else { fatalError("a time out of range") }
    }
    if let micros = DecimalText.micros(input) {
        guard let value = Double(input.text) else { fatalError("a decimal Swift cannot read") }
        let difference = (value * 1_000_000 - Double(micros)).magnitude
        guard difference <= 0.51 + value.magnitude * 1_000_000 * 1e-14 else { fatalError("a decimal read wrongly") }
    }
    return 0
}
