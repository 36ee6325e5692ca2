/**
 * Tag type `html`: markup whose nodes go to the end of the body, one after the other. A script is made anew, because the
 * parser's would not run: the function of its number runs at once, one with an address is waited for (unless it is
 * `async`), others are put there with their text. One that does not load makes the tag fail, after the rest has run.
 * With `supportDocumentWrite` what scripts write stands behind them; such tags run one at a time.
 *
 * A tag that asked for its id (variable type `htmlId`) says itself how it ended, by `onHtmlSuccess(id)` or
 * `onHtmlFailure(id)` of `google_tag_manager[CONTAINER]`.
 *
 * @typedef {import("../types.js").TagCall & {htmlID?: string}} HTMLCall
 */

/** Tags that may stand behind one another because they write; later ones fail. */
const writersMax = 100;
/** Nodes of one tag, written ones included. */
const nodesMax = 1e4;

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  const page = /** @type {any} */ (window).google_tag_manager[runtime.data.i];
  /** @type {Object<string, HTMLCall>} */
  const asked = {};
  /** @type {(() => void)[]} */
  const writers = [];
  let count = 0;

  const answer = (/** @type {boolean} */ isGood) => (/** @type {string} */ id) => {
    const call = Object.prototype.hasOwnProperty.call(asked, id) && asked[id];
    delete asked[id];
    if (call) (isGood ? call.ok : call.fail)();
  };
  page.onHtmlSuccess = answer(true);
  page.onHtmlFailure = answer(false);

  runtime.variables.htmlId = Object.assign((/** @type {any} */ p, /** @type {any} */ event, /** @type {any} */ call) => {
    if (!call) return;
    if (!call.htmlID) asked[(call.htmlID = `${runtime.data.i}_${++count}`)] = call;
    return call.htmlID;
  }, { fresh: 1 });

  /** @type {(markup: string) => Node[]} */
  const parse = (markup) => {
    const template = document.createElement("template");
    template.innerHTML = markup;
    return [].slice.call(template.content.childNodes);
  };

  /** @type {(old: HTMLScriptElement) => HTMLScriptElement} */
  const anew = (old) => {
    const made = document.createElement("script");
    for (const { name, value } of [].slice.call(old.attributes)) made.setAttribute(name, value);
    if (runtime.nonce) made.setAttribute("nonce", runtime.nonce);
    made.async = old.hasAttribute("async");
    made.text = old.text;
    return made;
  };

  /**
   * What a script writes to the document while it runs, as text.
   * @type {() => () => string}
   */
  const listen = () => {
    const page = /** @type {any} */ (document);
    let written = "";
    page.write = (/** @type {any[]} */ ...parts) => void (written += parts.join(""));
    page.writeln = (/** @type {any[]} */ ...parts) => void (written += parts.join("") + "\n");
    return () => {
      delete page.write;
      delete page.writeln;
      return written;
    };
  };

  /** @type {(markup: string, writes: any, call: HTMLCall, end: (isGood: boolean) => void) => void} */
  const insert = (markup, writes, call, end) => {
    /** @type {[Node, Node, Node | null][]} what to insert, into what, before what; the first is last */
    const steps = [];
    let isGood = true;
    let left = nodesMax;
    let open = 1;

    const close = (/** @type {any} */ event) => {
      if (event && event.type == "error") isGood = false;
      if (!--open) end(isGood);
    };

    const add = (/** @type {Node[]} */ nodes, /** @type {Node} */ parent, /** @type {Node | null} */ before) => {
      for (const node of nodes.reverse()) steps.push([node, parent, before]);
    };

    const next = () => {
      for (let step = steps.pop(); step; step = steps.pop()) {
        const [node, parent, before] = step;
        if (--left < 0) {
          isGood = false;
          break;
        }
        if (node.nodeName == "SCRIPT") {
          if (script(/** @type {HTMLScriptElement} */ (node), parent, before)) return;
        } else {
          const element = /** @type {Element} */ (node);
          const inner = element.querySelector && element.querySelector("script") && [].slice.call(element.childNodes);
          if (inner) element.textContent = "";
          parent.insertBefore(node, before);
          if (inner) add(inner, node, null);
        }
      }
      close(0);
    };

    /** Whether the next step has to wait for this script. */
    const script = (
      /** @type {HTMLScriptElement} */ old, /** @type {Node} */ parent, /** @type {Node | null} */ before
    ) => {
      const place = old.getAttribute("data-hl");
      const made = anew(old);
      const stop = writes ? listen() : () => "";
      const written = () => add(parse(stop()), parent, made.nextSibling);
      if (place == null && made.src) {
        const waits = !made.async;
        open++;
        made.onload = made.onerror = (event) => {
          if (waits) written();
          close(event);
          if (waits) next();
        };
        parent.insertBefore(made, before);
        if (!waits) written();
        return waits;
      }
      try {
        if (place == null) parent.insertBefore(made, before);
        else runtime.functions[+place].call(window, call.v);
      } catch (error) {
        isGood = false;
        setTimeout(() => {
          throw error;
        });
      }
      written();
      return false;
    };

    add(parse(markup), document.body, null);
    next();
  };

  runtime.tags.html = Object.assign((/** @type {any} */ { html, supportDocumentWrite }, /** @type {HTMLCall} */ call) => {
    const writes = supportDocumentWrite && supportDocumentWrite != "false";
    const start = () => insert(String(html), writes, call, (isGood) => {
      if (!isGood) call.fail();
      else if (!call.htmlID) call.ok();
      if (writes && writers.shift() && writers[0]) writers[0]();
    });
    const begin = () => {
      if (!writes) start();
      else if (writers.length >= writersMax) call.fail();
      else if (writers.push(start) == 1) start();
    };
    if (document.body) begin();
    else document.addEventListener("DOMContentLoaded", begin);
  }, { isCustom: 1 });
};
