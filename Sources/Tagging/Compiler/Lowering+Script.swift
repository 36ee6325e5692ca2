internal import Catalog

/// Writes the main script: the runtime's modules that are used, then the data.
extension Lowering {
    mutating func mainScript() -> ScriptFile {
        reportFates()
        let tags = plan.tags.map { lower($0) }
        let triggers = plan.triggers.map { lower($0) }
        finishVariables()
        let areLiteral = triggers.allSatisfy(\.isLiteral) && tags.allSatisfy(\.isLiteral)
        if !variables.isEmpty || !areLiteral { modules.insert(KnownTypes.valuesModule) }
        collectHosts()
        if context.isPreview, KnownTypes.has(module: KnownTypes.panelModule) { modules.insert(KnownTypes.panelModule) }
        var writer = LiteralWriter()
        let ordered = KnownTypes.ordered(modules)
        writer.raw("(function(){\(KnownTypes.code(for: ["core"] + ordered))\(KnownTypes.start(of: "core"))({")
        writeHead(&writer)
        writer.raw(",V:")
        writer.array(variables) { $0.variable($1) }
        writer.raw(",T:")
        writer.array(triggers) { $0.trigger($1) }
        writer.raw(",G:")
        let hasIDs = context.isPreview || !templates.isEmpty
        writer.array(tags) { $0.tag($1, hasID: hasIDs) }
        writer.raw(",S:")
        writer.array(context.sites) { $0.site($1) }
        writeRest(&writer)
        writer.raw("},[\(ordered.map(KnownTypes.start).joined(separator: ","))])})();\n")
        return ScriptFile.made(version: context.version, writer.bytes)
    }

    private func writeHead(_ writer: inout LiteralWriter) {
        writer.raw("i:")
        writer.text(context.publicID)
        if let importedID = plan.index.definition.settings.importedID {
            writer.raw(",a:")
            writer.text(importedID)
        }
        writer.raw(",v:\(context.version),e:")
        writer.text(context.environment)
    }

    private mutating func writeRest(_ writer: inout LiteralWriter) {
        let settings = plan.index.definition.settings
        var consent: [(key: String, value: Lowered)] = []
        if settings.waitForConsentMilliseconds > 0 {
            consent.append(("w", .integer(Int64(settings.waitForConsentMilliseconds))))
        }
        if settings.googleConsent == .advanced { consent.append(("g", .integer(1))) }
        if !consent.isEmpty {
            writer.raw(",C:")
            writer.object(consent)
        }
        if let custom = customScripts() {
            writer.raw(",u:")
            writer.text(path(of: custom.joint))
            writer.raw(",U:")
            let paths = custom.pieces.map { path(of: $0) }
            writer.array(paths) { $0.text($1) }
        }
        templates.write(to: &writer, killedHosts: context.killedHosts)
        if !programs.isEmpty {
            writer.raw(",X:")
            writer.array(programs.sorted { $0.key < $1.key }) { $0.program($1.key, $1.value) }
        }
        guard context.isPreview else { return }
        writer.raw(",p:1,N:{V:")
        writer.array(variables.map(\.name)) { $0.text($1) }
        writer.raw(",T:")
        writer.array(plan.triggers.map(\.name)) { $0.text($1) }
        writer.raw(",G:")
        writer.array(plan.tags.map(\.tag.name)) { $0.text($1) }
        writer.raw(",L:")
        writer.array(leftOut) { $0.pair($1.name, $1.reason) }
        writer.raw("}")
    }

    /// Tags that are not in the script, and why: what a preview lists beside those that are.
    private var leftOut: [(name: String, reason: String)] {
        zip(plan.index.definition.tags, plan.fates).compactMap { tag, fate in
            fate.reason.map { (tag.name, $0) }
        }
    }

    /// Below the base that the script was loaded from.
    private func path(of file: ScriptFile) -> String { "tags/\(context.publicID)/\(file.name)" }

    private mutating func collectHosts() {
        for tag in plan.tags {
            let hosts = TagHosts.of(tag.type, tag.parameters, plan.index)
            scriptHosts.formUnion(hosts.script + (KnownTypes.loadsScripts(tag.type) ? hosts.written : []))
            connectHosts.formUnion(hosts.connect + hosts.written)
        }
        for trigger in plan.triggers { scriptHosts.formUnion(KnownTypes.trigger(trigger.type)?.scriptHosts ?? []) }
    }

