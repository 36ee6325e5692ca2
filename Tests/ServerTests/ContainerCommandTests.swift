import Adapters
import Catalog
import Events
import Foundation
import ServerCore
import Synchronization
import Tagging
import Testing

/// `highland container …` and `highland import gtm`, as scripts use them.
struct ContainerCommandTests {
    /// An export with one picture, one piece of custom HTML and a trigger.
    static let export = """
        {"exportFormatVersion":2,"containerVersion":{"path":"accounts/1/containers/2/versions/0","accountId":"1",
        "containerId":"2","containerVersionId":"0","container":{"path":"accounts/1/containers/2","accountId":"1",
        "containerId":"2","name":"Shop","publicId":"GTM-ABC123","usageContext":["WEB"]},
        "tag":[{"accountId":"1","containerId":"2","tagId":"3","name":"Pixel","type":"img","parameter":[
        {"type":"TEMPLATE","key":"url","value":"https://pixel.example/p.gif"}],"firingTriggerId":["2147479553"],
        "tagFiringOption":"ONCE_PER_EVENT"},
        {"accountId":"1","containerId":"2","tagId":"4","name":"Banner","type":"html","parameter":[
        {"type":"TEMPLATE","key":"html","value":"<script>window.banner=1;</script>"}],"firingTriggerId":["5"],
        "tagFiringOption":"ONCE_PER_EVENT"}],
        "trigger":[{"accountId":"1","containerId":"2","triggerId":"5","name":"Ready","type":"DOM_READY"}]}}
        """

    private func withCommands(
        isServerRunning: Bool, _ body: (Run, [String], TemporaryDirectory, CatalogHolder) async throws -> Void
    ) async throws {
        let directory = try TemporaryDirectory()
        let shared = try SharedStore(directory.path)
        _ = try shared.store.addSite(SiteDraft(domains: ["shop.test"]), by: "t")
        let server = AdminServer(directory: directory.path)
        let holder = CatalogHolder(try shared.store.load())
        server.registerCatalog(store: shared.store, holder: holder)
        if isServerRunning { try server.start() }
        defer { server.stop() }
        try await body(Run(), ["--data", directory.path], directory, holder)
    }

    @Test(arguments: [false, true])
    func theWholeStoryWithAndWithoutAServer(isServerRunning: Bool) async throws {
        try await withCommands(isServerRunning: isServerRunning) { run, data, directory, holder in
            #expect(await run(["container", "list"] + data) == 0)
            #expect(run.output.contains("no containers yet"))
            #expect(await run(["container", "add", "--name", "shop", "--site", "shop.test", "--json"] + data) == 0)
            let id = try #require(try run.json()["id"] as? String)
            #expect(id.hasPrefix("HL-"))
            let file = try directory.write(Self.export, to: "export.json")
            let imported = ["import", "gtm", "--container", "shop", "--site", "shop.test", file]
            #expect(await run(imported + ["--json"] + data) == 0)
            let report = try run.json()
            #expect(report["container"] as? String == id && report["isNew"] as? Bool == false)
            #expect((report["tags"] as? [String: Any])?["total"] as? Int == 2)

            #expect(await run(["container", "publish", "shop", "--name", "First", "--json"] + data) == 0)
            let published = try run.json()
            #expect(published["container"] as? String == id && published["version"] as? Int == 1)
            #expect(published["url"] as? String == "/tags/\(id).js")
            #expect((published["integrity"] as? String)?.hasPrefix("sha384-") == true)
            #expect(published["isPending"] as? Bool == false)

            #expect(await run(["container", "publish", id, "--version", "1", "--environment", "staging"] + data) == 0)
            #expect(run.output.contains("/tags/\(id)/staging.js"))
            #expect(await run(["container", "kill", "shop", "--host", "pixel.example", "--json"] + data) == 0)
            #expect((try run.json()["kills"] as? [[String: Any]])?.count == 1)
            #expect(await run(["container", "lift", "shop", "--host", "pixel.example"] + data) == 0)
            #expect(await run(["container", "publish", "shop"] + data) == 0)
            #expect(await run(["container", "rollback", "shop", "--json"] + data) == 0)
            #expect(try run.json()["version"] as? Int == 1)
            #expect(await run(["container", "show", "shop"] + data) == 0)
            #expect(run.output.contains("<script async src=\"https://YOUR-HIGHLAND/tags/\(id).js\"></script>"))
            #expect(await run(["container", "version", "list", "shop", "--json"] + data) == 0)
            #expect((try run.json()["versions"] as? [[String: Any]])?.compactMap { $0["number"] as? Int } == [2, 1])
            #expect(await run(["container", "diff", "shop", "--from", "0", "--json"] + data) == 0)
            #expect((try run.json()["changes"] as? [[String: Any]])?.isEmpty == false)
            #expect(await run(["container", "export", "shop", "--json"] + data) == 0)
            let export = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
            #expect(export?["exportFormatVersion"] as? Int == 2)

            let preview = ["container", "preview", "shop", "--page", "https://shop.test/a?b=1#c", "--json"]
            #expect(await run(preview + data) == 0)
            let link = try run.json()
            let token = try #require(link["token"] as? String)
            #expect(link["url"] as? String == "https://shop.test/a?b=1&highland_preview=\(token)#c")
            #expect(await run(["container", "preview", "shop", "--list", "--json"] + data) == 0)
            #expect((try run.json()["previews"] as? [[String: Any]])?.count == 1)
            #expect(!run.output.contains(token))
            #expect(await run(["container", "remove", "shop"] + data) == 64)
            #expect((holder.current.containers.count == 1) == isServerRunning)
            #expect(await run(["container", "remove", "shop", "--yes"] + data) == 0)
            #expect(await run(["container", "show", "shop"] + data) == 1)
            #expect(run.errors == ["highland: no container 'shop'"])
        }
    }

