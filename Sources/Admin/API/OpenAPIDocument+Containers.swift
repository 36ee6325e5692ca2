/// The paths of containers, their drafts and versions.
extension OpenAPIDocument {
    static let containers = drafts + publications + containerPages

    static let drafts = #"""
          "/api/v1/containers": {
           "get": {
            "operationId": "listContainers",
            "summary": "The containers that the caller reaches",
            "responses": {
             "200": {
              "description": "Containers",
              "content": {
               "application/json": {
                "schema": {
                 "type": "object",
                 "required": ["containers"],
                 "properties": {"containers": {"type": "array", "items": {"$ref": "#/components/schemas/Container"}}}
                }
               }
              }
             },
             "default": {"$ref": "#/components/responses/problem"}
            }
           },
           "post": {
            "operationId": "addContainer",
            "summary": "A new container with an empty draft",
            "description": "A key for some sites names at least one of them and no other.",
            "requestBody": {
             "required": true,
             "content": {
              "application/json": {
               "schema": {
                "required": ["name"],
                "type": "object",
                "additionalProperties": false,
                "properties": {
                 "name": {"type": "string", "maxLength": 100},
                 "sites": {"type": "array", "maxItems": 200, "items": {"type": ["string", "integer"]}},
                 "needsApproval": {"type": "boolean"}
                }
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
          "/api/v1/containers/{container}": {
           "parameters": [{"$ref": "#/components/parameters/anyContainer"}],
           "get": {
            "operationId": "showContainer",
            "summary": "A container",
            "responses": {
             "200": {
              "description": "The container",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Container"}}}
             },
             "default": {"$ref": "#/components/responses/problem"}
            }
           },
           "patch": {
            "operationId": "changeContainer",
            "summary": "Changes the fields that are given; new sites compile what pages get anew",
            "requestBody": {
             "required": true,
             "content": {
              "application/json": {
               "schema": {
                "type": "object",
                "additionalProperties": false,
                "properties": {
                 "name": {"type": "string", "maxLength": 100},
                 "sites": {"type": "array", "maxItems": 200, "items": {"type": ["string", "integer"]}},
                 "needsApproval": {"type": "boolean"}
                }
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
           },
           "delete": {
            "operationId": "removeContainer",
            "summary": "Removes it with all drafts, versions and scripts",
            "responses": {"204": {"description": "Removed"}, "default": {"$ref": "#/components/responses/problem"}}
           }
          },
          "/api/v1/containers/{container}/workspaces": {
           "parameters": [{"$ref": "#/components/parameters/anyContainer"}],
           "get": {
            "operationId": "listWorkspaces",
            "summary": "The drafts, without what is in them",
            "responses": {
             "200": {
              "description": "Drafts",
              "content": {
               "application/json": {
                "schema": {
                 "type": "object",
                 "required": ["workspaces"],
                 "properties": {"workspaces": {"type": "array", "items": {"$ref": "#/components/schemas/Workspace"}}}
                }
               }
              }
             },
             "default": {"$ref": "#/components/responses/problem"}
            }
           },
           "post": {
            "operationId": "addWorkspace",
            "summary": "A new draft on a version, the newest by default",
            "requestBody": {
             "required": true,
             "content": {
              "application/json": {
               "schema": {
                "required": ["name"],
                "type": "object",
                "additionalProperties": false,
                "properties": {"name": {"type": "string"}, "base": {"type": "integer", "minimum": 0}}
               }
              }
             }
            },
            "responses": {
             "201": {
              "description": "The draft",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Workspace"}}}
             },
             "default": {"$ref": "#/components/responses/problem"}
            }
           }
          },
          "/api/v1/containers/{container}/workspaces/{workspace}": {
           "parameters": [
            {"$ref": "#/components/parameters/anyContainer"},
            {"name": "workspace", "in": "path", "required": true, "schema": {"type": "string"}}
           ],
           "get": {
            "operationId": "showWorkspace",
            "summary": "A draft with its definition",
            "responses": {
             "200": {
              "description": "The draft",
              "content": {
               "application/json": {
                "schema": {
                 "allOf": [{"$ref": "#/components/schemas/Workspace"}],
                 "properties": {"definition": {"$ref": "#/components/schemas/ContainerDefinition"}}
                }
               }
              }
             },
             "default": {"$ref": "#/components/responses/problem"}
            }
           },
           "put": {
            "operationId": "saveWorkspace",
            "summary": "Replaces a draft's definition; 409 names who saved in between",
            "description": "At most 8 MiB. Custom code is allowed by who may publish alone.",
            "requestBody": {
             "required": true,
             "content": {
              "application/json": {
               "schema": {
                "required": ["revision", "definition"],
                "type": "object",
                "additionalProperties": false,
                "properties": {
                 "revision": {"type": "integer"},
                 "base": {"type": "integer"},
                 "definition": {"$ref": "#/components/schemas/ContainerDefinition"}
                }
               }
              }
             }
            },
            "responses": {
             "200": {
              "description": "The draft with its findings",
              "content": {
               "application/json": {
                "schema": {
                 "allOf": [{"$ref": "#/components/schemas/Workspace"}],
                 "properties": {"findings": {"type": "array", "items": {"$ref": "#/components/schemas/Finding"}}}
                }
               }
              }
             },
             "default": {"$ref": "#/components/responses/problem"}
            }
           },
           "delete": {
            "operationId": "removeWorkspace",
            "summary": "Removes a draft; a container keeps one",
            "responses": {"204": {"description": "Removed"}, "default": {"$ref": "#/components/responses/problem"}}
           }
          },
          "/api/v1/containers/{container}/workspaces/{workspace}/update": {
           "parameters": [
            {"$ref": "#/components/parameters/anyContainer"},
            {"name": "workspace", "in": "path", "required": true, "schema": {"type": "string"}}
           ],
           "post": {
            "operationId": "updateWorkspace",
            "summary": "Takes the newest version into a draft that was begun on an older one",
            "description": "What both changed stays as the draft has it and is named in the findings.",
            "requestBody": {
             "required": true,
             "content": {
              "application/json": {
               "schema": {
                "type": "object",
                "additionalProperties": false,
                "properties": {"revision": {"type": "integer"}}
               }
              }
             }
            },
            "responses": {
             "200": {
              "description": "The draft with its findings",
              "content": {
               "application/json": {
                "schema": {
                 "allOf": [{"$ref": "#/components/schemas/Workspace"}],
                 "properties": {"findings": {"type": "array", "items": {"$ref": "#/components/schemas/Finding"}}}
                }
               }
              }
             },
             "default": {"$ref": "#/components/responses/problem"}
            }
           }
          },
          "/api/v1/containers/{container}/workspaces/{workspace}/findings": {
           "parameters": [
            {"$ref": "#/components/parameters/anyContainer"},
            {"name": "workspace", "in": "path", "required": true, "schema": {"type": "string"}}
           ],
           "get": {
            "operationId": "findings",
            "summary": "What a person should know of a draft",
            "responses": {
             "200": {
              "description": "Findings",
              "content": {
               "application/json": {
                "schema": {
                 "type": "object",
                 "required": ["findings"],
                 "properties": {"findings": {"type": "array", "items": {"$ref": "#/components/schemas/Finding"}}}
                }
               }
              }
             },
             "default": {"$ref": "#/components/responses/problem"}
            }
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
            "responses": {
             "200": {
              "description": "Versions",
              "content": {
               "application/json": {
                "schema": {
                 "type": "object",
                 "required": ["versions"],
                 "properties": {"versions": {"type": "array", "items": {"$ref": "#/components/schemas/Version"}}}
                }
               }
              }
             },
             "default": {"$ref": "#/components/responses/problem"}
            }
           },
           "post": {
            "operationId": "addVersion",
            "summary": "Makes a draft the next version; 422 with findings where it has errors",
            "requestBody": {
             "required": true,
             "content": {
              "application/json": {
               "schema": {
                "type": "object",
                "additionalProperties": false,
                "properties": {
                 "workspace": {"type": "string"},
                 "revision": {"type": "integer"},
                 "name": {"type": "string"},
                 "note": {"type": "string", "maxLength": 2000},
                 "overridesNewer": {"type": "boolean"}
                }
               }
              }
             }
            },
            "responses": {
             "201": {
              "description": "The version",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Version"}}}
             },
             "default": {"$ref": "#/components/responses/problem"}
            }
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
            "responses": {
             "200": {
              "description": "Changes",
              "content": {
               "application/json": {
                "schema": {
                 "type": "object",
                 "required": ["changes"],
                 "properties": {"changes": {"type": "array", "items": {"$ref": "#/components/schemas/Change"}}}
                }
               }
              }
             },
             "default": {"$ref": "#/components/responses/problem"}
            }
           }
          },
          "/api/v1/containers/{container}/publish": {
           "parameters": [{"$ref": "#/components/parameters/anyContainer"}],
           "post": {
            "operationId": "publish",
            "summary": "Puts a version, or a draft as a new version, into an environment",
            "description": "Errors answer 422, what has to be confirmed 409, both with findings.",
            "requestBody": {
             "required": true,
             "content": {
              "application/json": {
               "schema": {
                "type": "object",
                "additionalProperties": false,
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
               }
              }
             }
            },
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
