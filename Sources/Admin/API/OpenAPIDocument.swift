/// The description of both planes for programs (OpenAPI 3.1, https://spec.openapis.org/oas/v3.1.0), served at
/// `/openapi.json`. Paths of the public plane name their own server. Tests hold it to `AdminRoute` and to the standard.
package enum OpenAPIDocument {
    package static let json = management + containers + foreignPaths + collectionAndShapes

    private static let management = #"""
        {
         "openapi": "3.1.0",
         "info": {
          "title": "Highland",
          "version": "1",
          "description": "Management and reports (admin plane), and collection of events (public plane), which also takes other products' clients at their own paths. Behind /x/PREFIX, a site's own, all public paths are served too.",
          "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}
         },
         "servers": [{"url": "/", "description": "admin plane, port 8081 by default"}],
         "security": [{"key": []}, {"session": []}],
         "paths": {
          "/": {
           "get": {
            "operationId": "home",
            "summary": "The dashboard with the first site the caller may see",
            "parameters": [{"$ref": "#/components/parameters/period"}, {"$ref": "#/components/parameters/bots"}],
            \#(answers(200, named: "page", orElse: "pageProblem"))
           },
           \#(foreignRoot)
          },
          "/sites/{site}": {
           "parameters": [{"$ref": "#/components/parameters/site"}],
           "get": {
            "operationId": "sitePage",
            "summary": "The dashboard of a site",
            "parameters": [{"$ref": "#/components/parameters/period"}, {"$ref": "#/components/parameters/bots"}],
            \#(answers(200, named: "page", orElse: "pageProblem"))
           }
          },
          "/sign-in/{token}": {
           "get": {
            "operationId": "signInPage",
            "security": [],
            "summary": "The form that exchanges a one-time link for a session; changes nothing",
            "parameters": [{"name": "token", "in": "path", "required": true, "schema": {"type": "string"}}],
            \#(answers(200, named: "page", orElse: "pageProblem"))
           }
          },
          "/sign-in": {
           "post": {
            "operationId": "signIn",
            "security": [],
            "summary": "Uses up a one-time token and sets the session cookie; same origin only",
            "requestBody": {
             "required": true,
             "content": {
              "application/x-www-form-urlencoded": {
               "schema": {"type": "object", "required": ["token"], "properties": {"token": {"type": "string"}}}
              }
             }
            },
            "responses": {
             "303": {"description": "Signed in"},
             "default": {"$ref": "#/components/responses/pageProblem"}
            }
           }
          },
          "/sign-out": {
           "post": {
            "operationId": "signOut",
            "security": [],
            "summary": "Ends the session; same origin and its token only",
            "requestBody": {
             "required": true,
             "content": {
              "application/x-www-form-urlencoded": {
               "schema": {"type": "object", "properties": {"csrf": {"type": "string"}}}
              }
             }
            },
            \#(answers(200, named: "page", orElse: "pageProblem"))
           }
          },
          "/public/{file}": {
           "get": {
            "operationId": "file",
            "summary": "Stylesheet, script and icon",
            "security": [],
            "parameters": [{"name": "file", "in": "path", "required": true, "schema": {"type": "string"}}],
            "responses": {
             "200": {"description": "The file, with an ETag"},
             "304": {"description": "Unchanged"},
             "default": {"$ref": "#/components/responses/problem"}
            }
           }
          },
          "/openapi.json": {
           "get": {
            "operationId": "openAPI",
            "summary": "This document",
            "security": [],
            "responses": {"200": {"description": "OpenAPI 3.1", "content": {"application/json": {}}}}
           }
          },
          "/metrics": {
           "get": {
            "operationId": "metrics",
            "security": [{}, {"key": []}],
            "summary": "Prometheus text format 0.0.4",
            "description": "Without a key only from the machine itself and without a proxy; else with a key for all sites.",
            "responses": {
             "200": {"description": "Metrics", "content": {"text/plain": {"schema": {"type": "string"}}}},
             "default": {"$ref": "#/components/responses/problem"}
            }
           }
          },
          "/api/v1/sites": {
           "get": {
            "operationId": "listSites",
            "summary": "The sites that the caller reaches",
            \#(answers(200, "Sites", list("sites", "Site")))
           },
           "post": {
            "operationId": "addSite",
            "summary": "A new site; needs the right over all sites",
            "requestBody": {
             "required": true,
             "content": {
              "application/json": {
               "schema": {"allOf": [{"$ref": "#/components/schemas/SiteSettings"}], "required": ["domains"]}
              }
             }
            },
            \#(answers(201, named: "site"))
           }
          },
          "/api/v1/sites/{site}": {
           "parameters": [{"$ref": "#/components/parameters/site"}],
           "get": {
            "operationId": "showSite",
            "summary": "A site",
            \#(answers(200, named: "site"))
           },
           "patch": {
            "operationId": "changeSite",
            "summary": "Changes the fields that are given",
            \#(body("SiteSettings")),
            \#(answers(200, named: "site"))
           },
           "delete": {
            "operationId": "removeSite",
            "summary": "Ends collection for a site; its number is never reused",
            \#(answers(204, "Removed"))
           }
          },
          "/api/v1/sites/{site}/aliases": {
           "parameters": [{"$ref": "#/components/parameters/site"}],
           "get": {
            "operationId": "listAliases",
            "summary": "What other vendors' clients call the site",
            \#(answers(200, "Aliases", list("aliases", "Alias")))
           },
           "post": {
            "operationId": "addAlias",
            "summary": "Names the site in a foreign client's words; a value that it has already takes the new consent",
            \#(body("AliasSettings")),
            \#(answers(201, "The alias as it is stored", schema("Alias")))
           }
          },
          "/api/v1/sites/{site}/aliases/{protocol}/{value}": {
           "parameters": [
            {"$ref": "#/components/parameters/site"},
            {
             "name": "protocol",
             "in": "path",
             "required": true,
             "schema": {"$ref": "#/components/schemas/AliasProtocol"}
            },
            {"name": "value", "in": "path", "required": true, "schema": {"type": "string"}}
           ],
           "delete": {
            "operationId": "removeAlias",
            "summary": "Takes the name from the site; events under it are refused from then on",
            \#(answers(204, "Removed"))
           }
          },
          "/api/v1/keys": {
           "get": {
            "operationId": "listKeys",
            "summary": "Keys within the caller's sites, without secrets",
            \#(answers(200, "Keys", list("keys", "Key")))
           },
           "post": {
            "operationId": "addKey",
            "summary": "A new key; its text is in this answer only",
            "requestBody": {"required": true, "content": {"application/json": {"schema": {
             "type": "object",
             "required": ["role"],
             "additionalProperties": false,
             "properties": {
              "name": {"type": "string", "maxLength": 100},
              "role": {"$ref": "#/components/schemas/Role"},
              "sites": {"type": ["array", "null"], "items": {"type": ["string", "integer"]}}
             }
            }}}},
            "responses": {
             "201": {
              "description": "The key with its text",
              "content": {
               "application/json": {
                "schema": {
                 "allOf": [{"$ref": "#/components/schemas/Key"}],
                 "required": ["key"],
                 "properties": {"key": {"type": "string"}}
                }
               }
              }
             },
             "default": {"$ref": "#/components/responses/problem"}
            }
           }
          },
          "/api/v1/keys/{key}": {
           "parameters": [{"name": "key", "in": "path", "required": true, "schema": {"type": "string"}}],
           "delete": {
            "operationId": "revokeKey",
            "summary": "Ends a key at once",
            \#(answers(204, "Revoked"))
           }
          },
          "/api/v1/audit": {
           "get": {
            "operationId": "audit",
            "summary": "Who changed what, newest first",
            "parameters": [
             {
              "name": "limit",
              "in": "query",
              "schema": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}
             }
            ],
            "responses": {
             "200": {
              "description": "Entries",
              "content": {
               "application/json": {
                "schema": {
                 "type": "object",
                 "properties": {
                  "entries": {
                   "type": "array",
                   "items": {
                    "type": "object",
                    "properties": {
                     "number": {"type": "integer"},
                     "at": {"type": "string", "format": "date-time"},
                     "actor": {"type": "string"},
                     "action": {"type": "string"},
                     "object": {"type": "string"},
                     "detail": {"type": "string"}
                    }
                   }
                  }
                 }
                }
               }
              }
             },
             "default": {"$ref": "#/components/responses/problem"}
            }
           }
          },

        """#
}
