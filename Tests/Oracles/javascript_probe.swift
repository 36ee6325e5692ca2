// What check-javascript-syntax asks: one JSON request a line, one JSON answer a line. Built with the files of
// Sources/Tagging/CustomCode into one program.
internal import Foundation

@main enum Probe {
    static func main() {
        while let line = readLine() {
            let request = (try? JSONSerialization.jsonObject(with: Data(line.utf8))) as? [String: Any] ?? [:]
            let answer = answer(request["kind"] as? String ?? "", request["text"] as? String ?? "")
            let data = (try? JSONSerialization.data(withJSONObject: answer)) ?? Data()
            FileHandle.standardOutput.write(data + Data("\n".utf8))
        }
    }

    /// `x` and `y` are variables 0 and 1; other names are unknown.
    private static func answer(_ kind: String, _ text: String) -> [String: Any] {
        switch kind {
        case "script", "function":
            switch JavaScriptSyntax.check(text, as: kind == "script" ? .script : .functionExpression) {
            case .success: return ["ok": true]
            case .failure(let error): return ["ok": false, "problem": error.problem]
            }
        case "compileScript", "compileFunction":
            let place: (String) -> Int? = { ["x": 0, "y": 1][$0] }
            switch CodeTemplate.compile(text, as: kind == "compileScript" ? .script : .variable, place: place) {
            case .success(let compiled): return ["ok": true, "function": compiled.function]
            case .failure(let error): return ["ok": false, "problem": error.problem]
            }
        case "program":
            guard let program = RegexProgram(text) else { return ["ok": false, "problem": "no program"] }
            let steps: [Any] = program.steps.map { step in
                switch step {
                case .match(let text): text
                case .split(let place): place
                case .jump(let place): -1 - place
                }
            }
            return ["ok": true, "steps": steps]
        default:
            switch RegexCheck.check(text) {
            case .ok, .slow: return ["ok": true, "usable": true]
            case .explosive, .unsupported: return ["ok": true, "usable": false]
            case .invalid(let problem, _): return ["ok": false, "problem": problem]
            }
        }
    }
}
