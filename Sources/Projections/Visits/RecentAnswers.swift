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
        var state = fold(secret.low ^ word, secret.high ^ UInt64(truncatingIfNeeded: count))
        if count >= 16 {
            var offset = 0
            while offset < count - 16 {
                state = fold(state ^ text.littleEndianUInt64(at: offset), text.littleEndianUInt64(at: offset + 8))
                offset += 16
            }
            state = fold(state ^ text.littleEndianUInt64(at: count - 16), text.littleEndianUInt64(at: count - 8))
        } else if count >= 8 {
            state = fold(state ^ text.littleEndianUInt64(at: 0), text.littleEndianUInt64(at: count - 8))
        } else if count >= 4 {
            let last = UInt64(text.littleEndianUInt32(at: count - 4))
            state = fold(state ^ (UInt64(text.littleEndianUInt32(at: 0)) | last << 32), 0)
        } else if count > 0 {
            let ends = UInt64(text.byte(at: 0)) | UInt64(text.byte(at: count - 1)) << 8
            state = fold(state ^ (ends | UInt64(text.byte(at: count / 2)) << 16), 0)
        }
        return max(1, state)
    }

    @inline(__always)
    private func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right ^ secret.high)
        return product.high ^ product.low
    }
}
