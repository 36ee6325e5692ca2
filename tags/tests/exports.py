"""Exports of Google Tag Manager, written as its editor writes them, and containers that are made of them."""

import json
import pathlib
import tempfile

ALL, INIT, CONSENT = "2147479553", "2147479573", "2147479572"


def text(key, value, kind="TEMPLATE"):
    return {"type": kind, "key": key, "value": value}


def flag(key, value):
    return text(key, "true" if value else "false", "BOOLEAN")


def table(key, *rows):
    """A table; each row is a dictionary."""
    return {"type": "LIST", "key": key, "list": [
        {"type": "MAP", "map": [text(name, value) for name, value in row.items()]} for row in rows]}


def thing(kind, number, name, type, parameters=(), **more):
    return {"accountId": "1", "containerId": "1", f"{kind}Id": str(number), "name": name, "type": type,
            "parameter": list(parameters), **more}


def tag(number, name, type, parameters, triggers=(ALL,), **more):
    return thing("tag", number, name, type, parameters, firingTriggerId=list(triggers), **more)


def html(number, name, markup, triggers=(ALL,), **more):
    return tag(number, name, "html", [text("html", markup), flag("supportDocumentWrite", False)], triggers, **more)


def condition(kind, subject, value, *more):
    return {"type": kind, "parameter": [text("arg0", subject), text("arg1", value), *more]}


def export(**lists):
    return {"exportFormatVersion": 2, "exportTime": "2026-01-01 00:00:00", "containerVersion": {
        "accountId": "1", "containerId": "1", "containerVersionId": "0",
        "container": {"name": "shop", "publicId": "GTM-SHOP", "usageContext": ["WEB"]}, **lists}}


def publish(place, name, content, mode="keep"):
    """Imports an export into a container of its own and publishes that; gives its public id."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "export.json")
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        place.run("import", "gtm", "--container", name, "--site", "shop.test", "--google-events", mode, str(path))
    return json.loads(place.run("container", "publish", name, "--confirm", "--json").stdout)["container"]
