/**
 * The way to Google's script, `gtag.js`, shared by the Google tag, GA4 events and Google Ads.
 *
 * Commands go into a queue of their own and not into the data layer, where an event would fire the container's
 * triggers again. A page that loads `gtag.js` itself for the same id keeps its script: then its own `gtag()` gets the
 * commands, and the echo of an event fires no trigger. Nothing of the page's is overwritten.
 */
import { put } from "../dataLayer.js";
import { none } from "../page.js";
import { page, scripts } from "../vendor.js";

/** @typedef {import("../types.js").Runtime} Runtime */
/** @typedef {import("../types.js").TagCall} TagCall */

const QUEUE = "highlandGoogle";
const HOST = "https://www.googletagmanager.com/gtag/js?";
const TYPES = ("ad_storage ad_user_data ad_personalization analytics_storage functionality_storage " +
  "personalization_storage security_storage").split(" ");

/** @param {Runtime} runtime */
export default function (runtime) {
  const load = scripts(runtime);
  const sent = new WeakSet();
  /** @type {Object<string, string>} how destinations were configured */
  const known = none();
  let first = "";
  let isBegun = false;

  /** @param {any[]} _ a command, which Google's script takes as an arguments object alone */
  const own = function (..._) {
    (page[QUEUE] = page[QUEUE] || []).push(arguments);
  };

  /** @param {string} id whether the page itself loads Google's script for this destination */
  const isThePages = (id) =>
    typeof page.gtag == "function" &&
    [].some.call(document.scripts, (/** @type {HTMLScriptElement} */ { src }) =>
      src.startsWith(HOST) && !src.includes("l=" + QUEUE) && src.includes("id=" + id));

  const consent = () => {
    /** @type {Object<string, any>} */
    const state = {};
    TYPES.forEach((type) => (state[type] = runtime.granted(type) ? "granted" : "denied"));
    return state;
  };

  const begin = () => {
    if (isBegun) return;
    isBegun = true;
    const { g, w } = runtime.data.C || {};
    own("consent", "default", { ...consent(), wait_for_update: g && w });
    ["ads_data_redaction", "url_passthrough"].forEach((key) => {
      const value = runtime.get(key);
      if (value !== undefined) own("set", key, value);
    });
    own("js", new Date());
    runtime.onConsent(() => own("consent", "update", consent()));
  };

  // What a tag sent through the page's own function comes back as an event, which fires nothing.
  runtime.onEvent((event) => {
    if (sent.has(event.message.eventModel)) event.fired = [];
  });

  runtime.google = {
    send(id, call, settings, command) {
      const isPages = isThePages(id);
      const gtag = isPages ? page.gtag : own;
      if (!isPages) begin();
      const told = JSON.stringify(settings) || "";
      if (settings ? known[id] !== told : !known[id] && !isPages) {
        gtag("config", id, settings || { send_page_view: false });
        known[id] = told || "{}";
      }
      if (command) {
        // What waits for Google's script must not change with what the page pushes later.
        put(command, "2", command[2], 1, []);
        sent.add(command[2]);
        gtag(...command);
      }
      if (isPages) return call.ok();
      first = first || id;
      load(HOST + "id=" + encodeURIComponent(first) + "&l=" + QUEUE, call);
    },
    set(...command) {
      begin();
      own(...command);
    },
  };
}
