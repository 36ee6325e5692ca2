/// The paths of containers, their drafts and versions.
extension OpenAPIDocument {
    static let containers = drafts + publications + containerPages

    private static let workspaceParameters = ##"""
        "parameters": [
         {"$ref": "#/components/parameters/anyContainer"},
         {"name": "workspace", "in": "path", "required": true, "schema": {"type": "string"}}
        ]
        """##

    private static let savedDraft = answers(
        200, "The draft with its findings",
        schema("Workspace", with: #""findings": {"type": "array", "items": \#(schema("Finding"))}"#))

    static let drafts = #"""
          "/api/v1/containers": {
           "get": {
            "operationId": "listContainers",
            "summary": "The containers that the caller reaches",
            \#(answers(200, "Containers", list("containers", "Container")))
           },
           "post": {
            "operationId": "addContainer",
            "summary": "A new container with an empty draft",
            "description": "A key for some sites names at least one of them and no other.",
            "requestBody": {"required": true, "content": {"application/json": {"schema": {
             "type": "object", "required": ["name"], "additionalProperties": false,
             "properties": {
              "name": {"type": "string", "maxLength": 100},
              "sites": {"type": "array", "maxItems": 200, "items": {"type": ["string", "integer"]}},
              "needsApproval": {"type": "boolean"}
             }
            }}}},
            \#(answers(201, "The container", schema("Container")))
           }
          },
          "/api/v1/containers/{container}": {
           "parameters": [{"$ref": "#/components/parameters/anyContainer"}],
           "get": {
            "operationId": "showContainer",
            "summary": "A container",
            \#(answers(200, "The container", schema("Container")))
           },
           "patch": {
            "operationId": "changeContainer",
            "summary": "Changes the fields that are given; new sites compile what pages get anew",
            "requestBody": {"required": true, "content": {"application/json": {"schema": {
             "type": "object", "additionalProperties": false,
             "properties": {
              "name": {"type": "string", "maxLength": 100},
              "sites": {"type": "array", "maxItems": 200, "items": {"type": ["string", "integer"]}},
              "needsApproval": {"type": "boolean"}
             }
            }}}},
            \#(answers(200, "The container", schema("Container")))
           },
           "delete": {
            "operationId": "removeContainer",
            "summary": "Removes it with all drafts, versions and scripts",
            \#(answers(204, "Removed"))
           }
          },
          "/api/v1/containers/{container}/workspaces": {
           "parameters": [{"$ref": "#/components/parameters/anyContainer"}],
           "get": {
            "operationId": "listWorkspaces",
            "summary": "The drafts, without what is in them",
            \#(answers(200, "Drafts", list("workspaces", "Workspace")))
           },
           "post": {
            "operationId": "addWorkspace",
            "summary": "A new draft on a version, the newest by default",
            "requestBody": {"required": true, "content": {"application/json": {"schema": {
             "type": "object", "required": ["name"], "additionalProperties": false,
             "properties": {"name": {"type": "string"}, "base": {"type": "integer", "minimum": 0}}
            }}}},
            \#(answers(201, "The draft", schema("Workspace")))
           }
          },
          "/api/v1/containers/{container}/workspaces/{workspace}": {
           \#(workspaceParameters),
           "get": {
            "operationId": "showWorkspace",
            "summary": "A draft with its definition",
            \#(answers(200, "The draft", schema("Workspace", with: #""definition": \#(schema("ContainerDefinition"))"#)))
           },
           "put": {
            "operationId": "saveWorkspace",
            "summary": "Replaces a draft's definition; 409 names who saved in between",
            "description": "At most 8 MiB. Custom code is allowed by who may publish alone.",
            "requestBody": {"required": true, "content": {"application/json": {"schema": {
             "type": "object", "required": ["revision", "definition"], "additionalProperties": false,
             "properties": {
              "revision": {"type": "integer"},
              "base": {"type": "integer"},
              "definition": {"$ref": "#/components/schemas/ContainerDefinition"}
             }
            }}}},
            \#(savedDraft)
           },
           "delete": {
            "operationId": "removeWorkspace",
            "summary": "Removes a draft; a container keeps one",
            \#(answers(204, "Removed"))
           }
          },
          "/api/v1/containers/{container}/workspaces/{workspace}/update": {
           \#(workspaceParameters),
           "post": {
            "operationId": "updateWorkspace",
            "summary": "Takes the newest version into a draft that was begun on an older one",
            "description": "What both changed stays as the draft has it and is named in the findings.",
            "requestBody": {"required": true, "content": {"application/json": {"schema": {
             "type": "object", "additionalProperties": false,
             "properties": {"revision": {"type": "integer"}}
            }}}},
            \#(savedDraft)
           }
          },
          "/api/v1/containers/{container}/workspaces/{workspace}/findings": {
           \#(workspaceParameters),
           "get": {
            "operationId": "findings",
            "summary": "What a person should know of a draft",
            \#(answers(200, "Findings", list("findings", "Finding")))
           }
          },
          "/api/v1/containers/{container}/versions": {
           "parameters": [{"$ref": "#/components/parameters/anyContainer"}],
           "get": {
            "operationId": "listVersions",
            "summary": "Versions, newest first",
            "parameters": [
             {"name": "before", "in": "query", "schema": {"type": "integer", "minimum": 1}},
             {
              "name": "limit",
              "in": "query",
              "schema": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}
             }
            ],
            \#(answers(200, "Versions", list("versions", "Version")))
           },
           "post": {
            "operationId": "addVersion",
            "summary": "Makes a draft the next version; 422 with findings where it has errors",
            "requestBody": {"required": true, "content": {"application/json": {"schema": {
             "type": "object", "additionalProperties": false,
             "properties": {
              "workspace": {"type": "string"},
              "revision": {"type": "integer"},
              "name": {"type": "string"},
              "note": {"type": "string", "maxLength": 2000},
              "overridesNewer": {"type": "boolean"}
             }
            }}}},
            \#(answers(201, "The version", schema("Version")))
           }
          },
          "/api/v1/containers/{container}/versions/{number}": {
           "parameters": [
            {"$ref": "#/components/parameters/anyContainer"},
            {"name": "number", "in": "path", "required": true, "schema": {"type": "string"}}
           ],
           "get": {
            "operationId": "showVersion",
            "summary": "A version with its definition and findings",
            "responses": {
             "200": {
              "description": "The version",
              "content": {
               "application/json": {
                "schema": {
                 "allOf": [{"$ref": "#/components/schemas/Version"}],
                 "properties": {
                  "findings": {"type": "array", "items": {"$ref": "#/components/schemas/Finding"}},
                  "definition": {"$ref": "#/components/schemas/ContainerDefinition"}
                 }
                }
               }
              }
             },
             "default": {"$ref": "#/components/responses/problem"}
            }
           }
          },
          "/api/v1/containers/{container}/diff": {
           "parameters": [{"$ref": "#/components/parameters/anyContainer"}],
           "get": {
            "operationId": "diff",
            "summary": "What differs between two versions, or a version and a draft",
            "parameters": [
             {
              "name": "from",
              "in": "query",
              "schema": {"type": "integer", "minimum": 0},
              "description": "A version, 0 for nothing; by default what is live"
             },
             {
              "name": "to",
              "in": "query",
              "schema": {"type": "integer", "minimum": 0},
              "description": "A version; by default the draft"
             },
             {"name": "workspace", "in": "query", "schema": {"type": "string", "default": "default"}}
            ],
            \#(answers(200, "Changes", list("changes", "Change")))
           }
          },
          "/api/v1/containers/{container}/publish": {
           "parameters": [{"$ref": "#/components/parameters/anyContainer"}],
           "post": {
            "operationId": "publish",
            "summary": "Puts a version, or a draft as a new version, into an environment",
            "description": "Errors answer 422, what has to be confirmed 409, both with findings.",
            "requestBody": {"required": true, "content": {"application/json": {"schema": {
             "type": "object", "additionalProperties": false,
             "properties": {
              "version": {"type": "integer", "minimum": 1},
              "workspace": {"type": "string"},
              "workspaceRevision": {"type": "integer"},
              "environment": {"type": "string", "default": "live"},
              "name": {"type": "string"},
              "note": {"type": "string", "maxLength": 2000},
              "confirm": {"type": "boolean"},
              "overridesNewer": {"type": "boolean"},
              "revision": {"type": "integer", "description": "The container's, as the caller saw it"}
             }
            }}}},
            "responses": {
             "200": {
              "description": "Published",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Publication"}}}
             },
             "202": {
              "description": "Waits for somebody else's approval",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Publication"}}}
             },
             "default": {"$ref": "#/components/responses/problem"}
            }
           }
          },

        """#
}
