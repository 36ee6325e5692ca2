internal import Catalog

/// Turns a container's definition into the scripts that pages load (`tags/README.md` has their form).
///
/// The same definition and context give the same bytes. O(definition), but for the checks of patterns, which have bounds of
/// their own. Nothing is stored and no clock is read: a tag whose schedule is over stays in the script, which looks at the
/// visitor's clock.
package enum ContainerCompiler {
    /// Raised with every change of what the compiler itself makes of a definition: what is live is then compiled again.
    package static let revision = 2

    /// Names this compiler and its runtime. A changed runtime changes it by itself.
    package static let identity: String = {
        var text = "\(revision)"
        for part in RuntimeModules.parts { text += "\n\(part.name) \(part.code)" }
        return String(ServedScript.digestName(ofToken: text).prefix(16))
    }()

    /// The scripts. Throws `.tooMuch` beyond the limits, and `.refused` with all findings where one is an error.
    package static func compile(
        _ definition: ContainerDefinition, _ context: CompileContext
    ) throws(TaggingError) -> CompiledContainer {
        try ContainerChecks.count(definition)
        let index = DefinitionIndex(definition)
        var checks = ContainerChecks(index)
        checks.run()
        guard !checks.findings.hasErrors else { throw .refused(checks.findings.all) }
        var lowering = Lowering(ContainerPlan(index, context), context, checks.findings)
        let script = lowering.mainScript()
        let custom = lowering.customScripts()
        guard !lowering.findings.hasErrors else { throw .refused(lowering.findings.all) }
        try bound(script.bytes.count, ContainerLimits.scriptBytesMax, "bytes of script")
        try bound(custom?.joint.bytes.count ?? 0, ContainerLimits.customScriptBytesMax, "bytes of custom script")
        return CompiledContainer(
            script: script, custom: custom?.joint, pieces: custom?.pieces ?? [], findings: lowering.findings.all,
            scriptHosts: lowering.scriptHosts.sorted(), connectHosts: lowering.connectHosts.sorted())
    }

    /// What `compile` gives and says, without throwing: too much of something is an error like the others.
    package static func attempt(
        _ definition: ContainerDefinition, _ context: CompileContext
    ) -> (container: CompiledContainer?, findings: [Finding]) {
        do throws(TaggingError) {
            let container = try compile(definition, context)
            return (container, container.findings)
        } catch .refused(let findings) {
            return (nil, findings)
        } catch {
            return (nil, [Finding(.error, "container", error.description)])
        }
    }

    /// What `compile` would say.
    package static func check(_ definition: ContainerDefinition, _ context: CompileContext) -> [Finding] {
        attempt(definition, context).findings
    }

    /// What pages of a container that is switched off get: the data layer and its callbacks answer, nothing runs.
    package static func noop(publicID: String, importedID: String? = nil) -> CompiledContainer {
        var writer = LiteralWriter()
        writer.raw("(function(){\(KnownTypes.code(for: ["noop"]))\(KnownTypes.start(of: "noop"))(")
        var members: [(key: String, value: Lowered)] = [("i", .text(publicID))]
        if let importedID { members.append(("a", .text(importedID))) }
        writer.object(members)
        writer.raw(")})();")
        return CompiledContainer(
            script: ScriptFile.made(version: 0, writer.bytes), custom: nil, pieces: [], findings: [], scriptHosts: [],
            connectHosts: [])
    }

    /// What pages get in the place of a preview that is over: a notice. It looks at its own address, so that it is the same
    /// for all containers.
    package static let endedPreview: [UInt8] = Array(
        "(function(){\(KnownTypes.code(for: ["ended"]))\(KnownTypes.start(of: "ended"))()})();\n".utf8)

    private static func bound(_ count: Int, _ allowed: Int, _ what: String) throws(TaggingError) {
        guard count <= allowed else { throw .tooMuch(what: what, count: count, allowed: allowed) }
    }
}
