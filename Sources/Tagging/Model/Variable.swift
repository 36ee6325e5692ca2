/// A value that tags and triggers refer to by name.
package struct Variable: Sendable, Hashable {
    package var id: String
    /// Unique among the variables of its container; `{{Name}}` means it.
    package var name: String
    /// A type of `VariableType`, or one that only an export knows: such a variable is kept and is undefined in pages.
    package var type: String
    package var parameters: [Parameter.Member] = []
    /// What becomes of the value before it is used.
    package var format: [Parameter.Member] = []
    package var folder: String?
    package var notes: String?
    package var foreign: String?

    package init(id: String, name: String, type: String) {
        self.id = id
        self.name = name
        self.type = type
    }
}

/// A drawer for tags, triggers and variables.
package struct Folder: Sendable, Hashable {
    package var id: String
    package var name: String
    package var foreign: String?

    package init(id: String, name: String) {
        self.id = id
        self.name = name
    }
}

/// A custom template that came with an import, kept word for word. Its tags are run by a tag of ours that does the same
/// where `GalleryMapping` knows one, else by its own code.
package struct ImportedTemplate: Sendable, Hashable {
    package var id: String
    package var name: String
    /// `owner/repository` in the gallery; nil for a template of the container's own.
    package var gallery: String?
    /// The type that its tags and variables have: `cvt_WKGBT`, or `cvt_CONTAINER_ID` for the container's own.
    package var type: String
    /// The whole object of the export, as JSON text.
    package var foreign: String

    package init(id: String, name: String, gallery: String?, type: String, foreign: String) {
        self.id = id
        self.name = name
        self.gallery = gallery
        self.type = type
        self.foreign = foreign
    }
}
