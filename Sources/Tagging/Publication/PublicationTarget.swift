internal import Catalog

/// A container at one moment, with the sites where it is used: what definitions are compiled for.
struct PublicationTarget {
    var container: Container
    var sites: [Site]
    /// `ContainerCompiler.identity`, or another one in tests.
    var compiler: String

    var stamp: String {
        ContainerStamp.of(sites: sites, kills: container.kills.map(\.target), compiler: compiler)
    }

    /// The container as a step leaves it, as far as scripts depend on it. `all` are the catalog's sites.
    func after(_ step: ContainerStep, all: [Site]) -> PublicationTarget {
        var next = self
        switch step {
        case .kill(let target):
            let stored = (try? ContainerRules.target(target)) ?? target
            next.container.kills.append(ContainerKill(target: stored, actor: "", atMilliseconds: 0))
        case .lift(let target): next.container.kills.removeAll { $0.target == target }
        case .change(let change):
            if let ids = change.sites { next.sites = all.filter { ids.contains($0.id) } }
        case .publish, .approve, .rollback, .refresh: break
        }
        return next
    }

    func context(version: Int, environment: String = ContainerEnvironment.live) -> CompileContext {
        var context = CompileContext(publicID: container.publicID, version: version)
        context.environment = environment
        context.sites = sites
        for kill in container.kills {
            switch kill.target {
            case .container: break
            case .tag(let id): context.killedTags.insert(id)
            case .host(let host): context.killedHosts.insert(host)
            }
        }
        return context
    }

    /// The scripts of a definition in an environment; those that do nothing where the container is killed.
    func compile(
        _ definition: ContainerDefinition, version: Int, environment: String
    ) throws(TaggingError) -> CompiledContainer {
        guard !container.kills.contains(where: { $0.target == .container }) else {
            return ContainerCompiler.noop(
                publicID: container.publicID, importedID: definition.settings.importedID)
        }
        return try ContainerCompiler.compile(definition, context(version: version, environment: environment))
    }

    /// The scripts of a draft for those who have its link.
    func preview(_ definition: ContainerDefinition) throws(TaggingError) -> CompiledContainer {
        var context = context(version: 0, environment: "preview")
        context.isPreview = true
        return try ContainerCompiler.compile(definition, context)
    }
}

extension CompiledContainer {
    /// As the store takes them.
    var scripts: ContainerRelease.Scripts {
        ContainerRelease.Scripts(main: script, others: (custom.map { [$0] } ?? []) + pieces)
    }
}
