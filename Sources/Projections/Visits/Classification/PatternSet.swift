internal import CPCRE2

/// Where a match and its groups stand in the text; -1 for a group that took no part.
struct Captures {
    static let groupsMax = 10
    var starts = [10 of Int32](repeating: -1)
    var ends = [10 of Int32](repeating: -1)
    /// Groups the pattern has, the whole match not counted.
    var count = 0
}

/// Regular expressions matched by PCRE2, each compiled when first tried (JIT where the library has it). A match works
/// on bytes and is bounded by a match, a depth and a heap limit; a text that reaches a limit does not match, and is
/// counted. Belongs to one thread.
///
/// Source: pcre2api(3), pcre2jit(3).
final class PatternSet {
    /// Backtracking points a single match may visit. uap-core's own tests need fewer than 2,000.
    static let matchLimit: UInt32 = 20_000
    static let depthLimit: UInt32 = 1_000
    static let heapLimitKibibytes: UInt32 = 256

    private enum Slot {
        case untried
        case compiled(OpaquePointer)
        case refused
    }

    private var slots: [Slot]
    private let patterns: [(bytes: [UInt8], ignoresCase: Bool)]
    private let data: OpaquePointer?
    private let context: OpaquePointer?
    /// Matches that gave up at a limit.
    private(set) var limitsReached = 0
    /// Patterns PCRE2 does not take; they never match.
    private(set) var refused = 0
    private(set) var compiled = 0
    /// Bytes of compiled patterns, machine code included.
    private(set) var byteCount = 0

    init(_ patterns: [(bytes: [UInt8], ignoresCase: Bool)]) {
        self.patterns = patterns
        slots = [Slot](repeating: .untried, count: patterns.count)
        data = pcre2_match_data_create_8(UInt32(Captures.groupsMax), nil)
        context = pcre2_match_context_create_8(nil)
        pcre2_set_match_limit_8(context, Self.matchLimit)
        pcre2_set_depth_limit_8(context, Self.depthLimit)
        pcre2_set_heap_limit_8(context, Self.heapLimitKibibytes)
    }

    deinit {
        for case .compiled(let code) in slots { pcre2_code_free_8(code) }
        pcre2_match_data_free_8(data)
        pcre2_match_context_free_8(context)
    }

    /// Whether pattern `index` matches anywhere in `text`, and where. No allocation once compiled.
    func match(_ index: Int, _ text: borrowing RawSpan, into captures: inout Captures) -> Bool {
        guard let data, let context, let code = code(of: index) else { return false }
        // SAFETY: the subject is `text`'s own bytes, alive for the call, with its length; PCRE2 reads no further.
        let result = text.withUnsafeBytes { bytes -> Int32 in
            guard let start = bytes.baseAddress else { return -1 }
            return pcre2_match_8(code, start.assumingMemoryBound(to: UInt8.self), bytes.count, 0, 0, data, context)
        }
        guard result >= 0 else {
            if result != PCRE2_ERROR_NOMATCH { limitsReached += 1 }
            return false
        }
        // SAFETY: the output vector has `groupsMax` pairs, as the match data was made; only the pairs that this match
        // set (`result`, or all where the vector was too small and the result is 0) are read.
        let pairs = result == 0 ? Captures.groupsMax : min(Int(result), Captures.groupsMax)
        guard let vector = pcre2_get_ovector_pointer_8(data) else { return false }
        captures.count = Captures.groupsMax - 1
        for pair in 0..<Captures.groupsMax {
            let isSet = pair < pairs && vector[2 * pair] <= text.byteCount && vector[2 * pair + 1] <= text.byteCount
            captures.starts[pair] = isSet ? Int32(truncatingIfNeeded: vector[2 * pair]) : -1
            captures.ends[pair] = isSet ? Int32(truncatingIfNeeded: vector[2 * pair + 1]) : -1
        }
        return true
    }

    /// Compiles every pattern now; how many PCRE2 refused.
    func compileAll() -> Int {
        for index in patterns.indices { _ = code(of: index) }
        return refused
    }

    private func code(of index: Int) -> OpaquePointer? {
        switch slots[index] {
        case .compiled(let code): return code
        case .refused: return nil
        case .untried:
            guard let code = compile(patterns[index].bytes, ignoresCase: patterns[index].ignoresCase) else {
                slots[index] = .refused
                refused += 1
                return nil
            }
            slots[index] = .compiled(code)
            return code
        }
    }

    private func compile(_ pattern: [UInt8], ignoresCase: Bool) -> OpaquePointer? {
        var errorCode: Int32 = 0
        var errorOffset = 0
        // SAFETY: PCRE2 reads `count` bytes of the pattern during the call and keeps none of it.
        let code = pattern.withUnsafeBufferPointer {
            pcre2_compile_8(
                $0.baseAddress, $0.count, ignoresCase ? UInt32(PCRE2_CASELESS) : 0, &errorCode, &errorOffset, nil)
        }
        guard let code else { return nil }
        compiled += 1
        // Without JIT support the call fails and the interpreter is used, under the same limits.
        _ = pcre2_jit_compile_8(code, UInt32(PCRE2_JIT_COMPLETE))
        var size = 0
        if pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_SIZE), &size) == 0 { byteCount += size }
        if pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_JITSIZE), &size) == 0 { byteCount += size }
        return code
    }
}
