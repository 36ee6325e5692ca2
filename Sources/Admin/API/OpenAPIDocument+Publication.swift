/// The paths of what pages get of containers, of imports and previews.
extension OpenAPIDocument {
    static let publications = #"""
          "/api/v1/containers/{container}/approve": {
           "parameters": [{"$ref": "#/components/parameters/anyContainer"}],
           "post": {
            "operationId": "approve",
            "summary": "Lets a waiting publication through; not by who wrote it",
            "requestBody": {"required": true, "content": {"application/json": {"schema": {
             "type": "object", "required": ["version"], "additionalProperties": false,
             "properties": {
              "environment": {"type": "string", "default": "live"},
              "version": {"type": "integer", "minimum": 1}
             }
            }}}},
            \#(answers(200, "Published", schema("Publication")))
           }
          },
          "/api/v1/containers/{container}/decline": {
           "parameters": [{"$ref": "#/components/parameters/anyContainer"}],
           "post": {
            "operationId": "decline",
            "summary": "Takes back a waiting publication",
            "requestBody": {"required": true, "content": {"application/json": {"schema": {
             "type": "object", "additionalProperties": false,
             "properties": {"environment": {"type": "string", "default": "live"}}
            }}}},
            \#(answers(200, "The container", schema("Container")))
           }
          },
          "/api/v1/containers/{container}/rollback": {
           "parameters": [{"$ref": "#/components/parameters/anyContainer"}],
           "post": {
            "operationId": "rollback",
            "summary": "Brings back an earlier version, the one before by default",
            "requestBody": {"required": true, "content": {"application/json": {"schema": {
             "type": "object", "additionalProperties": false,
             "properties": {
              "environment": {"type": "string", "default": "live"},
              "version": {"type": "integer", "minimum": 1}
             }
            }}}},
            \#(answers(200, "Published", schema("Publication")))
           }
          },
          "/api/v1/containers/{container}/environments/{environment}": {
           "parameters": [
            {"$ref": "#/components/parameters/anyContainer"},
            {"name": "environment", "in": "path", "required": true, "schema": {"type": "string"}}
           ],
           "delete": {
            "operationId": "removeEnvironment",
            "summary": "Ends an environment other than live",
            \#(answers(204, "Removed"))
           }
          },
          "/api/v1/containers/{container}/kills": {
           "parameters": [{"$ref": "#/components/parameters/anyContainer"}],
           "get": {
            "operationId": "listKills",
            "summary": "What is switched off",
            \#(answers(200, "Kills", list("kills", "Kill")))
           },
           "post": {
            "operationId": "addKill",
            "summary": "Switches a container, tag or host off at once",
            "requestBody": {"required": true, "content": {"application/json": {"schema": {
             "type": "object", "required": ["target"], "additionalProperties": false,
             "properties": {"target": {"enum": ["container", "tag", "host"]}, "value": {"type": "string"}}
            }}}},
            \#(answers(201, "The container", schema("Container")))
           }
          },
          "/api/v1/containers/{container}/kills/{kill}": {
           "parameters": [
            {"$ref": "#/components/parameters/anyContainer"},
            {"name": "kill", "in": "path", "required": true, "schema": {"type": "string"}}
           ],
           "delete": {
            "operationId": "removeKill",
            "summary": "Ends a kill: container, tag:5, host:connect.example",
            \#(answers(204, "On again"))
           }
          },
          "/api/v1/containers/{container}/import": {
           "parameters": [{"$ref": "#/components/parameters/anyContainer"}],
           "post": {
            "operationId": "importContainer",
            "summary": "Reads an export of Google Tag Manager into a draft",
            "description": "At most 5 MiB.",
            "parameters": [
             {
              "name": "mode",
              "in": "query",
              "schema": {"enum": ["overwrite", "mergeOverwriting", "mergeRenaming"], "default": "overwrite"}
             },
             {"name": "workspace", "in": "query", "schema": {"type": "string", "default": "default"}},
             {"name": "revision", "in": "query", "schema": {"type": "integer"}},
             {
              "name": "check",
              "in": "query",
              "schema": {"enum": [0, 1], "default": 0},
              "description": "1: only reports"
             },
             {"name": "googleConsent", "in": "query", "schema": {"enum": ["basic", "advanced"]}},
             {"name": "googleEvents", "in": "query", "schema": {"enum": ["keep", "highland", "both"]}}
            ],
            "requestBody": {"required": true, "content": {"application/json": {"schema": {"type": "object"}}}},
            "responses": {
             "200": {
              "description": "The report and the draft",
              "content": {
               "application/json": {
                "schema": {
                 "type": "object",
                 "required": ["report"],
                 "properties": {
                  "report": {"type": "object"},
                  "workspace": {"$ref": "#/components/schemas/Workspace"},
                  "findings": {"type": "array", "items": {"$ref": "#/components/schemas/Finding"}}
                 }
                }
               }
              }
             },
             "default": {"$ref": "#/components/responses/problem"}
            }
           }
          },
          "/api/v1/containers/{container}/export": {
           "parameters": [{"$ref": "#/components/parameters/anyContainer"}],
           "get": {
            "operationId": "exportContainer",
            "summary": "A version or draft in Google Tag Manager's format",
            "parameters": [
             {"name": "version", "in": "query", "schema": {"type": "integer", "minimum": 1}},
             {"name": "workspace", "in": "query", "schema": {"type": "string"}},
             {
              "name": "native",
              "in": "query",
              "schema": {"enum": [0, 1], "default": 0},
              "description": "1: with what Google's format cannot say"
             }
            ],
            "responses": {
             "200": {"description": "The export", "content": {"application/json": {"schema": {"type": "object"}}}},
             "default": {"$ref": "#/components/responses/problem"}
            }
           }
          },
          "/api/v1/containers/{container}/previews": {
           "parameters": [{"$ref": "#/components/parameters/anyContainer"}],
           "get": {
            "operationId": "listPreviews",
            "summary": "Links to drafts that are open",
            \#(answers(200, "Links", list("previews", "Preview")))
           },
           "post": {
            "operationId": "addPreview",
            "summary": "A new link to a draft; its token is in this answer only",
            "requestBody": {"required": true, "content": {"application/json": {"schema": {
             "type": "object", "additionalProperties": false,
             "properties": {
              "workspace": {"type": "string"},
              "hours": {"type": "integer", "minimum": 1, "maximum": 168, "default": 1}
             }
            }}}},
            "responses": {
             "201": {
              "description": "The link",
              "content": {
               "application/json": {
                "schema": {
                 "allOf": [{"$ref": "#/components/schemas/Preview"}],
                 "properties": {
                  "token": {"type": "string"},
                  "query": {"type": "string"},
                  "findings": {"type": "array", "items": {"$ref": "#/components/schemas/Finding"}}
                 }
                }
               }
              }
             },
             "default": {"$ref": "#/components/responses/problem"}
            }
           }
          },
          "/api/v1/containers/{container}/previews/{preview}": {
           "parameters": [
            {"$ref": "#/components/parameters/anyContainer"},
            {"name": "preview", "in": "path", "required": true, "schema": {"type": "string"}}
           ],
           "delete": {
            "operationId": "removePreview",
            "summary": "Ends a link",
            \#(answers(204, "Ended"))
           }
          },

        """#
}
