/// What becomes of each tag of a definition, before any value is lowered: which stand in the script, which fire by
/// themselves, and why the others do not.
struct ContainerPlan: Sendable {
    let index: DefinitionIndex
    /// Tags of the script, in the definition's order; their places are the runtime's.
    private(set) var tags: [PlannedTag] = []
    /// Triggers of the script, in the definition's order, built-in ones last.
    private(set) var triggers: [Trigger] = []
    /// By place in the definition.
    private(set) var fates: [TagFate]
    private var placeByName: [String: Int] = [:]
    private var placeByTriggerID: [String: Int] = [:]

    init(_ index: DefinitionIndex, _ context: CompileContext) {
        self.index = index
        let candidates = index.definition.tags.map { PlannedTag.candidates(for: $0, index) }
        let hopeless = ContainerPlan.hopelessTriggers(index.definition)
        fates = zip(index.definition.tags, candidates).map { ContainerPlan.fate(of: $0, $1, index, hopeless, context) }
        dropTagsWhoseSetupIsMissing()
        let called = calledTags()
        var twice: Set<PlannedTag.Sent> = []
        for (place, tag) in index.definition.tags.enumerated() {
            let fires = fates[place] == .runs
            guard fires || called.contains(place) else { continue }
            if !fires { fates[place] = .called }
            for candidate in candidates[place].planned where fires || !candidate.isExtra {
                // Two Google tags for two properties would count each page view twice.
                guard !candidate.isConverted || twice.insert(candidate.sent).inserted else {
                    if candidates[place].planned.count == 1 { fates[place] = .dead(.countedAlready) }
                    continue
                }
                var planned = candidate
                planned.fires = fires
                if placeByName[tag.name] == nil { placeByName[tag.name] = tags.count }
                tags.append(planned)
            }
        }
        collectTriggers()
    }

    /// The place of a tag in the script, by its name.
    func tagPlace(named name: String) -> Int? { placeByName[name] }

    /// The place of a trigger in the script, by its id.
    func triggerPlace(id: String) -> Int? { placeByTriggerID[id] }

    private static func fate(
        of tag: Tag, _ candidates: PlannedTag.Candidates, _ index: DefinitionIndex, _ hopeless: [String: String],
        _ context: CompileContext
    ) -> TagFate {
        if candidates.planned.isEmpty { return candidates.fate }
        if context.killedTags.contains(tag.id) { return .killed("the tag is switched off") }
        let hosts = candidates.planned.flatMap { TagHosts.of($0.type, $0.parameters, index).all }
        if let host = hosts.first(where: { TagHosts.isKilled($0, context.killedHosts) }) {
            return .killed("\(host) is switched off")
        }
        if tag.isLiveOnly && context.isPreview { return .dead(.liveOnly) }
        if tag.isPaused { return .dead(.paused) }
        let firing = tag.firingTriggers.compactMap { index.trigger(id: $0) }
        if tag.firingTriggers.isEmpty { return .dead(.noTrigger) }
        if firing.isEmpty { return .dead(.missingTriggers) }
        let able = firing.filter { KnownTypes.trigger($0.type) != nil }
        if able.isEmpty { return .dead(.triggersNeverFire) }
        let holding = able.filter { hopeless[$0.id] == nil }
        if holding.isEmpty { return .dead(.conditionNeverHolds(able[0].name, hopeless[able[0].id] ?? "")) }
        if holding.allSatisfy({ tag.blockingTriggers.contains($0.id) }) { return .dead(.blocksItself) }
        if candidates.planned.allSatisfy({ !$0.hasDestination(index) }) { return .dead(.noDestination) }
        return .runs
    }

    /// By id, triggers with a condition that no text fulfils, and why: its pattern is none.
    private static func hopelessTriggers(_ definition: ContainerDefinition) -> [String: String] {
        var hopeless: [String: String] = [:]
        for trigger in definition.triggers {
            for condition in trigger.customEventFilters + trigger.filters + trigger.autoEventFilters
            where condition.comparison == .matchRegex && !condition.isNegated
                && ReferenceText.names(in: condition.value).isEmpty
            {
                guard let problem = RegexSyntax.problem(condition.value, mode: .plain) else { continue }
                let pattern = FindingPlace.quoted(String(condition.value.prefix(80)))
                hopeless[trigger.id] = "\(pattern) is no regular expression: \(problem.text)"
            }
        }
        return hopeless
    }

    /// A set-up tag that is not in the script counts as one that failed.
    private mutating func dropTagsWhoseSetupIsMissing() {
        var hasChanged = true
        // Each round takes out at least one tag; there is one more than that.
        while hasChanged {
            hasChanged = false
            for (place, tag) in index.definition.tags.enumerated() where fates[place].isCallable {
                guard let setup = tag.setup, setup.stopsOnFailure else { continue }
                if let other = index.tagPlace(named: setup.tagName), fates[other].isCallable { continue }
                let isPaused = index.tagPlace(named: setup.tagName).map { fates[$0] == .dead(.paused) } ?? false
                fates[place] = .dead(isPaused ? .setupPaused(setup.tagName) : .setupMissing(setup.tagName))
                hasChanged = true
            }
        }
    }

