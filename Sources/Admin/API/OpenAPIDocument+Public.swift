// Reports, the public plane's paths, and the shapes that paths refer to.
extension OpenAPIDocument {
    private static let siteSettings = #"""
        "name": {"type": "string", "maxLength": 100},
        "domains": {"type": "array", "minItems": 1, "maxItems": 100, "items": {"type": "string"}},
        "timeZone": {"type": "string", "examples": ["Europe/Zurich"]},
        "currency": {"type": "string", "examples": ["CHF"]},
        "unknownConsent": {"enum": ["none", "cookieless"]},
        "consentDefault": {"enum": ["unknown", "granted"]},
        "retentionMonths": {"type": "integer", "minimum": 1, "maximum": 120},
        "splitsVisitsAtMidnight": {"type": "boolean"},
        "splitsVisitsOnCampaign": {"type": "boolean"},
        "allowedQueryParameters": {"type": "array", "items": {"type": "string"}},
        "excludedNetworks": {"type": "array", "items": {"type": "string"}},
        "excludedReferrers": {"type": "array", "items": {"type": "string"}}
        """#

    static let collectionAndShapes = #"""
          "/micro/all": {
           "get": {
            "operationId": "microAll",
            "summary": "How many events arrived since the last reset; on this machine only, from the role analyst",
            \#(answers(200, "Counts of the latest events, at most 1000 a loop", schema("MicroCounts")))
           }
          },
          "/micro/good": {
           "get": {
            "operationId": "microGood",
            "summary": "The events that were taken since the last reset; on this machine only, from the role analyst",
            "responses": {
             "200": {
              "description": "Events, oldest first",
              "content": {
               "application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/MicroEvent"}}}
              }
             },
             "default": {"$ref": "#/components/responses/problem"}
            }
           }
          },
          "/micro/bad": {
           "get": {
            "operationId": "microBad",
            "summary": "The events that were refused, each with its step and reason; as microGood",
            "responses": {
             "200": {
              "description": "Events, oldest first",
              "content": {
               "application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/MicroEvent"}}}
              }
             },
             "default": {"$ref": "#/components/responses/problem"}
            }
           }
          },
          "/micro/reset": {
           "post": {
            "operationId": "microReset",
            "summary": "Begins anew; on this machine only, from the role editor",
            \#(answers(200, "Counts", schema("MicroCounts")))
           }
          },
          "/api/v2/query": {
           "post": {
            "operationId": "query",
            "summary": "A report, in the shape of Plausible's Stats API v2",
            \#(body("Query")),
            "responses": {
             "200": {
              "description": "Rows, in order",
              "content": {
               "application/json": {
                "schema": {
                 "type": "object",
                 "required": ["results", "meta", "query"],
                 "properties": {
                  "results": {
                   "type": "array",
                   "items": {
                    "type": "object",
                    "properties": {
                     "metrics": {"type": "array", "items": {"type": ["number", "null"]}},
                     "dimensions": {"type": "array", "items": {"type": ["string", "null"]}},
                     "comparison": {"type": "object"}
                    }
                   }
                  },
                  "meta": {"type": "object"},
                  "query": {"type": "object"}
                 }
                }
               }
              }
             },
             "503": {
              "description": "Busy or too slow; see Retry-After",
              "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
             },
             "default": {"$ref": "#/components/responses/problem"}
            }
           }
          },
          "/collect.gif": {
           "servers": [{"url": "http://localhost:8080", "description": "public plane"}],
           "get": {
            "operationId": "collectPixel",
            "security": [],
            "summary": "Counts one event; always answers with a GIF of one pixel",
            "parameters": [
             {"name": "site", "in": "query", "required": false, "schema": {"type": "string"}},
             {"name": "name", "in": "query", "required": false, "schema": {"type": "string"}},
             {"name": "id", "in": "query", "required": false, "schema": {"type": "string"}},
             {"name": "time", "in": "query", "required": false, "schema": {"type": "string"}},
             {"name": "url", "in": "query", "required": false, "schema": {"type": "string"}},
             {"name": "referrer", "in": "query", "required": false, "schema": {"type": "string"}},
             {"name": "title", "in": "query", "required": false, "schema": {"type": "string"}},
             {"name": "anonymousID", "in": "query", "required": false, "schema": {"type": "string"}},
             {"name": "userID", "in": "query", "required": false, "schema": {"type": "string"}},
             {"name": "screen", "in": "query", "required": false, "schema": {"type": "string"}},
             {"name": "language", "in": "query", "required": false, "schema": {"type": "string"}},
             {"name": "revenue", "in": "query", "required": false, "schema": {"type": "string"}},
             {"name": "currency", "in": "query", "required": false, "schema": {"type": "string"}},
             {"name": "consent", "in": "query", "required": false, "schema": {"type": "string"}},
             {"name": "engagement", "in": "query", "required": false, "schema": {"type": "integer"}},
             {"name": "preview", "in": "query", "required": false, "schema": {"enum": ["0", "1"]}},
             {"name": "event", "in": "query", "required": false, "schema": {"type": "string"},
              "description": "First in the query: an event as JSON, instead of the other keys"}
            ],
            "responses": {
             "200": {"description": "The pixel", "content": {"image/gif": {}}},
             "503": {"description": "Not on disk; try again later"}
            }
           }
          },
          "/collect": {
           "servers": [{"url": "http://localhost:8080", "description": "public plane"}],
           "post": {
            "operationId": "collect",
            "security": [{}, {"key": []}],
            "summary": "Takes one event, a JSON array or NDJSON; the answer comes when they are on disk",
            "requestBody": {
             "required": true,
             "content": {
              "application/json": {
               "schema": {
                "anyOf": [
                 {"$ref": "#/components/schemas/Event"},
                 {"type": "array", "items": {"$ref": "#/components/schemas/Event"}}
                ]
               }
              },
              "application/x-ndjson": {"schema": {"type": "string"}},
              "text/plain": {"schema": {"type": "string"}}
             }
            },
            "responses": {
             "202": {
              "description": "What was taken and what was not",
              "content": {
               "application/json": {
                "schema": {
                 "type": "object",
                 "required": ["accepted", "rejected"],
                 "properties": {
                  "accepted": {"type": "integer"},
                  "rejected": {
                   "type": "array",
                   "items": {
                    "type": "object",
                    "properties": {"index": {"type": "integer"}, "reason": {"type": "string"}}
                   }
                  }
                 }
                }
               }
              }
             },
             "400": {"description": "Can never succeed"},
             "503": {"description": "Can succeed later; see Retry-After"}
            }
           }
          },
          "/tags/{container}.js": {
           "servers": [{"url": "http://localhost:8080", "description": "public plane"}],
           "parameters": [
            {"$ref": "#/components/parameters/containerID"}
           ],
           "get": {
            "operationId": "containerScript",
            "security": [],
            "summary": "The live script of a container; depends on the path and Accept-Encoding alone",
            \#(script("The script; kept for a minute"))
           }
          },
          "/tags/{container}/{file}.js": {
           "servers": [{"url": "http://localhost:8080", "description": "public plane"}],
           "parameters": [
            {"$ref": "#/components/parameters/containerID"},
            {
             "name": "file",
             "in": "path",
             "required": true,
             "description": "VERSION-HASH, VERSION-HASH.custom, or an environment's name",
             "schema": {"type": "string", "maxLength": 180}
            }
           ],
           "get": {
            "operationId": "containerFile",
            "security": [],
            "summary": "A version by the hash of its content, its custom code, another environment, or a preview",
            \#(script("The script; hashed ones for a year, other environments for a minute, previews not at all"))
           }
          },
          "/healthz": {
           "servers": [{"url": "http://localhost:8080", "description": "public plane"}],
           "get": {
            "operationId": "healthz",
            "summary": "Alive",
            "security": [],
            "responses": {"200": {"description": "Alive"}}
           }
          },
          "/readyz": {
           "servers": [{"url": "http://localhost:8080", "description": "public plane"}],
           "get": {
            "operationId": "readyz",
            "security": [],
            "summary": "Ready to take events, with each stage's lag",
            "responses": {"200": {"description": "Ready"}, "503": {"description": "Not ready"}}
           }
          },
          "/robots.txt": {
           "servers": [{"url": "http://localhost:8080", "description": "public plane"}],
           "get": {
            "operationId": "robots",
            "summary": "Keeps crawlers out",
            "security": [],
            "responses": {"200": {"description": "Rules", "content": {"text/plain": {}}}}
           }
          },
          "/.well-known/security.txt": {
           "servers": [{"url": "http://localhost:8080", "description": "public plane"}],
           "get": {
            "operationId": "securityText",
            "security": [],
            "summary": "Whom to tell of a weakness (RFC 9116)",
            "responses": {"200": {"description": "Contact", "content": {"text/plain": {}}}}
           }
          }
         },
         "components": {
          "securitySchemes": {
           "key": {"type": "http", "scheme": "bearer", "description": "An API key: hlk_…"},
           "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "highland_session",
            "description": "Set by sign-in; over TLS it is __Host-highland. Unsafe requests also need X-CSRF-Token."
           }
          },
          "parameters": {
           "site": {
            "name": "site",
            "in": "path",
            "required": true,
            "description": "A site's number, one of its domains, or its public key",
            "schema": {"type": "string"}
           },
           "anyContainer": {
            "name": "container",
            "in": "path",
            "required": true,
            "description": "A container's public id, number or name; one out of reach is answered like an absent one",
            "schema": {"type": "string"}
           },
           "containerID": {
            "name": "container",
            "in": "path",
            "required": true,
            "description": "A container's public id",
            "schema": {"type": "string", "examples": ["HL-7K2M9QXD"]}
           },
           "period": {"name": "period", "in": "query", "schema": {"type": "string", "default": "30d"}},
           "bots": {"name": "bots", "in": "query", "schema": {"type": "string", "enum": ["0", "1"]}}
          },
          "responses": {
           "page": {"description": "A page", "content": {"text/html": {"schema": {"type": "string"}}}},
           "site": {
            "description": "The site",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Site"}}}
           },
           "noScript": {
            "description": "No container has a script at this path; never stored by caches",
            "content": {
             "application/json": {
              "schema": {
               "type": "object",
               "required": ["error", "message"],
               "properties": {"error": {"const": "not_found"}, "message": {"type": "string"}}
              }
             }
            }
           },
           "pageProblem": {
            "description": "What is wrong, as a page; to a client whose Accept leaves no room for one, as RFC 9457 has it",
            "content": {
             "text/html": {"schema": {"type": "string"}},
             "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            }
           },
           "problem": {
            "description": "What is wrong (RFC 9457)",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
           }
          },
          "schemas": {

        """# + containerShapes + #"""
               "MicroCounts": {
                "type": "object",
                "required": ["total", "good", "bad"],
                "properties": {"total": {"type": "integer"}, "good": {"type": "integer"}, "bad": {"type": "integer"}}
               },
               "MicroEvent": {
                "type": "object",
                "properties": {
                 "receivedAt": {"type": "string", "format": "date-time"},
                 "protocol": {"type": "string"},
                 "site": {"type": ["string", "null"]},
                 "name": {"type": "string"},
                 "location": {"type": "string"},
                 "bot": {"type": "boolean"},
                 "quarantined": {"type": "boolean"},
                 "step": {"type": "string"},
                 "reason": {"type": "string"}
                }
               },
               "Problem": {
                "type": "object",
                "required": ["type", "title", "status", "detail"],
                "properties": {
                 "type": {"type": "string"},
                 "title": {"type": "string"},
                 "status": {"type": "integer"},
                 "detail": {"type": "string"},
                 "field": {"type": "string", "description": "The field that is wrong"},
                 "expected": {"type": "string", "description": "What the field may be"}
                }
               },
               "SiteSettings": {
                "type": "object",
                "additionalProperties": false,
                "properties": {
                 \#(siteSettings)
                }
               },
               "Site": {
                "type": "object",
                "required": ["id", "key", "pathPrefix", "name", "domains"],
                "properties": {
                 "id": {"type": "integer"},
                 "key": {"type": "string"},
                 "pathPrefix": {"type": "string", "description": "Fixed first part of the site's own paths"},
                 \#(siteSettings)
                }
               },
               "AliasProtocol": {"enum": ["matomo", "snowplow", "plausible", "umami", "ga4", "segment", "posthog"]},
               "AliasConsent": {
                "enum": ["client", "required"],
                "default": "required",
                "description": "client: identifiers are kept as they come; required: only with a grant"
               },
               "AliasSettings": {
                "type": "object",
                "additionalProperties": false,
                "required": ["protocol", "value"],
                "properties": {
                 "protocol": {"$ref": "#/components/schemas/AliasProtocol"},
                 "value": {"type": "string", "minLength": 1, "maxLength": 255, "examples": ["my-app"]},
                 "consent": {"$ref": "#/components/schemas/AliasConsent"}
                }
               },
               "Alias": {
                "type": "object",
                "required": ["site", "protocol", "value", "consent"],
                "properties": {
                 "site": {"type": "integer"},
                 "protocol": {"$ref": "#/components/schemas/AliasProtocol"},
                 "value": {"type": "string"},
                 "consent": {"$ref": "#/components/schemas/AliasConsent"}
                }
               },
               "Role": {"enum": ["owner", "admin", "publisher", "editor", "analyst", "viewer", "server"]},
               "Key": {
                "type": "object",
                "required": ["id", "role"],
                "properties": {
                 "id": {"type": "string"},
                 "name": {"type": "string"},
                 "role": {"$ref": "#/components/schemas/Role"},
                 "sites": {"type": ["array", "null"], "items": {"type": "integer"}},
                 "createdAt": {"type": "string", "format": "date-time"}
                }
               },
               "Query": {
                "type": "object",
                "additionalProperties": false,
                "required": ["site_id", "metrics", "date_range"],
                "properties": {
                 "site_id": {"type": ["string", "integer"]},
                 "metrics": {"type": "array", "minItems": 1, "items": {"type": "string"}},
                 "date_range": {
                  "anyOf": [
                   {"type": "string"},
                   {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "string"}}
                  ]
                 },
                 "dimensions": {"type": "array", "items": {"type": "string"}},
                 "filters": {"type": "array"},
                 "order_by": {"type": "array", "items": {"type": "array"}},
                 "include": {
                  "type": "object",
                  "additionalProperties": false,
                  "properties": {
                   "imports": {"type": "boolean", "description": "Taken and changes nothing: imported events count like others"},
                   "time_labels": {"type": "boolean", "default": false},
                   "total_rows": {"type": "boolean", "default": false},
                   "bots": {"type": "boolean", "default": false},
                   "comparisons": {
                    "type": ["object", "null"],
                    "description": "Hours stand beside those of the same local time, and null where there is none",
                    "additionalProperties": false,
                    "properties": {
                     "mode": {"enum": ["previous_period", "year_over_year", "custom"]},
                     "date_range": {"description": "As date_range of the query; with custom"}
                    }
                   }
                  }
                 },
                 "pagination": {
                  "type": "object",
                  "properties": {
                   "limit": {"type": "integer", "minimum": 1, "maximum": 10000},
                   "offset": {"type": "integer", "minimum": 0}
                  }
                 }
                }
               },
               "Event": {
                "type": "object",
                "required": ["site", "name"],
                "properties": {
                 "site": {"type": "string"},
                 "name": {"type": "string"},
                 "id": {"type": "string"},
                 "time": {"type": ["string", "integer"]},
                 "url": {"type": "string"},
                 "referrer": {"type": "string"},
                 "title": {"type": "string"},
                 "sentAt": {"type": ["string", "integer"]},
                 "anonymousID": {"type": "string"},
                 "userID": {"type": "string"},
                 "properties": {"type": "object"},
                 "revenue": {"type": "object", "properties": {"amount": {"type": "string"}, "currency": {"type": "string"}}},
                 "items": {"type": "array", "items": {"type": "object"}},
                 "consent": {"type": "object"},
                 "engagement": {"type": "integer", "description": "Milliseconds the visitor was engaged; breaks no bounce"},
                 "preview": {"type": "boolean", "description": "Sent in a preview; never counted"}
                }
               }
              }
             }
            }
            """#
}
