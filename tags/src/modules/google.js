/**
 * Google's tag and its GA4 events, with the parameters that Google Tag Manager's exports give them: `googtag`, `gaawc`
 * (the tag that was there before) and `gaawe`; and the variables that hold settings for them, `gtcs` and `gtes`.
 *
 * Needs the module `gtag`, and `ecommerce` for tags that send the data layer's.
 *
 * @typedef {import("../types.js").Runtime} Runtime
 */
import { given, isOn, table } from "../vendor.js";

/** @param {any} p */
const eventSettings = (p) => {
  const user = table(p.userProperties, "name", "value", { ...(p.eventSettingsVariable || {}).user_properties });
  const settings = table(p.eventSettingsTable, undefined, undefined, { ...p.eventSettingsVariable });
  table(p.eventParameters, "name", "value", settings);
  if (Object.keys(user).length) settings.user_properties = user;
  if (isOn(p.enhancedUserId) && p.userDataVariable) settings.user_data = p.userDataVariable;
  return settings;
};

/** @param {any} p */
const configSettings = (p) => {
  const settings = table(p.fieldsToSet, "name", "value", { ...p.configSettingsVariable });
  table(p.fieldsToSet, "fieldName", "value", settings);
  return table(p.configSettingsTable, undefined, undefined, settings);
};

/** @param {Runtime} runtime */
export default function (runtime) {
  const { send } = runtime.google;

  runtime.tags.googleTag = (p, call) => {
    const id = p.tagId || p.measurementId;
    if (!id) return call.fail("no tag id");
    const settings = { ...eventSettings(p), ...configSettings(p) };
    if (p.sendPageView !== undefined) settings.send_page_view = isOn(p.sendPageView);
    if (isOn(p.enableSendToServerContainer)) {
      Object.assign(settings, given({ server_container_url: p.serverContainerUrl }));
    }
    for (const key in settings) {
      if (settings[key] === "true" || settings[key] === "false") settings[key] = isOn(settings[key]);
    }
    send(id, call, settings);
  };

  runtime.tags.ga4Event = (p, call) => {
    const id = p.measurementIdOverride || p.measurementId;
    if (!id || !p.eventName) return call.fail("no measurement id or event name");
    const object = p.getEcommerceDataFrom == "dataLayer" ? undefined : p.ecommerceMacroData;
    const settings = {
      ...(isOn(p.sendEcommerceData) && runtime.ecommerce(object)),
      ...eventSettings(p),
      send_to: id,
    };
    send(id, call, undefined, ["event", "" + p.eventName, settings]);
  };
}