    /// Places of tags that tags which fire call before or after themselves, and so on.
    private func calledTags() -> Set<Int> {
        var called: Set<Int> = []
        var open = fates.indices.filter { fates[$0] == .runs }
        while let place = open.popLast() {
            let tag = index.definition.tags[place]
            for sequenced in [tag.setup, tag.cleanup].compactMap({ $0 }) {
                guard let other = index.tagPlace(named: sequenced.tagName), fates[other].isCallable,
                    called.insert(other).inserted
                else { continue }
                open.append(other)
            }
        }
        return called
    }

    private mutating func collectTriggers() {
        var open = tags.filter(\.fires).flatMap { $0.tag.firingTriggers + $0.tag.blockingTriggers }
        var wanted: Set<String> = []
        while let id = open.popLast() {
            guard let trigger = index.trigger(id: id), KnownTypes.trigger(trigger.type) != nil,
                wanted.insert(id).inserted
            else { continue }
            open += trigger.parameters.flatMap { ContainerPlan.triggerReferences(in: $0.value) }
        }
        let own = Set(index.definition.triggers.map(\.id))
        let builtIn = BuiltInTrigger.allCases.filter { !own.contains($0.rawValue) }.compactMap {
            index.trigger(id: $0.rawValue)
        }
        triggers = (index.definition.triggers + builtIn).filter { wanted.remove($0.id) != nil }
        placeByTriggerID = Dictionary(
            triggers.enumerated().map { ($0.element.id, $0.offset) }, uniquingKeysWith: { first, _ in first })
    }

    /// Ids of triggers in a parameter: the members of a trigger group.
    private static func triggerReferences(in parameter: Parameter) -> [String] {
        switch parameter {
        case .triggerReference(let id): [id]
        case .list(let items): items.flatMap { triggerReferences(in: $0) }
        case .map(let members): members.flatMap { triggerReferences(in: $0.value) }
        default: []
        }
    }
}

/// What becomes of a tag.
package enum TagFate: Sendable, Hashable {
    /// Its triggers fire it.
    case runs
    /// Only other tags call it, before or after themselves.
    case called
    case dead(Reason)
    /// Highland has nothing that runs tags of this type.
    case refused(String)
    /// It, or a host it needs, is switched off.
    case killed(String)

    /// Why a tag that could run does not.
    package enum Reason: Sendable, Hashable, CustomStringConvertible {
        case paused, noTrigger, missingTriggers, triggersNeverFire, blocksItself, liveOnly, countedAlready,
            noDestination
        case setupMissing(String)
        case setupPaused(String)
        /// The trigger's name, and what is wrong with the condition.
        case conditionNeverHolds(String, String)
        case scheduleOver
        /// The service that it spoke to.
        case ended(String)

        package var description: String {
            switch self {
            case .paused: "it is paused"
            case .noTrigger: "no trigger fires it"
            case .missingTriggers: "none of its triggers is in the container"
            case .triggersNeverFire: "its triggers are of kinds that web pages do not have"
            case .blocksItself: "all that fires it blocks it as well"
            case .conditionNeverHolds(let name, let problem):
                "\(FindingPlace.trigger(name)) never fires: \(problem)"
            case .scheduleOver: "its schedule is over"
            case .liveOnly: "it does not run in previews"
            case .countedAlready: "another tag sends the same event at the same time"
            case .noDestination: "it has no measurement or tag ID to send to"
            case .ended(let reason): reason
            case .setupMissing(let name):
                "it stops where its set-up tag \(FindingPlace.quoted(name)) fails, and that one does not run"
            case .setupPaused(let name):
                "it stops where its set-up tag \(FindingPlace.quoted(name)) fails or is paused, and that one is"
            }
        }
    }

    /// In words, for the fates that are not `runs` and `called`.
    package var reason: String? {
        switch self {
        case .runs, .called: nil
        case .dead(let reason): reason.description
        case .refused(let reason), .killed(let reason): reason
        }
    }

    /// Other tags may call it: it runs, or would if something fired it. A paused one counts as failed, as in Google Tag
    /// Manager, which compiles it to a tag that does nothing.
    fileprivate var isCallable: Bool {
        switch self {
        case .runs, .called, .dead(.noTrigger), .dead(.missingTriggers), .dead(.triggersNeverFire),
            .dead(.blocksItself),
            .dead(.conditionNeverHolds):
            true
        case .dead(.paused), .dead(.liveOnly), .dead(.countedAlready), .dead(.noDestination), .dead(.setupMissing),
            .dead(.setupPaused), .dead(.ended), .dead(.scheduleOver), .refused, .killed:
            false
        }
    }
}
