/// The paths of what pages get of containers, of imports and previews.
extension OpenAPIDocument {
    static let publications = #"""
          "/api/v1/containers/{container}/approve": {
           "parameters": [{"$ref": "#/components/parameters/anyContainer"}],
           "post": {
            "operationId": "approve",
            "summary": "Lets a waiting publication through; not by who wrote it",
            "requestBody": {
             "required": true,
             "content": {
              "application/json": {
               "schema": {
                "required": ["version"],
                "type": "object",
                "additionalProperties": false,
                "properties": {
                 "environment": {"type": "string", "default": "live"},
                 "version": {"type": "integer", "minimum": 1}
                }
               }
              }
             }
            },
            "responses": {
             "200": {
              "description": "Published",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Publication"}}}
             },
             "default": {"$ref": "#/components/responses/problem"}
            }
           }
          },
          "/api/v1/containers/{container}/decline": {
           "parameters": [{"$ref": "#/components/parameters/anyContainer"}],
           "post": {
            "operationId": "decline",
            "summary": "Takes back a waiting publication",
            "requestBody": {
             "required": true,
             "content": {
              "application/json": {
               "schema": {
                "type": "object",
                "additionalProperties": false,
                "properties": {"environment": {"type": "string", "default": "live"}}
               }
              }
             }
            },
            "responses": {
             "200": {
              "description": "The container",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Container"}}}
             },
             "default": {"$ref": "#/components/responses/problem"}
            }
           }
          },
          "/api/v1/containers/{container}/rollback": {
           "parameters": [{"$ref": "#/components/parameters/anyContainer"}],
           "post": {
            "operationId": "rollback",
            "summary": "Brings back an earlier version, the one before by default",
            "requestBody": {
             "required": true,
             "content": {
              "application/json": {
               "schema": {
                "type": "object",
                "additionalProperties": false,
                "properties": {
                 "environment": {"type": "string", "default": "live"},
                 "version": {"type": "integer", "minimum": 1}
                }
               }
              }
             }
            },
            "responses": {
             "200": {
              "description": "Published",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Publication"}}}
             },
             "default": {"$ref": "#/components/responses/problem"}
            }
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
            "responses": {"204": {"description": "Removed"}, "default": {"$ref": "#/components/responses/problem"}}
           }
          },
          "/api/v1/containers/{container}/kills": {
           "parameters": [{"$ref": "#/components/parameters/anyContainer"}],
           "get": {
            "operationId": "listKills",
            "summary": "What is switched off",
            "responses": {
             "200": {
              "description": "Kills",
              "content": {
               "application/json": {
                "schema": {
                 "type": "object",
                 "required": ["kills"],
                 "properties": {"kills": {"type": "array", "items": {"$ref": "#/components/schemas/Kill"}}}
                }
               }
              }
             },
             "default": {"$ref": "#/components/responses/problem"}
            }
           },
           "post": {
            "operationId": "addKill",
            "summary": "Switches a container, tag or host off at once",
            "requestBody": {
             "required": true,
             "content": {
              "application/json": {
               "schema": {
                "required": ["target"],
                "type": "object",
                "additionalProperties": false,
                "properties": {"target": {"enum": ["container", "tag", "host"]}, "value": {"type": "string"}}
               }
              }
             }
            },
            "responses": {
             "201": {
              "description": "The container",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Container"}}}
             },
             "default": {"$ref": "#/components/responses/problem"}
            }
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
            "responses": {"204": {"description": "On again"}, "default": {"$ref": "#/components/responses/problem"}}
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
            "responses": {
             "200": {
              "description": "Links",
              "content": {
               "application/json": {
                "schema": {
                 "type": "object",
                 "required": ["previews"],
                 "properties": {"previews": {"type": "array", "items": {"$ref": "#/components/schemas/Preview"}}}
                }
               }
              }
             },
             "default": {"$ref": "#/components/responses/problem"}
            }
           },
           "post": {
            "operationId": "addPreview",
            "summary": "A new link to a draft; its token is in this answer only",
            "requestBody": {
             "required": true,
             "content": {
              "application/json": {
               "schema": {
                "type": "object",
                "additionalProperties": false,
                "properties": {
                 "workspace": {"type": "string"},
                 "hours": {"type": "integer", "minimum": 1, "maximum": 168, "default": 1}
                }
               }
              }
             }
            },
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
            "responses": {"204": {"description": "Ended"}, "default": {"$ref": "#/components/responses/problem"}}
           }
          },

        """#
}
