import Admin
import Collect
import RequestParsing
import Testing

/// The description of the public plane has the paths of other products' clients.
struct ForeignDescriptionTests {
    @Test func everyPathOfAForeignProtocolIsDescribed() throws {
        let paths = try JSONReader.read(Array(OpenAPIDocument.json.utf8))["paths"]
        var known: Set<String> = []
        for one in ForeignProtocols.all {
            for path in one.paths {
                let item = paths?[path.path.description]
                for (methods, name) in [(ForeignMethods.get, "get"), (ForeignMethods.post, "post")]
                where path.methods.contains(methods) {
                    let operation = item?[name]
                    let isOfThisPlane = item?["servers"] != nil || operation?["servers"] != nil
                    #expect(operation != nil && isOfThisPlane, "\(name) \(path.path)")
                    known.insert("\(name) \(path.path)")
                }
            }
        }
        #expect(known.count > 60)
    }

    @Test func everyDescribedPathOfAVendorIsServed() throws {
        guard case .object(let paths)? = try JSONReader.read(Array(OpenAPIDocument.json.utf8))["paths"] else {
            Issue.record("no paths")
            return
        }
        let routes = ForeignRoutes()
        for path in paths {
            let sample = Array(path.name.replacing("{vendor}", with: "com.acme").replacing(/\{[^}]+\}/, with: "x").utf8)
            for (method, name) in [(HTTPMethod.get, "get"), (HTTPMethod.post, "post")] {
                guard case .string(let id)? = path.value[name]?["operationId"], id.contains("_") else { continue }
                let isServed = routes.route(sample.span.bytes, method: method) != nil
                #expect(isServed, "\(name) \(path.name)")
            }
        }
    }
}
