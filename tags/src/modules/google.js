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

/** What a tag's parameters say; module `google-more` knows more of it. */
export const said = {
  settings: (/** @type {any} */ p) => ({ ...p.eventSettingsTable, ...p.configSettingsTable }),
};

/** @param {Runtime} runtime */
export default function (runtime) {

  runtime.tags.googleTag = (p, call) => {
    const id = p.tagId;
    if (!id) return call.fail("no tag id or name");
    const settings = said.settings(p);
    for (const key in settings) {
      if (/^(true|false)$/.test(settings[key])) settings[key] = isOn("" + settings[key]);
    }
    runtime.google.send(id, call, settings);
  };

  runtime.tags.ga4Event = (p, call) => {
    const { eventName } = p;
    const id = p.tagId;
    if (!id || !eventName) return call.fail("no tag id or name");
    runtime.google.send(id, call, undefined, ["event", "" + eventName, {
      ...(isOn(p.sendEcommerceData) && runtime.ecommerce(p.ecommerceMacroData)),
      ...said.settings(p),
      send_to: id,
    }]);
  };
}
