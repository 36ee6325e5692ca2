"""Exports of Google Tag Manager with custom templates, made up piece by piece in the form that its editor gives them."""

import json

ALL, CONSENT = "2147479553", "2147479572"


def typed(value):
    """A value as permissions of templates have it."""
    if isinstance(value, bool):
        return {"type": 8, "boolean": value}
    if isinstance(value, list):
        return {"type": 2, "listItem": [typed(item) for item in value]}
    if isinstance(value, dict):
        return {"type": 3, "mapKey": [typed(key) for key in value], "mapValue": [typed(v) for v in value.values()]}
    return {"type": 1, "string": value}


def permission(name, **parameters):
    return {"instance": {"key": {"publicId": name, "versionId": "1"},
                         "param": [{"key": key, "value": typed(value)} for key, value in parameters.items()]},
            "isRequired": True}


def globals_of(**keys):
    """`a__b="rwx"` is the path a.b with these rights."""
    return permission("access_globals", keys=[
        {"key": key.replace("__", "."), "read": "r" in rights, "write": "w" in rights, "execute": "x" in rights}
        for key, rights in keys.items()])


def consent_of(**types):
    return permission("access_consent", consentTypes=[
        {"consentType": key, "read": "r" in rights, "write": "w" in rights} for key, rights in types.items()])


def template(number, code, permissions=(), fields=(), kind="TAG", gallery=None):
    data = "\n\n\n".join([
        "___INFO___\n\n" + json.dumps({"type": kind, "id": "cvt_temp_public_id", "displayName": f"T{number}",
                                       "containerContexts": ["WEB"]}),
        "___TEMPLATE_PARAMETERS___\n\n" + json.dumps(list(fields), indent=2),
        "___SANDBOXED_JS_FOR_WEB_TEMPLATE___\n\n" + code,
        "___WEB_PERMISSIONS___\n\n" + json.dumps(list(permissions), indent=2),
        "___TESTS___\n\nscenarios: []", "___NOTES___\n\nmade up\n"])
    made = {"accountId": "1", "containerId": "7", "templateId": str(number), "name": f"T{number}", "templateData": data}
    if gallery:
        made["galleryReference"] = {"host": "github.com", "owner": "o", "repository": "r", "galleryTemplateId": gallery}
    return made


def parameter(key, value):
    """A parameter as exports have it."""
    if isinstance(value, bool):
        return {"type": "BOOLEAN", "key": key, "value": str(value).lower()}
    if isinstance(value, list):
        return {"type": "LIST", "key": key, "list": [
            {"type": "MAP", "map": [parameter(*pair) for pair in row.items()]} if isinstance(row, dict)
            else {"type": "TEMPLATE", "value": row} for row in value]}
    return {"type": "TEMPLATE", "key": key, "value": value}


def tag(number, of, parameters=None, triggers=(ALL,), **more):
    return {"accountId": "1", "containerId": "7", "tagId": str(number), "name": f"tag {number}",
            "type": of if isinstance(of, str) else f"cvt_7_{of}", "firingTriggerId": list(triggers),
            "parameter": [parameter(*pair) for pair in (parameters or {}).items()],
            "consentSettings": {"consentStatus": "NOT_SET"}, **more}


def html(number, markup, triggers=(ALL,), **more):
    return tag(number, "html", {"html": markup}, triggers, **more)


def on_event(number, name):
    return {"accountId": "1", "containerId": "7", "triggerId": str(number), "name": name, "type": "CUSTOM_EVENT",
            "customEventFilter": [{"type": "EQUALS", "parameter": [
                parameter("arg0", "{{_event}}"), parameter("arg1", name)]}]}


def variable(number, name, of, parameters=None):
    return {"accountId": "1", "containerId": "7", "variableId": str(number), "name": name,
            "type": of if isinstance(of, str) else f"cvt_7_{of}",
            "parameter": [parameter(*pair) for pair in (parameters or {}).items()]}


def export(**lists):
    return {"exportFormatVersion": 2, "containerVersion": {
        "accountId": "1", "containerId": "7", "containerVersionId": "0",
        "container": {"name": "shop", "publicId": "GTM-SHOP", "usageContext": ["WEB"]}, **lists}}
