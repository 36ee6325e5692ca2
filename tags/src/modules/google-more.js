/**
 * Settings of Google's tag and its events that come from variables (`gtcs`, `gtes`), from the parameters of older
 * exports, or from tables whose names are worked out in the page; user properties, and a server container.
 */
import { isOn } from "../flags.js";
import { given } from "../given.js";
import { table } from "../tables.js";
import { said } from "./google.js";

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
  table(p.configSettingsTable, undefined, undefined, settings);
  if (p.sendPageView !== undefined) settings.send_page_view = isOn(p.sendPageView);
  return isOn(p.enableSendToServerContainer)
    ? Object.assign(settings, given({ server_container_url: p.serverContainerUrl }))
    : settings;
};

export default () => {
  said.settings = (p) => ({ ...eventSettings(p), ...configSettings(p) });
};
