// Which hosts are which source.
//
// Constraints
//   - A look-up allocates nothing and costs one pass over the host.
//   - The longest known suffix of whole labels wins ("scholar.google.com" before "google.com"); of two entries for
//     the same host the one with the longer path.
//
// Layout of the lists (`SourceLists`, `OwnSources`): groups `name= host host |`, separated by white space. A host is
//   shop.example          that host and its sub-domains
//   www.shop.example      only that host, with or without www
//   {}.shop.example       the same as shop.example
//   shop.{}               shop.de, shop.co.uk, …: any country's ending, only that host, with or without www
//   shop.example/path     that host where the path begins so
// Names in capitals and small letters are what reports show; the name "-" stands for the host itself.
//
// Life cycle: parsed once at the start (0.3 ms) into an open-addressing table of suffix hashes; read only afterwards.

/// Known hosts and names of sources. About 1,300 entries, 130 KiB.
struct SourceTable {
    struct Entry {
        var hash: UInt64
        var host: Range<Int>
        var path: Range<Int>
        var name: Range<Int>
        var kind: SourceKind
        var isExact: Bool
    }

    private var text: [UInt8] = []
    private(set) var entries: [Entry] = []
    private var slots: [UInt16] = [UInt16](repeating: 0, count: 4096)
    /// Names in lower case, for tags: `utm_source=google`.
    private var names = ByteTable()

    private static let seed: UInt64 = 0xcbf2_9ce4_8422_2325
    private static let countrySeed: UInt64 = 0x9e37_79b9_7f4a_7c15
    private static let entriesMax = 3000

    /// The one table of the program; made at first use, its memory shared.
    static let standard = SourceTable()

    /// All lists; where two know a host, the earlier one here is right.
    private init() {
        add(OwnSources.excluded, .excluded)
        add(OwnSources.referrals, .referral)
        add(OwnSources.paidSearch, .paidSearch)
        add(OwnSources.email, .email)
        add(OwnSources.assistants, .assistant)
        add(SourceLists.assistants, .assistant)
        add(OwnSources.social, .social)
        add(SourceLists.social, .social)
        add(OwnSources.search, .search)
        add(SourceLists.search, .search)
        addAliases(OwnSources.paidSearchAliases, of: .paidSearch)
        addAliases(OwnSources.aliases)
    }

    var byteCount: Int { text.count + entries.count * MemoryLayout<Entry>.stride + slots.count * 2 + names.byteCount }

