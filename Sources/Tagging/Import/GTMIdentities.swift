/// Gives the objects of one kind ids of digits and names, each once.
struct GTMIdentities {
    /// `tag`, as findings have it.
    let kind: String
    /// Ids that a file had and that are no numbers, with what they became: references are read through it.
    private(set) var renumbered: [String: String] = [:]
    private var used: Set<String> = []
    private var names: Set<String> = []
    private var highest: Int64 = 0

    init(kind: String) { self.kind = kind }

    /// Tells of an id of the file, so that new ones stay clear of it.
    mutating func reserve(_ id: String?) {
        guard let id, GTMIdentities.isNumber(id), let number = Int64(id), number < 2_147_000_000 else { return }
        highest = max(highest, number)
    }

    static func isNumber(_ id: String) -> Bool {
        (1...18).contains(id.utf8.count) && id.utf8.allSatisfy { (48...57).contains($0) }
    }

    /// The file's id, or a new one where it is missing, no number or taken.
    mutating func id(_ id: String, _ path: String, _ findings: inout [Finding]) -> String {
        if GTMIdentities.isNumber(id) {
            if used.insert(id).inserted { return id }
            let other = fresh()
            findings.append(
                Finding(.warning, path, "A second \(kind) has the id \(id); this one becomes \(other)."))
            return other
        }
        let other = fresh()
        if id.isEmpty {
            findings.append(Finding(.notice, path, "The \(kind) has no id; it becomes \(other)."))
        } else {
            findings.append(
                Finding(.warning, path, "The id \"\(id.prefix(40))\" is no number; the \(kind) becomes \(other)."))
            if renumbered[id] == nil { renumbered[id] = other }
        }
        return other
    }

    /// An id that no object has.
    mutating func fresh() -> String {
        highest += 1
        while used.contains(String(highest)) { highest += 1 }
        used.insert(String(highest))
        return String(highest)
    }

    /// The file's name, or one that is like it where it is missing or taken.
    mutating func name(_ name: String, id: String, _ path: String, _ findings: inout [Finding]) -> String {
        if !name.isEmpty, names.insert(name).inserted { return name }
        let base = name.isEmpty ? "\(kind.prefix(1).uppercased())\(kind.dropFirst())" : name
        var other = "\(base) \(id)"
        while !names.insert(other).inserted { other += "'" }
        findings.append(
            Finding(
                .warning, path,
                name.isEmpty
                    ? "The \(kind) has no name; it becomes \"\(other)\"."
                    : "A second \(kind) is called \"\(name.prefix(80))\"; references mean the first one. This one becomes "
                        + "\"\(other.prefix(120))\"."))
        return other
    }
}
