internal import COctets
internal import Events

/// Texts in numbered places of one size, for caches that find a text by its hash and compare the whole of it. Belongs
/// to one event loop.
struct KeptTexts {
    /// No longer text is kept.
    let bytesMax: Int
    private var bytes: [UInt8]
    /// 0 where the place is free.
    private var counts: [UInt16]

    init(places: Int, bytesMax: Int) {
        self.bytesMax = bytesMax
        bytes = [UInt8](repeating: 0, count: places * bytesMax)
        precondition(bytesMax <= Int(UInt16.max), "a kept text's length has sixteen bits")
        counts = [UInt16](repeating: 0, count: places)
    }

    /// The text is the one at the place.
    @inline(__always)
    func holds(_ text: borrowing RawSpan, at place: Int) -> Bool {
        Int(counts[place]) == text.byteCount && isStart(of: text, at: place)
    }

    /// The text begins with the one at the place.
    @inline(__always)
    func holdsStart(of text: borrowing RawSpan, at place: Int) -> Bool {
        counts[place] > 0 && Int(counts[place]) <= text.byteCount && isStart(of: text, at: place)
    }

    /// A text of `count` bytes at the place will be read soon.
    @inline(__always)
    func prefetch(_ place: Int, count: Int) { octets_prefetchAll(bytes, place * bytesMax, count) }

    /// The text at a place.
    @inline(__always)
    func copy(at place: Int, to arena: inout TextArena) -> ArenaText {
        arena.append(bytes.span.bytes.extracting(place * bytesMax..<place * bytesMax + Int(counts[place])))
    }

    /// Writes over what stood at the place. `text` has at most `bytesMax` bytes.
    mutating func keep(_ text: borrowing RawSpan, at place: Int) {
        bytes.overwrite(from: place * bytesMax, with: text)
        counts[place] = UInt16(truncatingIfNeeded: text.byteCount)
    }

    /// `text` has as many bytes as the place's.
    @inline(__always)
    private func isStart(of text: borrowing RawSpan, at place: Int) -> Bool {
        let count = Int(counts[place])
        let kept = bytes.span.bytes.extracting(place * bytesMax..<place * bytesMax + count)
        return text.extracting(first: count).withUnsafeBytes { text in
            kept.withUnsafeBytes { kept in
                guard let left = text.baseAddress, let right = kept.baseAddress else { return true }
                // SAFETY: both were cut to `count` bytes.
                return octets_same(left, right, UInt64(count)) != 0
            }
        }
    }
}

/// A quick hash for caches that compare the whole text: whoever knows it can make texts that share a place, and gains
/// nothing by it.
enum TextHash {
    /// The upper bits are the best. Sixteen bytes a step; the text has eight at least.
    @inline(__always)
    static func of(_ text: borrowing RawSpan, seed: UInt64 = 0) -> UInt64 {
        let count = text.byteCount
        precondition(count >= 8, "a text that is hashed has eight bytes")
        return text.withUnsafeBytes { text in
            // SAFETY: every load lies within `count` bytes, of which there are eight at least.
            func word(_ offset: Int) -> UInt64 { text.loadUnaligned(fromByteOffset: offset, as: UInt64.self) }
            var hash = seed ^ UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15
            var offset = 0
            while offset < count &- 16 {
                hash = fold(word(offset) ^ hash, word(offset &+ 8) ^ 0xA076_1D64_78BD_642F)
                offset &+= 16
            }
            return fold(word(max(count &- 16, 0)) ^ hash, word(count &- 8) ^ 0xA076_1D64_78BD_642F)
        }
    }

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low &* 0x9E37_79B9_7F4A_7C15
    }
}
