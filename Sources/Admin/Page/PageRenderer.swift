internal import Catalog
internal import Events
internal import Mustache

/// Turns values into HTML with the templates of `PageTemplates`. Parsed once a process; rendering needs no lock.
struct PageRenderer: Sendable {
    private let library: MustacheLibrary
    private let frame: MustacheTemplate
    private let etags: [String: String]
    let countries: CountryNames

    /// The one of this process. Throws where a template of ours is wrong.
    static func shared() throws -> PageRenderer { try parsed.get() }

    private static let parsed = Result { try PageRenderer() }

    private init() throws {
        MustacheContentTypes.register(HTMLEscaping(), named: HTMLEscaping.name)
        var templates: [String: MustacheTemplate] = [:]
        for (name, text) in PageTemplates.all {
            templates[name] = try MustacheTemplate(string: "{{% CONTENT_TYPE: \(HTMLEscaping.name)}}" + text)
        }
        library = MustacheLibrary(templates: templates)
        frame = try MustacheTemplate(string: "{{% CONTENT_TYPE: \(HTMLEscaping.name)}}" + PageTemplates.frame)
        countries = CountryNames()
        var etags: [String: String] = [:]
        for file in EmbeddedFiles.all {
            etags[file.name] = "\"" + Base64URL.encode(Array(APIKey.digest(of: file.text).prefix(12))) + "\""
        }
        self.etags = etags
    }

    /// A whole page: the named template in the frame. `title` is text.
    func page(_ name: String, title: String, values: [String: Any]) -> String {
        var values = values
        values["title"] = title
        values["content"] = library.render(values, withTemplate: name) ?? ""
        return frame.render(values)
    }

    func errorPage(_ error: AdminError) -> String {
        var values: [String: Any] = ["errorTitle": error.kind.title, "errorDetail": error.detail]
        if let expected = error.expected { values["hint"] = ["expected": expected] }
        if error.kind == .unauthenticated || error.kind == .tooManyFailures { values["isSignIn"] = true }
        return page("error", title: error.kind.title, values: values)
    }

    /// The form that exchanges a token; an empty one says how to get a link.
    func signInPage(token: String) -> String {
        page("sign-in", title: "Sign in", values: token.isEmpty ? [:] : ["form": ["token": token]])
    }

    func signedOutPage() -> String { page("signed-out", title: "Signed out", values: [:]) }

    /// Names the content, so a browser asks whether it changed and gets nothing again.
    func etag(of file: EmbeddedFile) -> String { etags[file.name] ?? "\"\"" }
}
