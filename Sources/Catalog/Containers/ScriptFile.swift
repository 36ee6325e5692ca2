/// One immutable file below `/tags/CONTAINER/`.
package struct ScriptFile: Sendable, Hashable {
    /// `12-3f9a….js`, `12-3f9a….custom.js`, `12-3f9a….custom.4.js`: version, 24 hexadecimal digits of the content's
    /// SHA-256, role.
    package var name: String
    package var bytes: [UInt8]
    package var gzip: [UInt8]
    /// `sha384-…`, for an integrity attribute.
    package var integrity: String

    package init(name: String, bytes: [UInt8], gzip: [UInt8], integrity: String) {
        self.name = name
        self.bytes = bytes
        self.gzip = gzip
        self.integrity = integrity
    }
}
