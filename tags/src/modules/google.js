/**
 * Google's tag and its GA4 events, with the parameters that Google Tag Manager's exports give them: `googtag`, `gaawc`
 * (the tag that was there before) and `gaawe`. Settings are tables that the compiler has made objects of; module
 * `google-more` has the other ways to give them.
 *
 * Needs the module `gtag`, and `ecommerce` for tags that send the data layer's.
 *
 * @typedef {import("../types.js").Runtime} Runtime
 */
import { isOn } from "../flags.js";

/** @param {Runtime} runtime */
export default function (runtime) {
  const { send } = runtime.google;
  const settingsOf = (/** @type {any} */ p) =>
    (runtime.googleSettings ? runtime.googleSettings(p) : { ...p.eventSettingsTable, ...p.configSettingsTable });

  runtime.tags.googleTag = (p, call) => {
    const id = p.tagId || p.measurementId;
    if (!id) return call.fail("no tag id");
    const settings = settingsOf(p);
    if (p.sendPageView !== undefined) settings.send_page_view = isOn(p.sendPageView);
    for (const key in settings) {
      if (/^(true|false)$/.test(settings[key])) settings[key] = isOn("" + settings[key]);
    }
    send(id, call, settings);
  };

  runtime.tags.ga4Event = (p, call) => {
    const { eventName, measurementId } = p;
    // The id of another tag stands in its parameters.
    const other = typeof measurementId == "number" && (runtime.data.G[measurementId] || {}).p;
    const id = p.measurementIdOverride ||
      (other ? runtime.resolve(other.tagId || other.measurementId) : measurementId);
    if (!id || id == "none" || !eventName) return call.fail("no measurement id or event name");
    const object = p.getEcommerceDataFrom == "dataLayer" ? undefined : p.ecommerceMacroData;
    send(id, call, undefined, ["event", "" + eventName, {
      ...(isOn(p.sendEcommerceData) && runtime.ecommerce(object)),
      ...settingsOf(p),
      send_to: id,
    }]);
  };
}
