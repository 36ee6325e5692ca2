import Admin
import Foundation
import HTTPTypes
import Reports
import RequestParsing
import Testing

/// The description of the API is the API's.
@Suite struct OpenAPITests {
    @Test func theDocumentHasTheRoutesOfTheListAndNoOthers() throws {
        guard case .object(let paths)? = try JSONReader.read(Array(OpenAPIDocument.json.utf8))["paths"] else {
            Issue.record("no paths")
            return
        }
        var described: Set<String> = []
        var elsewhere: Set<String> = []
        for path in paths {
            guard case .object(let members) = path.value else { continue }
            for member in members where ["get", "post", "put", "patch", "delete"].contains(member.name) {
                let route = "\(member.name.uppercased()) \(path.name)"
                let isElsewhere = path.value["servers"] != nil || member.value["servers"] != nil
                if isElsewhere { elsewhere.insert(route) } else { described.insert(route) }
            }
        }
        #expect(described == Set(AdminRoute.allCases.map(\.rawValue)))
        #expect(elsewhere.isSuperset(of: ["GET /collect.gif", "POST /collect", "GET /healthz", "GET /readyz"]))
    }

    @Test func errorsOfPagesAreDescribedAsTheyAreAnswered() async throws {
        let paths = try JSONReader.read(Array(OpenAPIDocument.json.utf8))["paths"]
        let page = JSONValue.string("#/components/responses/pageProblem")
        let plane = try TestPlane()
        try await plane.test { client in
            for route in AdminRoute.allCases where route != .file && route != .openAPI {
                let operation = paths?[route.path]?[route.method.lowercased()]
                let isPage = operation?["responses"]?["default"]?["$ref"] == page
                let answer = try await client.send(route)
                guard answer.status.code >= 400 else { continue }
                let type = isPage ? "text/html; charset=utf-8" : "application/problem+json"
                #expect(answer.headers[.contentType] == type, "\(route.rawValue)")
                let asked = try await client.send(route, headers: [.accept: "application/json"])
                #expect(asked.headers[.contentType] == "application/problem+json", "\(route.rawValue)")
            }
        }
    }

    private static let hasValidator =
        run("import openapi_spec_validator", input: "").status == 0

    @Test(.enabled(if: hasValidator, "openapi-spec-validator is not installed (pip install openapi-spec-validator)"))
    func theDocumentIsValid() throws {
        let program = """
            import json, sys, openapi_spec_validator
            openapi_spec_validator.validate(json.load(sys.stdin))
            """
        let result = OpenAPITests.run(program, input: OpenAPIDocument.json)
        #expect(result.status == 0, "\(result.said.suffix(1_500))")
    }

    private static func run(_ program: String, input: String) -> (status: Int32, said: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", program]
        let (standardInput, output) = (Pipe(), Pipe())
        process.standardInput = standardInput
        process.standardOutput = output
        process.standardError = output
        do {
            try process.run()
            try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
            try standardInput.fileHandleForWriting.close()
        } catch {
            return (-1, "\(error)")
        }
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, said)
    }
}
