/**
 * Meta's pixel with custom events, what is known of the visitor, data processing options, an object of properties, and
 * tables whose names are worked out in the page; part of every container with a tag that has one of these.
 */
import { isOn } from "../flags.js";
import { table } from "../tables.js";
import { page } from "../vendor.js";
import { said } from "./meta.js";

const STANDARD =
  " AddPaymentInfo AddToCart AddToWishlist CompleteRegistration Contact CustomizeProduct Donate FindLocation" +
  " InitiateCheckout Lead PageView Purchase Schedule Search StartTrial SubmitApplication Subscribe ViewContent ";

export default () => {
  said.of = (p) => {
    const name = "" + (
      (p.eventName == "custom"
        ? p.customEventName
        : p.eventName == "variable" ? p.variableEventName : p.standardEventName) || "PageView"
    );
    const visitor = isOn(p.advancedMatching) ? table(p.advancedMatchingList, "name", "value") : {};
    if (visitor.cn) visitor.country = visitor.cn;
    delete visitor.cn;
    const from = typeof p.objectPropertiesFromVariable == "object" ? p.objectPropertiesFromVariable : {};
    if (isOn(p.disablePushState)) page.fbq.disablePushState = true;
    if (p.dpoLDU !== undefined) {
      page.fbq("dataProcessingOptions", isOn(p.dpoLDU) ? ["LDU"] : [], +p.dpoCountry || 0, +p.dpoState || 0);
    }
    return {
      name,
      command: STANDARD.includes(` ${name} `) ? "trackSingle" : "trackSingleCustom",
      properties: table(p.objectPropertyList, "name", "value", { ...from }),
      visitor,
      begin: (id) => isOn(p.disableAutoConfig) && page.fbq("set", "autoConfig", false, id),
    };
  };
};
