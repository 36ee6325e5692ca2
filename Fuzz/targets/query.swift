// Query, percent decoding and cookies on any bytes: no stop of the process, ranges in order, decoded text well-formed
// and never longer than allowed, and the same pairs as a plain split gives.
import Events
import RequestParsing

/// One input.
@_cdecl("fuzz_query")
public func fuzzQuery(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    // SAFETY: libFuzzer lends `count` bytes at `data` for the length of this call.
    let input = RawSpan(_unsafeBytes: UnsafeRawBufferPointer(start: data, count: count))
    let plain = input.array.split(separator: UInt8(ascii: "&")).map { piece -> (ArraySlice<UInt8>, ArraySlice<UInt8>) in
        guard let equals = piece.firstIndex(of: UInt8(ascii: "=")) else { return (piece, []) }
        return (piece[..<equals], piece[(equals + 1)...])
    }
    var pairs = QueryPairs(input)
    var found = 0
    while let pair = pairs.next() {
        guard found < plain.count, input.extracting(pair.key).array.elementsEqual(plain[found].0),
            input.extracting(pair.value).array.elementsEqual(plain[found].1)
        else { fatalError("the pairs are not those of a plain split") }
        found += 1
        var out: [UInt8] = [1, 2, 3]
        PercentDecoding.appendText(input.extracting(pair.value), plusIsSpace: true, to: &out)
        let text = Array(out.dropFirst(3))
        guard text.count <= 3 * pair.value.count else { fatalError("decoded text is too long") }
        guard Array(String(decoding: text, as: UTF8.self).utf8) == text else { fatalError("decoded text is no UTF-8") }
        guard !text.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            fatalError("decoded text holds a control character")
        }
    }
    guard found == plain.count else { fatalError("a pair is missing") }
    var cookies = CookiePairs(of: input)
    var last = 0
    while let (name, value) = cookies.next() {
        guard name.lowerBound >= last, name.upperBound < value.lowerBound, value.upperBound <= count else {
            fatalError("cookies out of order")
        }
        last = value.upperBound
    }
    return 0
}
