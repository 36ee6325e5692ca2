/// Pieces that many paths are made of.
extension OpenAPIDocument {
    /// The answers of a call that may fail: the good one, with its content's schema if it has content, and any problem.
    static func answers(_ status: Int, _ description: String, _ schema: String? = nil) -> String {
        let content = schema.map { ##", "content": {"application/json": {"schema": \##($0)}}"## } ?? ""
        return answers(##""\##(status)": {"description": "\##(description)"\##(content)}"##)
    }

    /// The same where the good answer has a name of its own, and the bad ones may have another.
    static func answers(_ status: Int, named response: String, orElse problem: String = "problem") -> String {
        answers(##""\##(status)": {"$ref": "#/components/responses/\##(response)"}"##, orElse: problem)
    }

    private static func answers(_ good: String, orElse problem: String = "problem") -> String {
        ##""responses": {\##(good), "default": {"$ref": "#/components/responses/\##(problem)"}}"##
    }

    /// The answers of the public plane for a container's script.
    static func script(_ description: String) -> String {
        ##"""
        "responses": {
         "200": {
          "description": "\##(description)",
          "headers": {
           "ETag": {"schema": {"type": "string"}, "description": "Strong; another for each coding"},
           "Cache-Control": {"schema": {"type": "string"}},
           "Vary": {"schema": {"const": "Accept-Encoding"}}
          },
          "content": {"text/javascript": {"schema": {"type": "string"}}}
         },
         "304": {"description": "If-None-Match names it"},
         "404": {"$ref": "#/components/responses/noScript"}
        }
        """##
    }

    /// A shape by its name.
    static func schema(_ shape: String) -> String { ##"{"$ref": "#/components/schemas/\##(shape)"}"## }

    /// An object with one list of such shapes.
    static func list(_ member: String, _ shape: String) -> String {
        let items = ##"{"\##(member)": {"type": "array", "items": \##(schema(shape))}}"##
        return ##"{"type": "object", "required": ["\##(member)"], "properties": \##(items)}"##
    }

    /// A shape with more members.
    static func schema(_ shape: String, with members: String) -> String {
        ##"{"allOf": [\##(schema(shape))], "properties": {\##(members)}}"##
    }

    /// A request's body of one shape.
    static func body(_ shape: String) -> String {
        ##""requestBody": {"required": true, "content": {"application/json": {"schema": \##(schema(shape))}}}"##
    }
}
