import Foundation
import Tagging
import Testing

struct TagTypesTests {
    @Test func typesAndTheirFieldsAreNamedOnce() {
        let names = TagType.all.map(\.name)
        #expect(Set(names).count == names.count && names.count == 16)
        for type in TagType.all {
            let keys = type.fields.map(\.key)
            #expect(Set(keys).count == keys.count, "\(type.name)")
            #expect(TagType.named(type.name)?.title == type.title && !type.title.isEmpty)
        }
        #expect(TagType.named("googtag") == nil && TagType.named("__proto__") == nil)
    }

    @Test func everyModuleIsAFile() {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../tags/src/modules")
        for type in TagType.all {
            // A table counts as switched on as soon as it has a row.
            let all = type.fields.map { Parameter.Member($0.key, .list([.template("x")])) }
            for module in type.modules(for: all) {
                let path = folder.appending(path: "\(module).js").path
                #expect(FileManager.default.fileExists(atPath: path), "\(type.name): \(module)")
            }
        }
    }

    @Test func parametersBringTheirModules() throws {
        let view = try #require(TagType.named("highland"))
        #expect(view.modules(for: []) == ["highland"])
        #expect(view.modules(for: [.init("forms", .boolean("false")), .init("url", .template(""))]) == ["highland"])
        #expect(
            view.modules(for: [.init("outbound", .boolean("true")), .init("navigation", .template("{{SPA}}"))])
                == ["highland", "highland-navigation", "highland-links"])
        #expect(
            view.modules(for: [.init("properties", .list([.map([])]))]) == ["highland", "highland-details"])
        let event = try #require(TagType.named("ga4Event"))
        #expect(event.modules(for: []) == ["gtag", "google"])
        #expect(event.modules(for: [.init("sendEcommerceData", .boolean("true"))]) == ["gtag", "google", "ecommerce"])
    }

    @Test func parametersChangeWhatIsNeeded() throws {
        let view = try #require(TagType.named("highland"))
        #expect(view.purposes(for: []) == ["analytics_storage"])
        #expect(view.purposes(for: [.init("beforeConsent", .template("nothing"))]) == ["analytics_storage"])
        #expect(view.purposes(for: [.init("beforeConsent", .template("cookieless"))]) == [])
        let google = try #require(TagType.named("googleTag"))
        #expect(google.purposes(for: [.init("tagId", .template("G-1"))]) == ["analytics_storage"])
        #expect(google.purposes(for: [.init("tagId", .template("aw-1"))]) == ["ad_storage", "ad_user_data"])
    }
}
