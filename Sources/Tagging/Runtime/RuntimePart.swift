/// One file of `tags/src` as a script has it: names of its top level are no other part's, so that parts stand beside one
/// another in one function.
package struct RuntimePart: Sendable {
    /// The file below `tags/src`, without its ending: `modules/click`.
    package let name: String
    /// Names of the parts that it uses itself.
    package let needs: [String]
    package let code: String

    package init(_ name: String, needs: [String], code: String) {
        self.name = name
        self.needs = needs
        self.code = code
    }
}