    /// The entry for a lower-case host (without www, port and trailing dot) and a path without its first slash.
    func find(host: borrowing RawSpan, path: borrowing RawSpan) -> Int? {
        var hash = Self.seed
        var best: Int?
        var offset = host.byteCount
        while offset > 0 {
            offset -= 1
            hash = Self.step(hash, host.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt8.self))
            if offset == 0 || host.unsafeLoadUnaligned(fromByteOffset: offset - 1, as: UInt8.self) == 0x2E,
                let found = probe(hash, host, from: offset, path)
            {
                best = found
                if offset == 0 { return best }
            }
        }
        return country(host, path) ?? best
    }

    /// The entry that has this lower-case name, or an alias of it.
    func find(name: borrowing RawSpan) -> Int? { names.find(name) }

    /// The name reports show; nil where it is the host itself.
    @_lifetime(borrow self)
    func name(of entry: Int) -> RawSpan? {
        let range = entries[entry].name
        return range.isEmpty ? nil : text.span.bytes.extracting(range)
    }

    func kind(of entry: Int) -> SourceKind { entries[entry].kind }

    @inline(__always)
    private static func step(_ hash: UInt64, _ byte: UInt8) -> UInt64 { (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }

    @inline(__always)
    private func slot(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: (hash ^ hash >> 29) & UInt64(slots.count - 1)) }

    private func probe(
        _ hash: UInt64, _ host: borrowing RawSpan, from offset: Int, _ path: borrowing RawSpan
    ) -> Int? {
        var index = slot(hash)
        var best: Int?
        while slots[index] != 0 {
            let number = Int(slots[index]) - 1
            let entry = entries[number]
            if entry.hash == hash, !entry.isExact || offset == 0, equals(entry.host, host, from: offset),
                starts(path, with: entry.path), best.map({ entries[$0].path.count < entry.path.count }) ?? true
            {
                best = number
            }
            index = (index + 1) & (slots.count - 1)
        }
        return best
    }

    /// Entries `name.{}`: the host without its country's ending.
    private func country(_ host: borrowing RawSpan, _ path: borrowing RawSpan) -> Int? {
        func byte(_ offset: Int) -> UInt8 { host.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt8.self) }
        var end = host.byteCount - 3
        guard end > 0, byte(end) == 0x2E else { return nil }
        var label = 0
        while label < 4, end > label, byte(end - label - 1) != 0x2E { label += 1 }
        if end > label + 1, byte(end - label - 1) == 0x2E, isSecondLevel(host.extracting(end - label..<end)) {
            end -= label + 1
        }
        var hash = Self.countrySeed
        for offset in stride(from: end - 1, through: 0, by: -1) { hash = Self.step(hash, byte(offset)) }
        return probe(hash, host.extracting(0..<end), from: 0, path)
    }

    /// Whether countries register names under this label: co.uk, com.br.
    private func isSecondLevel(_ label: borrowing RawSpan) -> Bool {
        var code: UInt32 = 0
        for offset in 0..<label.byteCount {
            code = code << 8 | UInt32(label.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt8.self))
        }
        switch code {
        case 0x636F, 0x6E65, 0x6F72, 0x6163: return true  // co ne or ac
        case 0x636F_6D, 0x6E65_74, 0x6F72_67, 0x676F_76, 0x6564_75: return true  // com net org gov edu
        default: return false
        }
    }

    private func equals(_ range: Range<Int>, _ host: borrowing RawSpan, from offset: Int) -> Bool {
        guard range.count == host.byteCount - offset else { return false }
        for index in 0..<range.count
        where text[range.lowerBound + index] != host.unsafeLoadUnaligned(fromByteOffset: offset + index, as: UInt8.self)
        {
            return false
        }
        return true
    }

    private func starts(_ path: borrowing RawSpan, with range: Range<Int>) -> Bool {
        guard path.byteCount >= range.count else { return false }
        for index in 0..<range.count
        where text[range.lowerBound + index] != path.unsafeLoadUnaligned(fromByteOffset: index, as: UInt8.self) {
            return false
        }
        return true
    }

    // MARK: - Building

    /// Hosts of advertisements give no names: `google` in a tag is the search engine, a medium says whether it was paid.
    private mutating func add(_ list: StaticString, _ kind: SourceKind) {
        forEachGroup(list) { table, name, words in
            let start = table.text.count
            if name != "-" { table.text += Array(name.utf8) }
            let range = start..<table.text.count
            var first: Int?
            for word in words where !word.hasPrefix("android-app//") {
                guard let number = table.add(word, range, kind) else { continue }
                first = first ?? number
            }
            if let first, !range.isEmpty, kind != .excluded, kind != .paidSearch {
                table.names.insert(Array(name.lowercased().utf8), first)
            }
        }
    }

    /// Groups `name= alias alias |` where the name is one of the lists', or of those of one kind.
    private mutating func addAliases(_ list: StaticString, of kind: SourceKind? = nil) {
        forEachGroup(list) { table, name, words in
            let ofKind = table.entries.firstIndex { $0.kind == kind && table.text[$0.name].elementsEqual(name.utf8) }
            guard let entry = ofKind ?? table.names.find(Array(name.lowercased().utf8).span.bytes) else { return }
            for word in words { table.names.insert(Array(word.utf8), entry) }
        }
    }

    private mutating func forEachGroup(_ list: StaticString, _ body: (inout SourceTable, String, [Substring]) -> Void) {
        let whole = list.withUTF8Buffer { String(decoding: $0, as: UTF8.self) }
        for group in whole.split(separator: "|") {
            let sides = group.split(separator: "=", maxSplits: 1)
            guard sides.count == 2 else { continue }
            let name = sides[0].split { $0 == " " || $0 == "\n" }.joined(separator: " ")
            body(&self, name, sides[1].split { $0 == " " || $0 == "\n" })
        }
    }

    /// The entry's number; nil where an earlier one already answers for this host.
    private mutating func add(_ word: Substring, _ name: Range<Int>, _ kind: SourceKind) -> Int? {
        let parts = word.split(separator: "/", maxSplits: 1)
        guard var host = parts.first, entries.count < Self.entriesMax else { return nil }
        var isExact = false
        var hash = Self.seed
        if host.hasSuffix(".{}") {
            host = host.dropLast(3)
            isExact = true
            hash = Self.countrySeed
        } else if let braces = host.range("{}.") {
            host = host[braces...]
        }
        if host.hasPrefix("www.") {
            host = host.dropFirst(4)
            isExact = true
        }
        let bytes = Array(host.utf8)
        for byte in bytes.reversed() { hash = Self.step(hash, byte) }
        let path = parts.count > 1 ? Array(parts[1].utf8) : []
        if let known = same(hash, path) {
            if entries[known].name == name { entries[known].isExact = entries[known].isExact && isExact }
            if !entries[known].isExact || isExact || entries[known].name == name { return known }
        }
        let start = text.count
        text += bytes + path
        let middle = start + bytes.count
        entries.append(
            Entry(hash: hash, host: start..<middle, path: middle..<text.count, name: name, kind: kind, isExact: isExact)
        )
        var index = slot(hash)
        while slots[index] != 0 { index = (index + 1) & (slots.count - 1) }
        slots[index] = UInt16(entries.count)
        return entries.count - 1
    }

    private func same(_ hash: UInt64, _ path: [UInt8]) -> Int? {
        var index = slot(hash)
        while slots[index] != 0 {
            let number = Int(slots[index]) - 1
            if entries[number].hash == hash, text[entries[number].path].elementsEqual(path) { return number }
            index = (index + 1) & (slots.count - 1)
        }
        return nil
    }
}

extension Substring {
    /// Where the text after the first occurrence of `part` begins.
    fileprivate func range(_ part: String) -> Substring.Index? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(part) { return index(start, offsetBy: part.count) }
            start = index(after: start)
        }
        return nil
    }
}
