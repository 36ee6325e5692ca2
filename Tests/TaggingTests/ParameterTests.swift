import Tagging
import Testing

@Suite struct ParameterTests {
    @Test func aMemberIsFoundChangedAndTakenAwayByItsKey() {
        var members = [Parameter.Member("name", .template("userId")), Parameter.Member("limit", .integer("3"))]
        #expect(members["limit"]?.text == "3")
        members["name"] = .template("visitor")
        members["added"] = .boolean("true")
        #expect(members.map(\.key) == ["name", "limit", "added"])
        #expect(members["name"] == .template("visitor"))
        #expect(members["added"]?.isTrue == true)
        members["limit"] = nil
        #expect(members["limit"] == nil)
        #expect(members.count == 2)
    }
}
