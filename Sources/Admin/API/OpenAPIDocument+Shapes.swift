/// The shapes of what belongs to containers.
extension OpenAPIDocument {
    static let containerShapes = #"""
           "Container": {
            "type": "object",
            "required": ["id", "publicID", "name"],
            "properties": {
             "id": {"type": "integer"},
             "publicID": {"type": "string"},
             "name": {"type": "string"},
             "sites": {"type": "array", "items": {"type": "integer"}},
             "needsApproval": {"type": "boolean"},
             "revision": {"type": "integer"},
             "newestVersion": {"type": "integer"},
             "environments": {"type": "array", "items": {"$ref": "#/components/schemas/Environment"}},
             "kills": {"type": "array", "items": {"$ref": "#/components/schemas/Kill"}},
             "workspaces": {"type": "array", "items": {"$ref": "#/components/schemas/Workspace"}},
             "pending": {"type": "array", "items": {"$ref": "#/components/schemas/PublicationRequest"}}
            }
           },
           "Environment": {
            "type": "object",
            "properties": {
             "name": {"type": "string"},
             "version": {"type": "integer"},
             "path": {"type": "string"},
             "immutablePath": {"type": "string", "description": "Never changes: a kill cannot reach it"},
             "integrity": {"type": "string"},
             "publishedBy": {"type": "string"},
             "publishedAt": {"type": "string", "format": "date-time"}
            }
           },
           "Kill": {
            "type": "object",
            "properties": {
             "id": {"type": "string"},
             "target": {"enum": ["container", "tag", "host"]},
             "value": {"type": "string"},
             "by": {"type": "string"},
             "at": {"type": "string", "format": "date-time"}
            }
           },
           "PublicationRequest": {
            "type": "object",
            "properties": {
             "environment": {"type": "string"},
             "version": {"type": "integer"},
             "askedBy": {"type": "string"},
             "askedAt": {"type": "string", "format": "date-time"},
             "isConfirmed": {"type": "boolean"}
            }
           },
           "Workspace": {
            "type": "object",
            "required": ["name", "revision"],
            "properties": {
             "name": {"type": "string"},
             "base": {"type": "integer"},
             "revision": {"type": "integer"},
             "authors": {"type": "array", "items": {"type": "string"}},
             "savedBy": {"type": "string"},
             "savedAt": {"type": "string", "format": "date-time"}
            }
           },
           "Version": {
            "type": "object",
            "required": ["number"],
            "properties": {
             "number": {"type": "integer"},
             "name": {"type": "string"},
             "note": {"type": "string"},
             "base": {"type": "integer"},
             "authors": {"type": "array", "items": {"type": "string"}},
             "createdAt": {"type": "string", "format": "date-time"}
            }
           },
           "Finding": {
            "type": "object",
            "required": ["severity", "place", "message"],
            "properties": {
             "severity": {"enum": ["error", "confirmation", "warning", "notice"]},
             "place": {"type": "string"},
             "message": {"type": "string"}
            }
           },
           "Change": {
            "type": "object",
            "properties": {
             "kind": {"type": "string"},
             "id": {"type": "string"},
             "name": {"type": "string"},
             "action": {"enum": ["added", "removed", "renamed", "changed"]},
             "previousName": {"type": ["string", "null"]},
             "details": {
              "type": "array",
              "items": {
               "type": "object",
               "properties": {
                "path": {"type": "string"},
                "old": {"type": ["string", "null"]},
                "new": {"type": ["string", "null"]}
               }
              }
             }
            }
           },
           "Publication": {
            "type": "object",
            "properties": {
             "container": {"$ref": "#/components/schemas/Container"},
             "environment": {"anyOf": [{"$ref": "#/components/schemas/Environment"}, {"type": "null"}]},
             "pending": {"anyOf": [{"$ref": "#/components/schemas/PublicationRequest"}, {"type": "null"}]},
             "findings": {"type": "array", "items": {"$ref": "#/components/schemas/Finding"}}
            }
           },
           "Preview": {
            "type": "object",
            "properties": {
             "id": {"type": "string"},
             "workspace": {"type": ["string", "null"]},
             "by": {"type": "string"},
             "createdAt": {"type": "string", "format": "date-time"},
             "expiresAt": {"type": "string", "format": "date-time"}
            }
           },
           "ContainerDefinition": {
            "type": "object",
            "required": ["format"],
            "properties": {
             "format": {"const": 1},
             "settings": {"type": "object"},
             "tags": {"type": "array", "items": {"type": "object"}},
             "triggers": {"type": "array", "items": {"type": "object"}},
             "variables": {"type": "array", "items": {"type": "object"}},
             "builtIns": {"type": "array", "items": {"type": "string"}},
             "folders": {"type": "array", "items": {"type": "object"}},
             "templates": {"type": "array", "items": {"type": "object"}},
             "foreign": {}
            }
           },

        """#
}