    @Test(arguments: [false, true])
    func approvalWaitsAndIsNotGivenToOneself(isServerRunning: Bool) async throws {
        try await withCommands(isServerRunning: isServerRunning) { run, data, _, _ in
            #expect(await run(["container", "add", "--name", "shop", "--needs-approval"] + data) == 0)
            #expect(await run(["container", "publish", "shop", "--json"] + data) == 0)
            let isPending = try run.json()["isPending"] as? Bool
            #expect(isPending == true)
            #expect(await run(["container", "approve", "shop"] + data) == 1)
            #expect(run.errors.count == 1 && run.errors[0].contains("cannot be approved by console"))
            #expect(await run(["container", "decline", "shop"] + data) == 0)
            #expect(await run(["container", "set", "shop", "--needs-approval", "false"] + data) == 0)
            #expect(await run(["container", "publish", "shop", "--version", "1", "--json"] + data) == 0)
            let isStillPending = try run.json()["isPending"] as? Bool
            #expect(isStillPending == false)
        }
    }

    @Test func anImportMakesItsContainer() async throws {
        try await withCommands(isServerRunning: false) { run, data, directory, _ in
            let file = try directory.write(Self.export, to: "export.json")
            let imported = ["import", "gtm", "--container", "fresh", "--site", "shop.test", file, "--json"]
            #expect(await run(imported + data) == 0)
            #expect(try run.json()["isNew"] as? Bool == true)
            let broken = try directory.write(String(Self.export.prefix(200)), to: "broken.json")
            #expect(await run(["import", "gtm", "--container", "never", broken] + data) == 1)
            #expect(run.errors.count == 1 && run.errors[0].hasPrefix("highland: \(broken): byte "))
            let prose = try directory.write("Not JSON at all", to: "prose.txt")
            #expect(await run(["import", "gtm", "--check", prose] + data) == 1)
            #expect(run.errors.count == 1 && run.errors[0].hasPrefix("highland: \(prose): byte 0: "))
            #expect(await run(["container", "show", "never"] + data) == 1)
            #expect(await run(["container", "workspace", "show", "fresh"] + data) == 0)
            let definition = try directory.write(run.output, to: "definition.json")
            let save = ["container", "workspace", "save", "fresh", definition, "--revision"]
            #expect(await run(save + ["2", "--json"] + data) == 0)
            #expect(await run(save + ["2"] + data) == 1)
            #expect(run.errors[0].contains("was changed by console in between"))
        }
    }

