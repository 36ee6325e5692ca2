"""A container with a tag type `note`, which keeps what it was fired with: `fired` of the page; its runtime is `rt`."""

import json

from harness import joined, optional

EVENTS = {
    "consentInit": "gtm.init_consent", "init": "gtm.init", "pageview": "gtm.js", "domReady": "gtm.dom",
    "windowLoaded": "gtm.load", "formSubmission": "gtm.formSubmit", "jsError": "gtm.pageError",
    "youTubeVideo": "gtm.video",
}

PROBE = """function (runtime) {
  window.rt = runtime;
  window.fired = [];
  runtime.tags.note = function (parameters, call) {
    var element = runtime.get("gtm.element");
    window.fired.push(Object.assign({event: call.event.name, element: element && element.id}, parameters));
    if (parameters.wait) setTimeout(call.ok, parameters.wait); else if (parameters.wait !== 0) call.ok();
  };
}"""


def script(data, modules):
    """The script of a container whose tags are notes; a trigger without a tag gets one that notes its name. A trigger
    without the name of its event gets that, as the compiler writes it."""
    for kind, _, parameters, *_ in data.get("T", []):
        if kind != "customEvent":
            parameters.setdefault("eventName", EVENTS.get(kind, f"gtm.{kind}"))
    whole = {"i": "HL-TEST0001", "v": 1, "e": "live", "V": [], "T": [], "G": [], "S": [], **data}
    if not whole["G"]:
        whole["G"] = [{"t": "note", "p": {"name": trigger[3]}, "f": [place], "i": str(place)}
                      for place, trigger in enumerate(whole["T"])]
    more = sorted(optional(whole) - {*modules})
    return joined(whole, ["values", "compare", "css", *modules, *more], PROBE)


def markup(body="", head=""):
    return (f"<!doctype html><html><head><title>Shop</title>{head}<script src='https://hl.test/tags/HL-TEST0001.js'>"
            f"</script></head><body>{body}</body></html>")
