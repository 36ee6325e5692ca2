internal import Events

// The dictionary file of one site, `dictionary-N.hcd` in the parts directory.
//
// Constraints: little-endian; at most one entry a dimension; codes follow from the order, 1 is "(other)".
// Layout:
//   u8 version = 1 | "HCD" | u32 site | u8 dimension count
//   per dimension: u8 raw value | u8 has overflowed | u32 value count | per value: u32 byte count, bytes
//   u32 CRC-32C of everything before
// Life cycle: written at a checkpoint when the site has new values, synced before the manifest names it, never
// changed after, removed when no published manifest names it.

/// All dictionaries of one site; the writer's.
final class SiteDictionaries {
    let site: SiteID
    /// By the dimension's raw value.
    private(set) var byDimension = [ValueDictionary?](repeating: nil, count: 32)
    /// The file that holds the present state; nil when there is none or it is out of date.
    var file: StoredFile?

    init(site: SiteID) { self.site = site }

    /// The dimension's dictionary, made when missing.
    func dictionary(_ dimension: Dimension, limits: ColumnLimits) -> ValueDictionary {
        let index = Int(dimension.dictionary.rawValue)
        if let known = byDimension[index] { return known }
        let valuesMax = limits.distinctValuesMax(of: dimension.dictionary)
        let made = ValueDictionary(valuesMax: valuesMax, bytesMax: limits.dictionaryBytesMax)
        byDimension[index] = made
        return made
    }

    /// The dictionary's present state, empty when there is none.
    func snapshot(_ dimension: Dimension) -> DictionarySnapshot {
        byDimension[Int(dimension.dictionary.rawValue)]?.snapshot ?? .empty
    }

    /// The file's bytes.
    func encoded() -> [UInt8] {
        var writer = ByteWriter()
        writer.append(DictionaryFile.version)
        writer.bytes += DictionaryFile.magic
        writer.append(site.rawValue)
        let present = byDimension.enumerated().filter { $0.element != nil }
        writer.append(UInt8(clamping: present.count))
        for (index, dictionary) in present {
            guard let values = dictionary?.snapshot else { continue }
            writer.append(UInt8(clamping: index))
            writer.append(UInt8(values.hasOverflowed ? 1 : 0))
            writer.append(values.count)
            for chunk in values.chunks {
                var start = 0
                for end in chunk.ends {
                    writer.append(counted: chunk.bytes[start..<Int(end)])
                    start = Int(end)
                }
            }
        }
        writer.seal()
        return writer.bytes
    }

    /// Reads a file's bytes. A value beyond today's bound keeps its code.
    static func decode(_ bytes: [UInt8], path: String, limits: ColumnLimits) throws(ColumnError) -> SiteDictionaries {
        var reader = try ByteReader(
            sealed: bytes, path: path, version: DictionaryFile.version, magic: DictionaryFile.magic)
        let dictionaries = SiteDictionaries(site: SiteID(try reader.read(UInt32.self)))
        for _ in 0..<(try reader.read(UInt8.self)) {
            let raw = try reader.read(UInt8.self)
            guard let dimension = Dimension(rawValue: raw), dimension.dictionary == dimension else {
                throw ColumnError.damaged(path: path, offset: reader.offset, reason: "dimension \(raw) is not known")
            }
            let overflowed = try reader.read(UInt8.self) != 0
            let count = try reader.readCount(itemBytes: 4)
            let bound = max(limits.distinctValuesMax(of: dimension), count)
            let dictionary = ValueDictionary(valuesMax: bound, bytesMax: .max)
            for index in 0..<count {
                let value = try reader.readCounted()
                if index > 0 { _ = dictionary.add(value.span.bytes) }
            }
            dictionary.adopt(limits.distinctValuesMax(of: dimension), limits.dictionaryBytesMax, overflowed)
            dictionaries.byDimension[Int(raw)] = dictionary
        }
        return dictionaries
    }
}

/// The format's constants.
enum DictionaryFile {
    static let version: UInt8 = 1
    static let magic = Array("HCD".utf8)
}

/// An immutable file of the parts directory as a manifest names it.
struct StoredFile: Hashable, Sendable {
    var number: UInt64
    var byteCount: UInt64
    /// The file's last four bytes.
    var checksum: UInt32
}
