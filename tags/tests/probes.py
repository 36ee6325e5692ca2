"""Pages whose tags write down what happens to them, for the checks of the core."""

from harness import container

BASE = "https://hl.test/"
SCRIPT = BASE + "tags/HL-TEST0001.js"
CODE = "tags/HL-TEST0001/1.custom.js"
SITE = "https://site.test/"

# Tag types whose ends a test decides: `log` ends well, `never` does not end, `bad` fails, `throw` throws; `later` and
# `laterBad` end after their `after` ms. Each writes what it was given to `window.log`.
PROBES = """(function (r) {
  function write(p, call) { (window.log = window.log || []).push(p.n === undefined ? call.event.name : p.n) }
  r.tags.log = function (p, call) { write(p, call); call.ok() };
  r.tags.never = write;
  r.tags.bad = function (p, call) { write(p, call); call.fail() };
  r.tags.twice = function (p, call) { write(p, call); call.ok(); call.fail(); call.ok() };
  r.tags.throw = function (p, call) { write(p, call); throw new Error('a tag threw') };
  r.tags.later = function (p, call) {
    write(p, call);
    setTimeout(function () { write({n: p.n + ' ended'}); call.ok() }, p.after);
  };
  r.tags.laterBad = function (p, call) {
    write(p, call);
    setTimeout(function () { write({n: p.n + ' failed'}); call.fail() }, p.after);
  };
  r.tags.push = function (p, call) {
    write(p, call);
    dataLayer.push({event: p.event});
    write({n: p.n + ' pushed'});
    call.ok();
  };
  window.runtime = r;
})"""


def joined(data, modules=()):
    return container(data, modules, PROBES)


def log(n, on, **more):
    """A tag that writes `n`, for the trigger at place `on`."""
    return {"t": "log", "p": {"n": n}, "f": [on] if isinstance(on, int) else on, "i": str(n), **more}


def page_of(web, browser, data, head="", body="", modules=(), code=None, before=""):
    web.put_script(SCRIPT, joined(data, modules))
    if code is not None:
        web.put_script(BASE + CODE, code)
    web.put(SITE, f"<!doctype html><head>{before}<script src='{SCRIPT}'></script>{head}</head><body>{body}</body>")
    page = browser.page()
    page.goto(SITE)
    return page


def written(page):
    return page.evaluate("window.log || []")


def event(name):
    return ["customEvent", [["eq", [0, 0], name, 0]], {}, "ev" + name]


E = ["e", {}]
ALL = ["customEvent", [], {}, "all"]
