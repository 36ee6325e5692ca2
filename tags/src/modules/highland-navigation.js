/**
 * Option `navigation` of page views: a page that changes its address without a load is counted again, with the address
 * before as its referrer. The fragment counts as part of the address with `fragments`. An address is counted once
 * however often it is set, and a tag that a trigger for history changes fires for it as well does not count it twice.
 *
 * @typedef {import("../types.js").Runtime} Runtime
 */
import { beforeView, isOn } from "../options.js";

/** What a page may take to settle: redirects, its new title. */
const SETTLES = 60;

/** @param {Runtime} runtime */
export default function (runtime) {
  /** @type {Map<number, {fragments: boolean, seen: string, url: string}>} by the tag's place */
  const tags = new Map();
  let timer = 0;

  /** @param {boolean} fragments */
  const here = (fragments) => (fragments ? location.href : location.href.split("#")[0]);

  /** @param {number} place of a tag that counts the page once more, if it may run @param {Object<string, any>} more */
  const viewAgain = (place, more) => {
    const { c = [0], p } = runtime.data.G[place];
    const call = /** @type {any} */ ({ place, ok() {}, fail() {} });
    if (c.slice(1).every(runtime.granted)) runtime.tags.highland({ ...runtime.resolveAll(p), more }, call);
  };

  const look = () => {
    timer = 0;
    tags.forEach(({ fragments, seen, url }, place) => {
      if (here(fragments) != seen) viewAgain(place, { referrer: url });
    });
  };

  const changed = () => {
    timer = timer || setTimeout(look, SETTLES);
  };

  const begin = () => {
    ["pushState", "replaceState"].forEach((name) => {
      /** @type {any} */
      const page = history;
      const change = page[name];
      page[name] = function () {
        const result = change.apply(this, arguments);
        changed();
        return result;
      };
    });
    addEventListener("popstate", changed);
    addEventListener("hashchange", changed);
  };

  beforeView(runtime, (p, { place, event, ok }) => {
    if (!isOn(p.navigation)) return;
    const fragments = isOn(p.fragments);
    const tag = tags.get(place);
    if (!tags.size) begin();
    const isHistory = event && event.name.startsWith("gtm.historyChange");
    if (isHistory && tag) {
      if (here(fragments) == tag.seen) {
        ok();
        return false;
      }
      p.more = { referrer: tag.url };
    }
    tags.set(place, { fragments, seen: here(fragments), url: location.href });
  });
}
