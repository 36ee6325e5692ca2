/// The tag manager's pages, for whoever looks at them with a program.
extension OpenAPIDocument {
    static let containerPages = #"""
          "/containers": {
           "get": {
            "operationId": "containersPage",
            "summary": "The tag manager's first page",
            "responses": {
             "200": {"$ref": "#/components/responses/page"},
             "default": {"$ref": "#/components/responses/problem"}
            }
           },
           "post": {
            "operationId": "addContainerForm",
            "summary": "Adds a container from the page's form",
            "requestBody": {
             "required": true,
             "content": {
              "application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": {"csrf": {"type": "string"}}}}
             }
            },
            "responses": {
             "303": {"description": "Done; the page that shows it"},
             "default": {"$ref": "#/components/responses/problem"}
            }
           }
          },
          "/containers/{container}": {
           "parameters": [{"$ref": "#/components/parameters/anyContainer"}],
           "get": {
            "operationId": "containerPage",
            "summary": "A container: snippet, drafts, versions, kills",
            "responses": {
             "200": {"$ref": "#/components/responses/page"},
             "default": {"$ref": "#/components/responses/problem"}
            }
           },
           "post": {
            "operationId": "changeContainerForm",
            "summary": "Changes it from the page's form",
            "requestBody": {
             "required": true,
             "content": {
              "application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": {"csrf": {"type": "string"}}}}
             }
            },
            "responses": {
             "303": {"description": "Done; the page that shows it"},
             "default": {"$ref": "#/components/responses/problem"}
            }
           }
          },
          "/containers/{container}/versions/{number}": {
           "parameters": [
            {"$ref": "#/components/parameters/anyContainer"},
            {"name": "number", "in": "path", "required": true, "schema": {"type": "string"}}
           ],
           "get": {
            "operationId": "versionPage",
            "summary": "A version",
            "responses": {
             "200": {"$ref": "#/components/responses/page"},
             "default": {"$ref": "#/components/responses/problem"}
            }
           }
          },
          "/containers/{container}/diff": {
           "parameters": [{"$ref": "#/components/parameters/anyContainer"}],
           "get": {
            "operationId": "diffPage",
            "summary": "What differs between two states",
            "responses": {
             "200": {"$ref": "#/components/responses/page"},
             "default": {"$ref": "#/components/responses/problem"}
            }
           }
          },
          "/containers/{container}/publish": {
           "parameters": [{"$ref": "#/components/parameters/anyContainer"}],
           "get": {
            "operationId": "publishPage",
            "summary": "What a publication would change",
            "responses": {
             "200": {"$ref": "#/components/responses/page"},
             "default": {"$ref": "#/components/responses/problem"}
            }
           },
           "post": {
            "operationId": "publishForm",
            "summary": "Publishes from the page's form",
            "requestBody": {
             "required": true,
             "content": {
              "application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": {"csrf": {"type": "string"}}}}
             }
            },
            "responses": {
             "303": {"description": "Done; the page that shows it"},
             "default": {"$ref": "#/components/responses/problem"}
            }
           }
          },
          "/containers/{container}/approval": {
           "parameters": [{"$ref": "#/components/parameters/anyContainer"}],
           "post": {
            "operationId": "approvalForm",
            "summary": "Approves or declines from the page's form",
            "requestBody": {
             "required": true,
             "content": {
              "application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": {"csrf": {"type": "string"}}}}
             }
            },
            "responses": {
             "303": {"description": "Done; the page that shows it"},
             "default": {"$ref": "#/components/responses/problem"}
            }
           }
          },
          "/containers/{container}/rollback": {
           "parameters": [{"$ref": "#/components/parameters/anyContainer"}],
           "post": {
            "operationId": "rollbackForm",
            "summary": "Rolls back from the page's form",
            "requestBody": {
             "required": true,
             "content": {
              "application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": {"csrf": {"type": "string"}}}}
             }
            },
            "responses": {
             "303": {"description": "Done; the page that shows it"},
             "default": {"$ref": "#/components/responses/problem"}
            }
           }
          },
          "/containers/{container}/kills": {
           "parameters": [{"$ref": "#/components/parameters/anyContainer"}],
           "post": {
            "operationId": "killForm",
            "summary": "Switches off or on from the page's form",
            "requestBody": {
             "required": true,
             "content": {
              "application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": {"csrf": {"type": "string"}}}}
             }
            },
            "responses": {
             "303": {"description": "Done; the page that shows it"},
             "default": {"$ref": "#/components/responses/problem"}
            }
           }
          },
          "/containers/{container}/import": {
           "parameters": [{"$ref": "#/components/parameters/anyContainer"}],
           "get": {
            "operationId": "importPage",
            "summary": "The form for an export's file",
            "responses": {
             "200": {"$ref": "#/components/responses/page"},
             "default": {"$ref": "#/components/responses/problem"}
            }
           },
           "post": {
            "operationId": "importForm",
            "summary": "Checks an export's file; saves nothing",
            "requestBody": {
             "required": true,
             "content": {
              "multipart/form-data": {"schema": {"type": "object", "properties": {"csrf": {"type": "string"}}}}
             }
            },
            "responses": {
             "200": {"$ref": "#/components/responses/page"},
             "default": {"$ref": "#/components/responses/problem"}
            }
           }
          },
          "/containers/{container}/import/take": {
           "parameters": [{"$ref": "#/components/parameters/anyContainer"}],
           "post": {
            "operationId": "takeImportForm",
            "summary": "Saves a checked export into the draft",
            "requestBody": {
             "required": true,
             "content": {
              "application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": {"csrf": {"type": "string"}}}}
             }
            },
            "responses": {
             "303": {"description": "Done; the page that shows it"},
             "default": {"$ref": "#/components/responses/problem"}
            }
           }
          },
          "/containers/{container}/workspaces": {
           "parameters": [{"$ref": "#/components/parameters/anyContainer"}],
           "post": {
            "operationId": "addWorkspaceForm",
            "summary": "Adds a draft from the page's form",
            "requestBody": {
             "required": true,
             "content": {
              "application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": {"csrf": {"type": "string"}}}}
             }
            },
            "responses": {
             "303": {"description": "Done; the page that shows it"},
             "default": {"$ref": "#/components/responses/problem"}
            }
           }
          },
          "/containers/{container}/workspaces/{workspace}": {
           "parameters": [
            {"$ref": "#/components/parameters/anyContainer"},
            {"name": "workspace", "in": "path", "required": true, "schema": {"type": "string"}}
           ],
           "get": {
            "operationId": "workspacePage",
            "summary": "A draft",
            "responses": {
             "200": {"$ref": "#/components/responses/page"},
             "default": {"$ref": "#/components/responses/problem"}
            }
           },
           "post": {
            "operationId": "workspaceForm",
            "summary": "Previews or removes a draft from the page's form",
            "requestBody": {
             "required": true,
             "content": {
              "application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": {"csrf": {"type": "string"}}}}
             }
            },
            "responses": {
             "303": {"description": "Done; the page that shows it"},
             "200": {"$ref": "#/components/responses/page"},
             "default": {"$ref": "#/components/responses/problem"}
            }
           }
          },
          "/containers/{container}/workspaces/{workspace}/{kind}/{item}": {
           "parameters": [
            {"$ref": "#/components/parameters/anyContainer"},
            {"name": "workspace", "in": "path", "required": true, "schema": {"type": "string"}},
            {"name": "kind", "in": "path", "required": true, "schema": {"type": "string"}},
            {"name": "item", "in": "path", "required": true, "schema": {"type": "string"}}
           ],
           "get": {
            "operationId": "itemPage",
            "summary": "The form of a tag, trigger, variable or folder",
            "responses": {
             "200": {"$ref": "#/components/responses/page"},
             "default": {"$ref": "#/components/responses/problem"}
            }
           },
           "post": {
            "operationId": "itemForm",
            "summary": "Saves or deletes one from the page's form",
            "requestBody": {
             "required": true,
             "content": {
              "application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": {"csrf": {"type": "string"}}}}
             }
            },
            "responses": {
             "303": {"description": "Done; the page that shows it"},
             "200": {"$ref": "#/components/responses/page"},
             "default": {"$ref": "#/components/responses/problem"}
            }
           }
          },

        """#
}
