/**
 * Meta's pixel: page view, standard and custom events, advanced matching, event id. The parameters are those of the
 * community template for Google Tag Manager, so that imported tags run as they are.
 *
 * @typedef {import("../types.js").Runtime} Runtime
 */
import { isOn, page, scripts, table } from "../vendor.js";

const SCRIPT = "https://connect.facebook.net/en_US/fbevents.js";
const STANDARD =
  " AddPaymentInfo AddToCart AddToWishlist CompleteRegistration Contact CustomizeProduct Donate FindLocation" +
  " InitiateCheckout Lead PageView Purchase Schedule Search StartTrial SubmitApplication Subscribe ViewContent ";

/** Gives the page Meta's queue, where it has none. @returns {boolean} whether the script is still to be loaded */
const prepare = () => {
  if (page.fbq) return false;
  /** @param {any[]} args */
  const queue = (...args) => {
    if (queue.callMethod) queue.callMethod(...args);
    else queue.queue.push(args);
  };
  /** @type {any} */
  queue.callMethod = undefined;
  /** @type {any[][]} */
  queue.queue = [];
  queue.push = queue;
  queue.loaded = true;
  queue.version = "2.0";
  page.fbq = queue;
  if (!page._fbq) page._fbq = queue;
  return true;
};

/** @param {Runtime} runtime */
export default function (runtime) {
  const load = scripts(runtime);
  /** @type {Object<string, string>} pixels that were begun, with what was told of the visitor */
  const begun = Object.create(null);
  let isOurs = false;
  let isRevoked = false;

  runtime.onConsent(() => {
    const isDenied = !runtime.granted("ad_storage");
    if (page.fbq && Object.keys(begun)[0] && isDenied !== isRevoked) page.fbq("consent", isDenied ? "revoke" : "grant");
    isRevoked = isDenied;
  });

  runtime.tags.metaPixel = (p, call) => {
    const ids = ("" + (p.pixelId || "")).split(/[\s,]+/).filter(Boolean);
    const name = "" + (
      (p.eventName == "custom"
        ? p.customEventName
        : p.eventName == "variable" ? p.variableEventName : p.standardEventName) || "PageView"
    );
    if (!ids[0]) return call.fail("no pixel id");
    if (prepare()) isOurs = true;
    const visitor = isOn(p.advancedMatching) ? table(p.advancedMatchingList, "name", "value") : {};
    if (visitor.cn) visitor.country = visitor.cn;
    delete visitor.cn;
    const from = typeof p.objectPropertiesFromVariable == "object" ? p.objectPropertiesFromVariable : {};
    const properties = table(p.objectPropertyList, "name", "value", { ...from });
    const command = STANDARD.includes(` ${name} `) ? "trackSingle" : "trackSingleCustom";
    if (isOn(p.disablePushState)) page.fbq.disablePushState = true;
    if (p.consent !== undefined) page.fbq("consent", isOn(p.consent) ? "grant" : "revoke");
    if (p.dpoLDU !== undefined) {
      page.fbq("dataProcessingOptions", isOn(p.dpoLDU) ? ["LDU"] : [], +p.dpoCountry || 0, +p.dpoState || 0);
    }
    ids.forEach((id) => {
      const told = JSON.stringify(visitor);
      if (begun[id] !== told) {
        if (isOn(p.disableAutoConfig)) page.fbq("set", "autoConfig", false, id);
        page.fbq("init", id, visitor);
        begun[id] = told;
      }
      page.fbq(command, id, name, properties, p.eventId ? { eventID: "" + p.eventId } : {});
    });
    if (isOurs) load(SCRIPT, call);
    else call.ok();
  };
}
