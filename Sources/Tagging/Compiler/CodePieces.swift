internal import Catalog

/// The functions of the custom script, in the order in which tags and variables need them.
struct CodePieces {
    /// One function: a whole JavaScript expression.
    struct Piece {
        var function: String
        /// False where the compiler could not read it: it stays out of the joint script, and is loaded alone.
        var parses: Bool
    }

    private(set) var pieces: [Piece] = []
    private var places: [String: Int] = [:]

    /// The place of a function; two that say the same are one.
    mutating func add(_ piece: Piece) -> Int {
        if let place = places[piece.function] { return place }
        places[piece.function] = pieces.count
        pieces.append(piece)
        return pieces.count - 1
    }

    /// `__highland("HL-…",[f0,f1,…])`, and each alone as `__highland("HL-…",f,i)`; nil without any. A function that
    /// does not parse is 0 in the first.
    func files(publicID: String, version: Int) -> (joint: ScriptFile, pieces: [ScriptFile])? {
        guard !pieces.isEmpty else { return nil }
        var joint = CodePieces.opening(publicID)
        joint.raw("[\n")
        for (place, piece) in pieces.enumerated() {
            if place > 0 { joint.raw(",\n") }
            joint.raw(piece.parses ? piece.function : "0")
        }
        joint.raw("\n]);\n")
        let alone = pieces.enumerated().map { place, piece in
            var writer = CodePieces.opening(publicID)
            writer.raw("\(piece.function),\(place));\n")
            return ScriptFile.made(version: version, role: "custom.\(place)", writer.bytes)
        }
        return (ScriptFile.made(version: version, role: "custom", joint.bytes), alone)
    }

    private static func opening(_ publicID: String) -> LiteralWriter {
        var writer = LiteralWriter()
        writer.raw("__highland(")
        writer.text(publicID)
        writer.raw(",")
        return writer
    }
}
