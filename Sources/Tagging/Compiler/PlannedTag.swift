/// A tag as the script will have it: its definition, and what runs it.
struct PlannedTag: Sendable {
    let tag: Tag
    let type: TagType
    /// Under the keys that the runtime's type takes; others are still among them.
    let parameters: [Parameter.Member]
    /// Parameters beside these that come from the data layer.
    var layer: [LayerField] = []
    /// Consent types that have to be granted.
    let consent: [String]
    /// By triggers of its own; else only other tags call it.
    var fires = false
    /// A Highland event made of one of Google's tags.
    var isConverted = false
    /// Stands beside the tag that it was made of: nothing calls it by name.
    var isExtra = false

    /// What two converted tags have in common when they send the same.
    struct Sent: Hashable {
        let type: String
        let parameters: [Parameter.Member]
        let layer: [LayerField]
        let firing: Set<String>
        let blocking: Set<String>
    }

    var sent: Sent {
        Sent(
            type: type.name, parameters: parameters, layer: layer, firing: Set(tag.firingTriggers),
            blocking: Set(tag.blockingTriggers))
    }

    /// Where it sends to; nil where it does not know, and for types that need no such.
    func destination(_ index: DefinitionIndex) -> Parameter? {
        type.destinations.lazy.compactMap { index.destination(parameters[$0]) }.first
    }

    /// Whether it knows where to send to, or its type needs no such.
    func hasDestination(_ index: DefinitionIndex) -> Bool {
        type.destinations.isEmpty || destination(index) != nil
    }

    /// An imported tag of another vendor that waits for consent because its type does, where the export asks for none.
    var isStricter: Bool {
        tag.consent.status == .notSet && tag.type != type.name && !KnownTypes.isGoogles(type) && !consent.isEmpty
    }

    /// What can run a tag: one or two planned tags, or what becomes of it without.
    struct Candidates: Sendable {
        var planned: [PlannedTag] = []
        /// Where there are none.
        var fate = TagFate.refused("")
    }

    static func candidates(for tag: Tag, _ index: DefinitionIndex) -> Candidates {
        let resolved = KnownTypes.tag(tag, index.mapping)
        let settings = index.definition.settings
        var own: PlannedTag?
        if case .runs(let type, _) = resolved, type.name == TagTypeMapping.templateType, !settings.allowsCustomCode {
            return Candidates(fate: .refused("it is custom code, which is not allowed in this container"))
        }
        if case .runs(let type, let parameters) = resolved {
            own = PlannedTag(
                tag: tag, type: type, parameters: parameters,
                consent: consent(of: tag, type, parameters, settings))
        }
        let asEvents = settings.googleEvents
        let converted = asEvents == .keep ? [] : GoogleEvents.converted(tag, own, index)
        if let own {
            if converted.isEmpty { return Candidates(planned: [own]) }
            guard asEvents == .both else { return Candidates(planned: converted) }
            return Candidates(
                planned: [own]
                    + converted.map { tag in
                        var extra = tag
                        extra.isExtra = true
                        return extra
                    })
        }
        if !converted.isEmpty { return Candidates(planned: converted) }
        switch resolved {
        case .ended(let reason): return Candidates(fate: .dead(.ended(reason)))
        case .refused(let reason): return Candidates(fate: .refused(reason))
        case .runs: return Candidates(fate: .refused("nothing runs it"))
        }
    }

    /// The types that a tag waits for. A type of Google's own asks consent mode itself, whatever an export says of
    /// *additional* consent; that is what `notNeeded` and `needed` mean there. In advanced mode it runs without a
    /// grant.
    static func consent(
        of tag: Tag, _ type: TagType, _ parameters: [Parameter.Member], _ settings: ContainerSettings
    ) -> [String] {
        let isGoogles = KnownTypes.isGoogles(type)
        let own = isGoogles && settings.googleConsent == .advanced ? [] : type.purposes(for: parameters)
        let isImported = isGoogles && tag.type != type.name
        let needed =
            switch tag.consent.status {
            case .notSet: own
            case .notNeeded: isImported ? own : []
            case .needed: isImported ? own + tag.consent.types : tag.consent.types
            }
        var types: [String] = []
        for type in needed where !types.contains(type) { types.append(type) }
        return types
    }
}
