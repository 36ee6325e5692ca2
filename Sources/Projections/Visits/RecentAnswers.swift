internal import Events
internal import Glibc

/// What was asked lately and the answers: a key is a word (a site, say) and a text, compared whole. Open addressing, at
/// most half full; an answer costs a hash and a comparison, some 60 instructions for a short text, and no allocation.
///
/// Begins small and doubles as it is used. At its bound of answers or of text bytes it forgets all and begins anew:
/// nothing may depend on what it holds. A text longer than `textBytesMax` is not kept. The hash is a folded
/// multiplication with two secret words, so that an outsider cannot aim at one place.
struct RecentAnswers<Answer>: ~Copyable {
    private struct Place {
        /// 0 where the place is free.
        var hash: UInt64
        var word: UInt64
        var start: UInt32
        var count: UInt32
        var answer: Answer
    }

    static var textBytesMax: Int { 8 << 10 }
    private static var bytesMax: Int { 512 << 10 }

    private let answersMax: Int
    private let free: Place
    private let secret = ID128.random()
    private var places: [Place]
    private var bytes: [UInt8] = []
    private(set) var count = 0

    /// - Parameters:
    ///   - answersMax: a power of two.
    ///   - blank: any answer; stands in free places.
    init(answersMax: Int, blank: Answer) {
        self.answersMax = answersMax
        free = Place(hash: 0, word: 0, start: 0, count: 0, answer: blank)
        places = [Place](repeating: free, count: min(32, answersMax * 2))
    }

    /// Where the answer stands until the next `keep`; nil where it is not known.
    @inline(__always)
    func place(of text: RawSpan, _ word: UInt64) -> Int? {
        let hash = hash(text, word)
        var place = Int(truncatingIfNeeded: hash) & (places.count - 1)
        while places[place].hash != 0 {
            if places[place].hash == hash, places[place].word == word, isText(text, at: place) { return place }
            place = (place + 1) & (places.count - 1)
        }
        return nil
    }

    subscript(_ place: Int) -> Answer {
        @inline(__always)
        _read { yield places[place].answer }
        @inline(__always)
        _modify { yield &places[place].answer }
    }

    /// Keeps an answer to what has none yet.
    mutating func keep(_ answer: Answer, for text: RawSpan, _ word: UInt64) {
        guard text.byteCount <= RecentAnswers.textBytesMax else { return }
        if count == answersMax || bytes.count + text.byteCount > RecentAnswers.bytesMax { removeAll() }
        if count * 2 >= places.count { grow() }
        let kept = Place(
            hash: hash(text, word), word: word, start: UInt32(clamping: bytes.count),
            count: UInt32(clamping: text.byteCount), answer: answer)
        text.withUnsafeBytes { bytes.append(contentsOf: $0) }
        put(kept)
        count += 1
    }

    mutating func removeAll() {
        for place in places.indices { places[place] = free }
        bytes.removeAll(keepingCapacity: true)
        count = 0
    }

    private mutating func grow() {
        let old = places
        places = [Place](repeating: free, count: old.count * 2)
        for place in old where place.hash != 0 { put(place) }
    }

    private mutating func put(_ kept: Place) {
        var place = Int(truncatingIfNeeded: kept.hash) & (places.count - 1)
        while places[place].hash != 0 { place = (place + 1) & (places.count - 1) }
        places[place] = kept
    }

    @inline(__always)
    private func isText(_ text: RawSpan, at place: Int) -> Bool {
        let start = Int(places[place].start)
        guard Int(places[place].count) == text.byteCount else { return false }
        return bytes.withUnsafeBytes { kept in
            text.withUnsafeBytes { asked in
                guard let kept = kept.baseAddress, let asked = asked.baseAddress else { return true }
                // SAFETY: `keep` put as many bytes there, and what forgets them forgets the place too.
                return memcmp(kept + start, asked, text.byteCount) == 0
            }
        }
    }

    /// Never 0. Sixteen bytes a step; the last step overlaps the one before.
    @inline(__always)
    private func hash(_ text: RawSpan, _ word: UInt64) -> UInt64 {
        let count = text.byteCount
        let start = fold(secret.low ^ word, UInt64(truncatingIfNeeded: count))
        let state = text.withUnsafeBytes { bytes in
            // SAFETY: every load ends at `count` or before it, and that is the buffer's.
            var state = start
            if count >= 16 {
                var offset = 0
                while offset < count &- 16 {
                    state = fold(state ^ word64(bytes, offset), word64(bytes, offset &+ 8))
                    offset &+= 16
                }
                return fold(state ^ word64(bytes, count &- 16), word64(bytes, count &- 8))
            }
            if count >= 8 { return fold(state ^ word64(bytes, 0), word64(bytes, count &- 8)) }
            if count >= 4 {
                return fold(state ^ (word32(bytes, 0) | word32(bytes, count &- 4) << 32), 0)
            }
            for byte in bytes { state = state &* 0x100_0000_01B3 ^ UInt64(byte) }
            return fold(state, 0)
        }
        return max(1, state)
    }

    @inline(__always)
    private func word64(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }

    @inline(__always)
    private func word32(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        UInt64(bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    @inline(__always)
    private func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right ^ secret.high)
        return product.high ^ product.low
    }
}
