internal import Events
internal import RequestParsing

/// Where the members of one object stand that the translation looks for: one pass, no allocation. The last of a name
/// holds; null is as good as none.
struct PostHogMembers {
    private var nodes = InlineArray<64, Int>(repeating: 0)

    /// Names by their length: few are as long as another.
    private static let byLength: [[PostHogFields.Member]] = {
        precondition(PostHogFields.Member.allCases.count <= 64, "every member has its place")
        var lists: [[PostHogFields.Member]] = []
        for member in PostHogFields.Member.allCases {
            while lists.count <= member.name.utf8CodeUnitCount { lists.append([]) }
            lists[member.name.utf8CodeUnitCount].append(member)
        }
        return lists
    }()

    /// Knows nothing where `node` is no object.
    init(_ tree: borrowing JSONTree, _ node: Int?, _ source: RawSpan) {
        guard let node, tree.kind(node) == .object else { return }
        let lists = Self.byLength
        var child = tree.first(in: node)
        while let one = child {
            child = tree.next(after: one, in: node)
            guard let key = tree.nodes[one].key, key.range.count < lists.count else { continue }
            let name = source.extracting(key.range)
            for member in lists[key.range.count] where name.equals(member.name) {
                nodes[member.rawValue] = tree.kind(one) == .null ? 0 : one
                break
            }
        }
    }

    /// Node 0 is the whole text and no member.
    subscript(_ member: PostHogFields.Member) -> Int? {
        let node = nodes[member.rawValue]
        return node > 0 ? node : nil
    }
}
