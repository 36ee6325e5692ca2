// The JSON scanner on any bytes: no stop of the process, tokens in order, nesting that closes, an end or an error whose
// offset lies in the text, and every number and string of an accepted text readable. Read member by member it gives the
// same tokens, or the same error.
import Events
import RequestParsing

/// One input, whose first byte says whether several values are allowed.
@_cdecl("fuzz_json")
public func fuzzJSON(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 0 else { return 0 }
    // SAFETY: libFuzzer lends `count` bytes at `data` for the length of this call.
    let all = UnsafeRawBufferPointer(start: data, count: count)
    let input = RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: all.dropFirst()))
    compareWays(input, isSequence: all[0] & 1 == 1)
    var scanner = JSONScanner(input, depthMax: 32, keysMax: 1_000, isSequence: all[0] & 1 == 1)
    var last = 0
    var open = 0
    do throws(JSONError) {
        while true {
            let token = try scanner.next()
            guard token.start >= last, token.end >= token.start, token.end <= input.byteCount else {
                fatalError("token out of order")
            }
            last = token.end
            switch token.kind {
            case .objectStart, .arrayStart: open += 1
            case .objectEnd, .arrayEnd: open -= 1
            case .key, .string:
                var text: [UInt8] = []
                JSONText.append(token, of: input, to: &text)
                guard text.count <= token.range.count else { fatalError("text longer than its source") }
                guard Array(String(decoding: text, as: UTF8.self).utf8) == text else { fatalError("text is no UTF-8") }
            case .number:
                guard Double(input.extracting(token.range).text) != nil else {
                    fatalError("a number Swift cannot read")
                }
            case .true, .false, .null: break
            case .end:
                guard open == 0 else { fatalError("an end inside a value") }
                return 0
            }
            guard open == scanner.depth, open <= 32 else { fatalError("depth is wrong") }
        }
    } catch {
        guard error.offset >= 0, error.offset <= input.byteCount else { fatalError("an error outside of the text") }
    }
    return 0
}

private func compareWays(_ input: RawSpan, isSequence: Bool) {
    let tokens = read(input, isSequence: isSequence, isByMembers: false)
    let members = read(input, isSequence: isSequence, isByMembers: true)
    guard tokens.error == members.error else { fatalError("another error, read by members") }
    guard tokens.error != nil || tokens.found == members.found else { fatalError("other tokens, read by members") }
}

/// Every token but the ends of objects, which `nextMember` does not give.
private func read(
    _ input: RawSpan, isSequence: Bool, isByMembers: Bool
) -> (found: [JSONToken], error: JSONError?) {
    var scanner = JSONScanner(input, depthMax: 32, keysMax: 1_000, isSequence: isSequence)
    var found: [JSONToken] = []
    var isObject: [Bool] = []
    var member = JSONMember()
    do throws(JSONError) {
        while true {
            let token: JSONToken
            if isByMembers, isObject.last == true {
                guard try scanner.nextMember(into: &member) else {
                    isObject.removeLast()
                    continue
                }
                found.append(member.key)
                token = member.value
            } else {
                token = try scanner.next()
            }
            switch token.kind {
            case .objectStart: isObject.append(true)
            case .arrayStart: isObject.append(false)
            case .objectEnd:
                isObject.removeLast()
                continue
            case .arrayEnd: isObject.removeLast()
            default: break
            }
            found.append(token)
            if case .end = token.kind { return (found, nil) }
        }
    } catch { return (found, error) }
}
