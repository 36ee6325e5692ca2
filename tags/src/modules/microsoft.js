/**
 * Microsoft Advertising's UET: page loads and events, with the parameters of Google Tag Manager's tag (`baut`).
 *
 * @typedef {import("../types.js").Runtime} Runtime
 */
import { isOn } from "../flags.js";
import { given } from "../given.js";
import { table } from "../tables.js";
import { page, scripts } from "../vendor.js";

const SCRIPT = "https://bat.bing.com/bat.js";
/** Settings whose names in exports begin with `c_`. */
const SETTINGS = [
  "disableAutoPageView", "enableAutoSpaTracking", "navTimingApi", "removeQueryFromUrls", "storeConvTrackCookies",
];

/** @param {Runtime} runtime */
export default function (runtime) {
  const load = scripts(runtime);
  /** @type {Object<string, number>} queues by name that this container watches */
  const queues = Object.create(null);
  /** @type {Object<string, number>} those of them that it made */
  const isOurs = Object.create(null);

  const consent = () => ({ ad_storage: runtime.granted("ad_storage") ? "granted" : "denied" });

  runtime.tags.microsoftAds = (p, call) => {
    const name = "" + (p.uetqName || "uetq");
    if (/^(__proto__|constructor|prototype)$/.test(name)) return call.fail("no name for a queue: " + name);
    const isEvent = p.eventType && p.eventType != "PAGE_LOAD";
    if (!p.tagId && !isEvent) return call.fail("no tag id");
    // A queue that the page made has a script of the page's own.
    if (!page[name]) isOurs[name] = 1;
    const queue = (page[name] = page[name] || []);
    if (!queues[name]) {
      queues[name] = 1;
      queue.push("consent", "default", consent());
      runtime.onConsent(() => page[name].push("consent", "update", consent()));
    }
    if (isEvent) {
      const action = p.customEventAction || p.eventAction || "";
      queue.push("event", "" + action, {
        ...given({
          event_category: p.eventCategory,
          event_label: p.eventLabel,
          event_value: p.eventValue,
          revenue_value: p.goalValue,
          currency: p.p_currency || p.goalCurrency,
        }),
        ...table(p.customParamTable, "customParamName", "customParamValue"),
      });
    }
    if (!isOurs[name] || !p.tagId) return call.ok();
    load(SCRIPT, call, () => {
      if (Array.isArray(page[name])) {
        /** @type {Object<string, any>} */
        const options = { ti: "" + p.tagId, q: page[name] };
        SETTINGS.forEach((key) => {
          if (p["c_" + key] !== undefined) options[key] = isOn(p["c_" + key]);
        });
        page[name] = new page.UET(options);
      } else if (isEvent) return;
      if (!isOn(p.c_disableAutoPageView)) page[name].push("pageLoad");
    });
  };
}
