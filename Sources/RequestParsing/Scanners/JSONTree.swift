internal import Events

/// One JSON value as a flat list of its parts, for texts whose members are needed in another order than they stand in:
/// a batch whose key follows its events. Ranges are places in the text that was read, which the caller keeps.
///
/// Bounded: at most `nodesMax` values and the scanner's own limits. Reused: reading again keeps the memory, some 100 bytes
/// a value. One pass to read; finding a member is linear in its object.
package struct JSONTree: ~Copyable {
    package struct Node: Sendable {
        package enum Kind: Sendable { case object, array, string, number, `true`, `false`, null }

        package var kind: Kind
        /// The value's token; of an object or array the whole text of it.
        package var token: JSONToken
        /// The member's name; nil inside of arrays.
        package var key: JSONToken?
        /// Where the name stands decoded, when it has escapes; else 0.
        fileprivate var keyStart: UInt32 = 0
        fileprivate var keyCount: UInt32 = 0
        /// The place behind everything inside of it.
        package var next: Int
    }

    /// More values in one text are refused as `tooManyKeys`.
    package static let nodesMax = 200_000
    package private(set) var nodes: [Node] = []
    /// Names that were written with escapes, decoded once: looking for members costs no more for them.
    private var decodedKeys: [UInt8] = []

    package init() {}

    /// Reads the one value of a text; it becomes node 0.
    package mutating func read(_ bytes: RawSpan, depthMax: Int, keysMax: Int) throws(JSONError) {
        nodes.removeAll(keepingCapacity: nodes.capacity <= 8_192)
        decodedKeys.removeAll(keepingCapacity: decodedKeys.capacity <= 8_192)
        var scanner = JSONScanner(bytes, depthMax: depthMax, keysMax: keysMax)
        // Places of the open containers, at most as many as the scanner lets be open.
        var open = InlineArray<64, Int>(repeating: 0)
        var depth = 0
        var key: JSONToken?
        while true {
            let token = try scanner.next()
            let kind: Node.Kind
            switch token.kind {
            case .end: return
            case .key:
                key = token
                continue
            case .objectEnd, .arrayEnd:
                depth -= 1
                nodes[open[depth]].next = nodes.count
                nodes[open[depth]].token.end = token.end
                continue
            case .objectStart: kind = .object
            case .arrayStart: kind = .array
            case .string: kind = .string
            case .number: kind = .number
            case .true: kind = .true
            case .false: kind = .false
            case .null: kind = .null
            }
            guard nodes.count < Self.nodesMax else { throw JSONError(.tooManyKeys, at: token.start) }
            if kind == .object || kind == .array {
                open[depth] = nodes.count
                depth += 1
            }
            nodes.append(Node(kind: kind, token: token, key: key, next: nodes.count + 1))
            if let key, key.hasEscapes { decode(key, of: bytes) }
            key = nil
        }
    }

    /// The last node's name.
    private mutating func decode(_ key: JSONToken, of bytes: RawSpan) {
        let start = decodedKeys.count
        JSONText.append(key, of: bytes, to: &decodedKeys)
        nodes[nodes.count - 1].keyStart = UInt32(clamping: start)
        nodes[nodes.count - 1].keyCount = UInt32(clamping: decodedKeys.count - start)
    }

    package var isEmpty: Bool { nodes.isEmpty }
    package func kind(_ node: Int) -> Node.Kind { nodes[node].kind }

    /// The first value inside of a container; nil where it is empty or none.
    package func first(in node: Int) -> Int? {
        let kind = nodes[node].kind
        return (kind == .object || kind == .array) && nodes[node].next > node + 1 ? node + 1 : nil
    }

    /// The value that follows `node` inside of `container`; nil behind the last one.
    package func next(after node: Int, in container: Int) -> Int? {
        let next = nodes[node].next
        return next < nodes[container].next ? next : nil
    }

    /// The last member of this name, as browsers read objects; nil where there is none, or it is null, or `node` is no
    /// object. Names with escapes match as the text they stand for.
    package func member(_ name: StaticString, of node: Int, in bytes: RawSpan) -> Int? {
        guard nodes[node].kind == .object else { return nil }
        var found: Int?
        var child = first(in: node)
        while let one = child {
            if matches(one, name, in: bytes) { found = one }
            child = next(after: one, in: node)
        }
        guard let found, nodes[found].kind != .null else { return nil }
        return found
    }

    private func matches(_ node: Int, _ name: StaticString, in bytes: RawSpan) -> Bool {
        guard let key = nodes[node].key else { return false }
        guard key.hasEscapes else { return bytes.extracting(key.range).equals(name) }
        let start = Int(nodes[node].keyStart)
        return decodedKeys.span.bytes.extracting(start..<start + Int(nodes[node].keyCount)).equals(name)
    }
}
