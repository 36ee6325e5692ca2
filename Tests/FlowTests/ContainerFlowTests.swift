import Adapters
import Catalog
import Events
import Foundation
import LoadSupport
import ServerCore
import Tagging
import Testing

/// From a command to what a page's next load gets, over the admin socket and real HTTP.
@Suite(.serialized)
struct ContainerFlowTests {
    private func withServer(
        _ body: (RunningServer, CatalogAccess, String) async throws -> Void
    ) async throws {
        let server = try await RunningServer.start()
        let directory = server.folder.appendingPathComponent("data").path
        let access = CatalogAccess(directory: directory)
        let result: Result<Void, any Error>
        do {
            let added = try access.perform(.add(name: "shop", sites: ["shop.test"], needsApproval: false))
            guard case .container(let container) = added else { throw RunningServer.Failure.noSite }
            result = .success(try await body(server, access, container.id))
        } catch { result = .failure(error) }
        await server.stop()
        try result.get()
    }

    /// A folder for a server that is started later, and its data directory.
    private func emptyFolder() throws -> (URL, String) {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("highland-flow-\(UUID().uuidString)")
        let directory = folder.appendingPathComponent("data").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        chmod(directory, 0o700)
        return (folder, directory)
    }

    private func text(_ server: RunningServer, _ path: String) throws -> String {
        let answer = try server.request("GET", path)
        return answer.status == 200 ? String(decoding: answer.body, as: UTF8.self) : "status \(answer.status)"
    }

    @Test func whatACommandPublishesIsWhatPagesGetNext() async throws {
        try await withServer { server, access, id in
            #expect(try text(server, "/tags/\(id).js") == "status 404")
            guard case .publication(let record) = try access.perform(.publish("shop", .init())) else {
                throw RunningServer.Failure.damaged
            }
            let first = try text(server, record.url)
            #expect(first.contains(id) && first.contains(server.site.key))
            #expect(try text(server, try #require(record.immutableURL)) == first)
            // A site's other domain is in the very next answer.
            var change = SiteChange()
            change.domains = ["shop.test", "laden.test"]
            _ = try access.perform(.updateSite(reference: "shop.test", change))
            #expect(try text(server, record.url).contains("laden.test"))
            _ = try access.perform(.kill("shop", .container))
            let off = try text(server, record.url)
            #expect(off.contains(id) && !off.contains(server.site.key))
            #expect(try text(server, try #require(record.immutableURL)) == first)
            _ = try access.perform(.lift("shop", .container))
            #expect(try text(server, record.url).contains("laden.test"))
            _ = try access.perform(.removeSite(reference: "shop.test"))
            #expect(try !text(server, record.url).contains(server.site.key))
            _ = try access.perform(.remove("shop"))
            #expect(try text(server, record.url) == "status 404")
        }
    }

    @Test func aPreviewIsReachedByItsTokenOnly() async throws {
        try await withServer { server, access, id in
            let result = try access.perform(.preview("shop", workspace: "default", lifeMilliseconds: 3_600_000))
            guard case .preview(let issued, _, _) = result else { throw RunningServer.Failure.damaged }
            let answer = try server.request("GET", "/tags/\(id)/preview/\(issued.token).js")
            #expect(answer.status == 200 && answer.header("cache-control") == "no-store")
            let digest = ServedScript.digestName(ofToken: issued.token)
            // What looks like a token and is none, or no more, gets the note that the link has ended.
            let ended = try text(server, "/tags/\(id)/preview/AAAAAAAAAAAAAAAAAAAAAA.js")
            #expect(ended.contains("highland-preview-ended") && !ended.contains(id))
            #expect(try text(server, "/tags/\(id)/preview/\(digest).js") == "status 404")
            _ = try access.perform(.endPreview("shop", id: issued.link.id))
            #expect(try text(server, "/tags/\(id)/preview/\(issued.token).js") == ended)
        }
    }

    @Test func aServerThatStartsServesWhatFitsTheSitesOfNow() async throws {
        let (folder, directory) = try emptyFolder()
        let access = CatalogAccess(directory: directory)
        _ = try access.perform(.addSite(SiteDraft(domains: ["shop.test"])))
        _ = try access.perform(.add(name: "shop", sites: ["shop.test"], needsApproval: false))
        guard case .publication(let record) = try access.perform(.publish("shop", .init())) else {
            throw RunningServer.Failure.damaged
        }
        var change = SiteChange()
        change.domains = ["laden.test"]
        _ = try access.perform(.updateSite(reference: "shop.test", change))
        let server = try await RunningServer.start(folder: folder)
        let script = Result { try text(server, record.url) }
        await server.stop()
        #expect(try script.get().contains("laden.test"))
    }

    @Test func whatAnotherVersionCompiledIsServedAndCompiledAgain() async throws {
        let (folder, directory) = try emptyFolder()
        do {
            let store = try CatalogStoreSQLite(directory: directory)
            let site = try store.addSite(SiteDraft(domains: ["shop.test"]), by: "console")
            let before = ContainerPublisher(store, compiler: "before")
            let container = try before.addContainer(ContainerDraft(name: "shop", sites: [site.id]), by: "console")
            _ = try before.publish(workspace: try #require(container.workspaces.first).id, by: "console")
        }
        let server = try await RunningServer.start(folder: folder)
        let isDone: @Sendable (CatalogSnapshot) -> Bool = { snapshot in
            snapshot.containers.first?.environment("live")?.stamp.hasSuffix("." + ContainerCompiler.identity) ?? false
        }
        let done = Flag()
        server.server.catalog.onChange { if isDone($0) { done.raise() } }
        let isCompiled = isDone(server.server.catalog.current) || done.waitUntilRaised(seconds: 20)
        let container = try #require(server.server.catalog.current.containers.first)
        let script = Result { try text(server, "/tags/\(container.publicID).js") }
        await server.stop()
        #expect(isCompiled)
        #expect(try script.get().contains(server.site.key))
    }
}