    @Test func aCheckNeedsNoInstallation() async throws {
        let directory = try TemporaryDirectory()
        let file = try directory.write(Self.export, to: "export.json")
        let data = directory.path + "/none"
        let run = Run()
        #expect(await run(["import", "gtm", "--check", file, "--json", "--data", data]) == 0)
        #expect(try run.json()["format"] as? Int == 2)
        #expect(!FileManager.default.fileExists(atPath: data))
        let app = Self.export.replacingOccurrences(of: "WEB", with: "IOS")
        for text in [app, "", "{}", "no json", String(Self.export.dropLast(3))] {
            let broken = try directory.write(text, to: "broken.json")
            #expect(await run(["import", "gtm", "--check", broken]) == 1, "\(text.prefix(20))")
            #expect(run.output.isEmpty && run.errors.count == 1)
        }
        #expect(await run(["import", "gtm", "--check", directory.path + "/absent.json"]) == 1)
        #expect(run.errors[0].contains("absent.json"))
        #expect(await run(["import", "gtm", file]) == 64)
    }

    @Test(
        arguments: [
            (["container", "add"], 64, "--name"), (["container", "add", "--name", "12"], 1, "name: '12'"),
            (["container", "add", "--name", "a", "--site", "x.test"], 1, "no site 'x.test'"),
            (["container", "show", "gone"], 1, "no container 'gone'"),
            (["container", "set", "gone"], 64, "nothing to change"),
            (["container", "publish", "gone"], 1, "no container 'gone'"),
            (["container", "kill", "gone", "--tag", "1", "--host", "a.example"], 64, "--tag and --host"),
            (["container", "publish", "gone", "--version", "x"], 64, "--version"),
            (["import", "gtm", "--google-consent", "some", "f"], 64, "advanced"),
        ] as [([String], Int32, String)])
    func wrongUseIsOneLine(arguments: [String], code: Int32, named: String) async throws {
        let directory = try TemporaryDirectory()
        let run = Run()
        #expect(await run(arguments, environment: ["HIGHLAND_DATA": directory.path]) == code)
        #expect(run.output.isEmpty && run.errors.count == 1)
        let line = try #require(run.errors.first)
        #expect(line.hasPrefix("highland: ") && line.contains(named), "\(line)")
    }

    @Test func everyOperationSurvivesTheWire() throws {
        var publish = ContainerOperation.PublishOrder()
        publish.version = 3
        publish.note = "ü\n"
        var order = ContainerOperation.ImportOrder(container: "a", export: "{}")
        order.options.googleEvents = "both"
        let operations: [ContainerOperation] = [
            .list, .show("a"), .add(name: "a", sites: ["1"], needsApproval: true),
            .change("a", name: nil, sites: [], needsApproval: false), .remove("a"),
            .addWorkspace("a", name: "b", base: nil), .removeWorkspace("a", name: "b"),
            .definition("a", version: 1, workspace: "b"),
            .save("a", workspace: "b", definition: "{\"a\":\"\\u0000\"}", revision: nil),
            .check("a", workspace: "b"), .versions("a"),
            .addVersion("a", workspace: "b", name: "c", note: "", overridesNewer: true),
            .diff("a", old: nil, new: 2, workspace: "b"), .publish("a", publish),
            .approve("a", environment: "live", version: nil), .decline("a", environment: "live"),
            .rollback("a", environment: "live", version: 2), .kill("a", .container), .kill("a", .tag("1")),
            .lift("a", .host("h.example")), .removeEnvironment("a", name: "b"),
            .preview("a", workspace: "b", lifeMilliseconds: 1), .previews("a"), .endPreview("a", id: "x"),
            .importGTM(order), .export("a", version: nil, workspace: "b", keepsNative: false),
        ]
        for operation in operations {
            let bytes = try JSONEncoder().encode(operation)
            #expect(try JSONDecoder().decode(ContainerOperation.self, from: bytes) == operation)
        }
        #expect(operations.filter { !$0.changesSomething }.count == 8)
    }
}
