/**
 * Option `notFound` of page views: a page that is not there is counted as the event `404` instead. It is one where the
 * server answered 404 or 410 (as far as the browser tells), where `notFoundSelector` or `[data-highland-not-found]`
 * finds something, or where the title has `notFoundTitle` in it; for the last two the view waits until the document
 * is read.
 *
 * @typedef {import("../types.js").Runtime} Runtime
 */
import { beforeView, isOn } from "../options.js";

/** @param {Runtime} runtime */
export default function (runtime) {
  /** @param {any} p */
  const isNotFound = (p) => {
    const [load] = /** @type {any[]} */ (performance.getEntriesByType("navigation"));
    const status = load && load.responseStatus;
    return !p.more && (status == 404 || status == 410) ||
      !!document.querySelector(p.notFoundSelector || "[data-highland-not-found]") ||
      !!p.notFoundTitle && document.title.toLowerCase().includes(("" + p.notFoundTitle).toLowerCase());
  };

  beforeView(runtime, (p, call) => {
    if (!isOn(p.notFound)) return;
    if (isNotFound(p)) p.name = "404";
    else if (document.readyState == "loading" && !p.isRead) {
      document.addEventListener("DOMContentLoaded", () => runtime.tags.highland({ ...p, isRead: true }, call));
      return false;
    }
  });
}
