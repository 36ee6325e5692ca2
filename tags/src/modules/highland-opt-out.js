/**
 * Option `optOut` of page views: what is clicked of `a[href$="#highland-opt-out"]` and `[data-highland-opt-out]`
 * keeps a visitor's objection, in the first-party cookie that the collector reads (`highland_optout`, 400 days, for
 * the whole site), and nothing of Highland's is sent any more; `#highland-opt-in` and `[data-highland-opt-in]` take
 * it back. The document's element has `data-highland-opted-out` while it holds. Links work before any consent.
 *
 * @typedef {import("../types.js").Runtime} Runtime
 */

const links =
  "[href$='#highland-opt-out'],[href$='#highland-opt-in'],[data-highland-opt-out],[data-highland-opt-in]";

/** @param {Runtime} runtime */
export default function (runtime) {
  const isOut = () => /(^|;\s*)highland_optout=(?!0?(;|$))/.test(document.cookie);
  const mark = () => document.documentElement.toggleAttribute("data-highland-opted-out", isOut());

  /** @param {boolean} objects */
  const set = (objects) => {
    const host = location.hostname;
    const domain = (runtime.site() || [[]])[0].find((one) => ("." + host).endsWith("." + one));
    const where = domain && domain != host ? "; domain=" + domain : "";
    const secure = location.protocol == "https:" ? "; secure" : "";
    const [value, age] = objects ? [1, 3456e4] : [0, 0];
    document.cookie = `highland_optout=${value}; path=/; samesite=lax; max-age=${age}${where}${secure}`;
    try {
      if (objects) localStorage.removeItem("highland");
    } catch (error) {}
    mark();
  };

  const send = runtime.highland;
  runtime.highland = (name, parameters, more) => isOut() || send(name, parameters, more);

  document.addEventListener("click", (event) => {
    const target = /** @type {any} */ (event.composedPath()[0]);
    const found = target && target.closest && target.closest(links);
    if (!found) return;
    set(found.hasAttribute("data-highland-opt-out") || /opt-out$/.test(found.getAttribute("href") || ""));
    if (found.hasAttribute("href")) event.preventDefault();
  });
  mark();
}
