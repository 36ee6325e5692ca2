/// One step of DEFLATE (RFC 1951): a byte, or a copy of what stands `distance` before.
struct DeflateStep: Sendable, Hashable {
    /// How many bytes it gives.
    var length: Int
    /// 0: a byte of its own.
    var distance: Int
}

/// The symbols of RFC 1951, section 3.2.5. Each function is O(1) and takes what the format allows alone: lengths from
/// 3 to 258, distances from 1 to 32,768.
enum DeflateSymbols {
    static let endOfBlock = 256
    static let literalCount = 286
    static let distanceCount = 30
    static let lengthMin = 3
    static let lengthMax = 258
    static let distanceMax = 32_768

    private static let lengthBases = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]
    private static let lengthExtras = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    /// By length, from 0.
    private static let lengthPlaces: [Int] = (0...lengthMax).map { length in
        lengthBases.lastIndex { $0 <= length } ?? 0
    }

    static func symbol(ofLength length: Int) -> Int { 257 + lengthPlaces[length] }

    /// Value and width of the bits after a length's symbol.
    static func extra(ofLength length: Int) -> (value: Int, bits: Int) {
        let place = lengthPlaces[length]
        return (length - lengthBases[place], lengthExtras[place])
    }

    static func symbol(ofDistance distance: Int) -> Int {
        let offset = distance - 1
        guard offset > 3 else { return offset }
        let top = offset.bitWidth - 1 - offset.leadingZeroBitCount
        return 2 * top + (offset >> (top - 1) & 1)
    }

    static func extra(ofDistance distance: Int) -> (value: Int, bits: Int) {
        let offset = distance - 1
        guard offset > 3 else { return (0, 0) }
        let bits = offset.bitWidth - 2 - offset.leadingZeroBitCount
        return (offset & ((1 << bits) - 1), bits)
    }
}
