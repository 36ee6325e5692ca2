/**
 * Matomo: page views, events, goals, site search and ecommerce, custom dimensions. A page that has Matomo's queue
 * keeps its tracker and its script: then only the commands that track something are added.
 *
 * @typedef {import("../types.js").Runtime} Runtime
 */
import { isOn } from "../flags.js";
import { table } from "../tables.js";
import { page, scripts } from "../vendor.js";

/** @param {any} value a number, where it is one */
const number = (value) => (value == null || value === "" || isNaN(value) ? undefined : +value);

/** @param {any} item @returns {any[]} what Matomo wants of it, whichever words it is in */
const product = (item) => [
  item.sku || item.item_id || item.id,
  item.name || item.item_name,
  item.category || item.item_category,
  number(item.price),
  number(item.quantity),
];

/**
 * What each kind of tag tracks.
 *
 * @type {Object<string, (p: any) => any[][]>}
 */
const KINDS = {
  pageview: (p) => [["trackPageView", ...(p.documentTitle ? ["" + p.documentTitle] : [])]],
  event: (p) => [["trackEvent", p.eventCategory, p.eventAction, p.eventName, number(p.eventValue)]],
  goal: (p) => [["trackGoal", p.goalId, number(p.goalRevenue)]],
  siteSearch: (p) => {
    const count = p.searchCount === undefined ? false : number(p.searchCount);
    return [["trackSiteSearch", p.searchKeyword, p.searchCategory || false, count]];
  },
  productView: (p) => {
    const words = [p.productSKU, p.productName, p.productCategory].map((word) => word || false);
    return [["setEcommerceView", ...words, number(p.productPrice)]];
  },
  cartUpdate: (p) => [...items(p), ["trackEcommerceCartUpdate", number(p.grandTotal)]],
  order: (p) => [
    ...items(p),
    ["trackEcommerceOrder", "" + p.orderId, ...[p.grandTotal, p.subTotal, p.tax, p.shipping, p.discount].map(number)],
  ],
};

/** @param {any} p */
const items = (p) =>
  Array.isArray(p.items) ? p.items.map((/** @type {any} */ item) => ["addEcommerceItem", ...product(item)]) : [];

/** @param {Runtime} runtime */
export default function (runtime) {
  const load = scripts(runtime);
  /** @type {Object<string, number>} trackers that were set up, by URL and site */
  const trackers = Object.create(null);
  let script = "";

  runtime.tags.matomo = (p, call) => {
    const base = ("" + (p.url || "")).replace(/\/?$/, "/");
    const kind = Object.prototype.hasOwnProperty.call(KINDS, p.trackType) ? p.trackType : "pageview";
    if (!page._paq && (base == "/" || !p.siteId)) return call.fail("no url or site id");
    if (!page._paq) script = base + (p.scriptPath || "matomo.js");
    const queue = (page._paq = page._paq || []);
    const tracker = base + " " + p.siteId;
    if (script && !trackers[tracker]) {
      const target = base + (p.trackerPath || "matomo.php");
      if (Object.keys(trackers)[0]) queue.push(["addTracker", target, "" + p.siteId]);
      else {
        if (isOn(p.disableCookies)) queue.push(["disableCookies"]);
        queue.push(["setTrackerUrl", target], ["setSiteId", "" + p.siteId]);
        if (isOn(p.linkTracking)) queue.push(["enableLinkTracking"]);
        if (isOn(p.heartBeat)) queue.push(["enableHeartBeatTimer"]);
      }
      trackers[tracker] = 1;
    }
    if (p.customUrl) queue.push(["setCustomUrl", "" + p.customUrl]);
    if (p.userId) queue.push(["setUserId", "" + p.userId]);
    const dimensions = table(p.customDimensions, "index", "value");
    for (const index in dimensions) queue.push(["setCustomDimension", +index, "" + dimensions[index]]);
    KINDS[kind](p).forEach((command) => {
      while (command.length && command[command.length - 1] === undefined) command.pop();
      queue.push(command);
    });
    if (kind == "productView") queue.push(["trackPageView"]);
    if (script) load(script, call);
    else call.ok();
  };
}