    /// A finding for each tag that does not run.
    private mutating func reportFates() {
        for (tag, fate) in zip(plan.index.definition.tags, plan.fates) {
            let words = FindingPlace.tag(tag.name)
            switch fate {
            case .runs, .called: continue
            case .refused(let reason):
                if let manager = plan.index.mapping.consentManager(of: tag) {
                    findings.add(.confirmation, words, "\(manager) cannot run, so that nobody is asked: \(reason)")
                } else {
                    findings.add(.warning, words, "it does not run: \(reason)")
                }
            case .killed(let reason): findings.add(.notice, words, "it is left out: \(reason)")
            case .dead(.setupMissing), .dead(.conditionNeverHolds):
                findings.add(.confirmation, words, "it does not run: \(fate.reason ?? "")")
            case .dead(.paused), .dead(.liveOnly), .dead(.countedAlready):
                findings.add(.notice, words, "it is left out: \(fate.reason ?? "")")
            case .dead: findings.add(.warning, words, "it does not run: \(fate.reason ?? "")")
            }
        }
    }
}

extension LiteralWriter {
    fileprivate mutating func variable(_ variable: LoweredVariable) {
        raw("[")
        text(variable.type)
        raw(",")
        object(variable.parameters)
        if !variable.format.isEmpty {
            raw(",")
            object(variable.format)
        }
        raw("]")
    }

    fileprivate mutating func trigger(_ trigger: Lowering.LoweredTrigger) {
        raw("[")
        text(trigger.type)
        raw(",")
        array(trigger.filters) { $0.condition($1) }
        raw(",")
        object(trigger.parameters)
        raw(",")
        if let id = trigger.id { text(id) } else { raw("0") }
        if !trigger.autoFilters.isEmpty {
            raw(",")
            array(trigger.autoFilters) { $0.condition($1) }
        }
        raw("]")
    }

    private mutating func condition(_ condition: Lowering.LoweredCondition) {
        raw("[")
        text(condition.comparison)
        raw(",")
        value(condition.subject)
        raw(",")
        value(condition.value)
        raw(",\(condition.flags)]")
    }

    fileprivate mutating func tag(_ tag: Lowering.LoweredTag, hasID: Bool) {
        raw("{t:")
        text(tag.type)
        raw(",p:")
        object(tag.parameters)
        if let firing = tag.firing { places("f", firing) }
        if !tag.blocking.isEmpty { places("b", tag.blocking) }
        if tag.once > 0 { raw(",o:\(tag.once)") }
        if tag.priority != 0 { raw(",r:\(tag.priority)") }
        if let setup = tag.setup { places("s", setup) }
        if let cleanup = tag.cleanup { places("u", cleanup) }
        if !tag.consent.isEmpty {
            raw(",c:[\(tag.lacking)")
            for type in tag.consent {
                raw(",")
                text(type)
            }
            raw("]")
        }
        if let window = tag.window { raw(",w:[" + window.map { String($0) }.joined(separator: ",") + "]") }
        if hasID {
            raw(",i:")
            text(tag.id)
        }
        raw("}")
    }

    fileprivate mutating func program(_ pattern: String, _ program: RegexProgram) {
        raw("[")
        text(pattern)
        raw(",")
        array(program.steps) { writer, step in
            switch step {
            case .match(let text): writer.text(text)
            case .split(let place): writer.raw("\(place)")
            case .jump(let place): writer.raw("\(-1 - place)")
            }
        }
        raw("]")
    }

    fileprivate mutating func pair(_ first: String, _ second: String) {
        raw("[")
        text(first)
        raw(",")
        text(second)
        raw("]")
    }

    private mutating func places(_ key: String, _ places: [Int]) {
        raw(",\(key):")
        numbers(places)
    }

    fileprivate mutating func site(_ site: Site) {
        raw("[")
        array(site.domains) { $0.text($1) }
        raw(",")
        text(site.key)
        raw(site.consentDefault == .granted ? ",1]" : ",0]")
    }
}
