/**
 * Options `engagement` and `scrollDepth` of page views: an event `engagement` when the page is hidden or left or
 * another view begins, with the milliseconds that it was visible and had the focus since the last one, and the
 * deepest place in percent of the page's height that was seen.
 *
 * @typedef {import("../types.js").Runtime} Runtime
 */
import { beforeView, isOn, send } from "../options.js";

/** Shorter times, of visitors who saw no more of the page either, are not told; they count when there are more. */
const LEAST = 500;

/** @param {Runtime} runtime */
export default function (runtime) {
  /** @type {Map<number, {p: any, url: string, title: string, begun: number, told: number}>} views by tag */
  const views = new Map();
  let total = 0;
  let since = -1;
  let depth = 0;

  const tick = () => {
    const now = performance.now();
    if (since >= 0) total += now - since;
    since = !document.hidden && document.hasFocus() ? now : -1;
  };

  const look = () => {
    const { scrollHeight } = document.documentElement;
    const percent = Math.round(((scrollY + innerHeight) / Math.max(scrollHeight, 1)) * 100);
    depth = Math.max(depth, Math.min(percent, 100));
  };

  const report = () => {
    tick();
    if (depth < 100) look();
    views.forEach((view, place) => {
      const { p, url, title } = view;
      const isDeeper = isOn(p.scrollDepth) && depth > view.told;
      const engagement = Math.round(total - view.begun);
      if (engagement < LEAST && !isDeeper) return;
      send(runtime, place, "engagement", p, {
        url,
        title,
        engagement: isOn(p.engagement) ? engagement : 0,
        properties: isOn(p.scrollDepth) ? { scroll_depth: depth } : undefined,
      });
      view.begun = total;
      view.told = depth;
    });
  };

  const begin = () => {
    let isDue = false;
    const scrolled = () => {
      if (isDue) return;
      isDue = true;
      setTimeout(() => {
        isDue = false;
        look();
      }, 100);
    };
    addEventListener("focus", tick);
    addEventListener("blur", tick);
    addEventListener("scroll", scrolled, { passive: true });
    // Before the queue's own listeners, which send what is there.
    addEventListener("pagehide", report, true);
    document.addEventListener("visibilitychange", () => (document.hidden ? report() : tick()), true);
  };

  beforeView(runtime, (p, { place }) => {
    if (!isOn(p.engagement) && !isOn(p.scrollDepth)) return;
    if (views.size) report();
    else begin();
    tick();
    if (!views.has(place) || p.more) depth = 0;
    views.set(place, { p, url: p.url || location.href, title: p.title || document.title, begun: total, told: 0 });
  });
}
