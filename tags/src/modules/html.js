/**
 * Tag type `html`: markup whose nodes go to the end of the body, one after the other. A script is made anew,
 * because the parser's would not run: the function of its number runs at once, one with an address is waited for
 * (unless it is `async`), others are put there with their text. One that does not load makes the tag fail, after
 * the rest has run. With `supportDocumentWrite` what scripts write stands behind them; such tags run one at a time.
 *
 * A tag that asked for its id (variable type `htmlId`) says itself how it ended, by `onHtmlSuccess(id)` or
 * `onHtmlFailure(id)` of `google_tag_manager[CONTAINER]`.
 *
 * In a page with Trusted Types it needs the policy `highland-html`; without it the tag fails.
 *
 * @typedef {import("../types.js").TagCall & {htmlID?: string}} HTMLCall
 */
import { trusted } from "../trusted.js";

/** Tags that may stand behind one another because they write; later ones fail. */
const writersMax = 100;
/** Nodes of one tag, written ones included; one that has more fails there. */
const nodesMax = 1e4;
/** Ids that may stand unanswered. */
const askedMax = 100;

/** @type {import("../types.js").Runtime} */
let runtime;
/** @type {Map<string, HTMLCall>} */
const asked = new Map();
/** @type {(() => void)[]} */
const writers = [];
let count = 0;

const answer = (/** @type {"ok" | "fail"} */ how) => (/** @type {string} */ id) => {
  const call = asked.get(id);
  asked.delete(id);
  if (call) call[how]();
};
/** @type {(p: any, event: any, call?: HTMLCall) => string | undefined} */
const idOf = (p, event, call) => {
  if (!call) return;
  if (!call.htmlID) {
    call.htmlID = `${runtime.data.i}_${++count}`;
    asked.set(call.htmlID, call);
    if (asked.size > askedMax) asked.delete(asked.keys().next().value);
  }
  return call.htmlID;
};

/**
 * The next tag of the event has an id of its own.
 * @type {(call: HTMLCall) => void}
 */
const forget = (call) => runtime.data.V.forEach(([type], place) => {
  if (type == "htmlId") delete call.event.memo[place];
});

/**
 * Nodes that nothing is asked for yet. What stands in `noscript` would be nodes as well: it goes.
 * @type {(markup: string) => Node[]}
 */
const parse = (markup) => {
  const template = document.createElement("template");
  template.innerHTML = trusted("createHTML", markup);
  template.content.querySelectorAll("noscript").forEach((node) => node.remove());
  return [].slice.call(template.content.childNodes);
};

/** @type {(old: HTMLScriptElement) => HTMLScriptElement} */
const anew = (old) => {
  const made = document.createElement("script");
  for (const { name, value } of [].slice.call(old.attributes)) {
    made.setAttribute(name, name == "src" ? trusted("createScriptURL", value) : value);
  }
  if (runtime.nonce) made.setAttribute("nonce", runtime.nonce);
  made.async = old.hasAttribute("async");
  if (old.text) made.text = trusted("createScript", old.text);
  return made;
};

/**
 * Takes what is written to the document until the function that it gives is called, which has the text.
 * @type {() => () => string}
 */
const listen = () => {
  let written = "";
  const write = (/** @type {any[]} */ ...parts) => {
    written += parts.join("");
  };
  Object.assign(document, { write, writeln: (/** @type {any[]} */ ...parts) => write(...parts, "\n") });
  return () => {
    delete (/** @type {any} */ (document)).write;
    delete (/** @type {any} */ (document)).writeln;
    return written;
  };
};

/** @type {(call: HTMLCall, place: number) => boolean} whether the function is there and did not throw */
const runs = (call, place) => {
  const code = runtime.functions[place];
  try {
    if (code) code.call(window, runtime.resolver(call));
    forget(call);
    return !!code;
  } catch (error) {
    // As the browser would tell it, had it run the script itself.
    setTimeout(() => {
      throw error;
    });
    return false;
  }
};

/** @type {(markup: string, writes: any, call: HTMLCall, end: (isGood: boolean) => void) => void} */
const insert = (markup, writes, call, end) => {
  /** @type {[Node, Node][]} what to append, to what; the first is last */
  const steps = [];
  let isGood = true;
  let left = nodesMax;
  let open = 1;

  const add = (/** @type {Node[]} */ nodes, /** @type {Node} */ parent) => {
    for (const node of nodes.reverse()) steps.push([node, parent]);
  };
  const close = (/** @type {boolean} */ isFine) => {
    isGood = isGood && isFine;
    if (!--open) end(isGood);
  };

  /** @type {(old: HTMLScriptElement, parent: Node) => boolean} whether the next step has to wait for it */
  const script = (old, parent) => {
    const place = old.getAttribute("data-hl");
    const made = anew(old);
    const stop = writes ? listen() : () => "";
    const waits = place == null && !!made.src && !made.async;
    const written = () => add(parse(stop()), parent);
    if (place != null) {
      isGood = runs(call, +place) && isGood;
    } else {
      if (made.src) {
        open++;
        made.onload = made.onerror = (event) => {
          if (waits) written();
          close(/** @type {Event} */ (event).type == "load");
          if (waits) next();
        };
      }
      parent.appendChild(made);
    }
    if (!waits) written();
    return waits;
  };

  const next = () => {
    for (let step = steps.pop(); step; step = steps.pop()) {
      const [node, parent] = step;
      const element = /** @type {Element} */ (node);
      if (--left < 0) {
        steps.length = 0;
        isGood = false;
      } else if (node.nodeName == "SCRIPT") {
        if (script(/** @type {HTMLScriptElement} */ (node), parent)) return;
      } else {
        const inner = element.querySelector && element.querySelector("script") && [].slice.call(node.childNodes);
        if (inner) node.textContent = "";
        parent.appendChild(node);
        if (inner) add(inner, node);
      }
    }
    close(true);
  };

  add(parse(markup), document.body);
  next();
};

/** @type {(parameters: any, call: HTMLCall) => void} */
const tag = ({ html, supportDocumentWrite }, call) => {
  const writes = supportDocumentWrite && supportDocumentWrite != "false";
  const end = (/** @type {boolean} */ isGood, /** @type {string=} */ reason) => {
    if (!isGood) call.fail(reason);
    else if (!call.htmlID) call.ok();
    if (writes && writers.shift() && writers[0]) writers[0]();
  };
  const start = () => {
    try {
      insert(String(html), writes, call, end);
    } catch (error) {
      // Trusted Types that allow no policy of ours.
      end(false, "" + error);
    }
  };
  const begin = () => {
    if (!writes) start();
    else if (writers.length >= writersMax) call.fail();
    else if (writers.push(start) == 1) start();
  };
  forget(call);
  if (document.body) return begin();
  new MutationObserver((changes, observer) => {
    if (document.body) {
      observer.disconnect();
      begin();
    }
  }).observe(document.documentElement, { childList: true });
};

/** @param {import("../types.js").Runtime} given */
export default (given) => {
  runtime = given;
  runtime.variables.htmlId = idOf;
  runtime.tags.html = Object.assign(tag, { isCustom: 1 });
  Object.assign((/** @type {any} */ (window)).google_tag_manager[runtime.data.i], {
    onHtmlSuccess: answer("ok"),
    onHtmlFailure: answer("fail"),
  });
};
