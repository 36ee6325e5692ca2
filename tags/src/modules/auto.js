/** What the last event of a listener was about (`aev`): its element, and the element's text, address and attributes. */
import { attributeOf } from "../listening.js";
import { textOf } from "../texts.js";
import { urlPart } from "../urls.js";

/** Types whose key in a message is not their name: the others are `gtm.` and their name, `newUrl` for `NEW_URL`. */
const keys = {
  CLASSES: "elementClasses",
  ID: "elementId",
  TARGET: "elementTarget",
  HISTORY_NEW_URL_FRAGMENT: "newUrlFragment",
  HISTORY_OLD_URL_FRAGMENT: "oldUrlFragment",
  HISTORY_NEW_STATE: "newHistoryState",
  HISTORY_OLD_STATE: "oldHistoryState",
  ERROR_LINE: "errorLineNumber",
};

/** @param {string} type */
const keyOf = (type) => /** @type {any} */ (keys)[type] ||
  type.toLowerCase().replace(/_(.)/g, (_, letter) => letter.toUpperCase());

/** @param {string} url @returns {string} its host without `www.` */
const hostOf = (url) => urlPart(url, { component: "HOST", stripWww: true }) || "";

/**
 * True for an address of another site than this page's and the affiliated ones.
 *
 * @param {string} url
 * @param {any} affiliated list of domains, or text with commas; a part of the host counts, as Google has it
 */
const isOutbound = (url, affiliated) => {
  if (!/^https?:/i.test(url)) return false;
  const host = hostOf(url);
  const own = hostOf(location.href);
  const domains = String(affiliated || "").split(",").map((domain) => domain.trim().toLowerCase());
  return host !== own && !host.endsWith("." + own) && !domains.some((domain) => domain && host.includes(domain));
};

/**
 * Fields of a form that people fill in.
 *
 * @param {any} form
 */
const fieldsOf = (form) => [...(form.elements || [])].filter((field) =>
  /^(input|select|textarea)$/i.test(field.tagName) && !/^(button|hidden|image|reset|submit)$/.test(field.type));

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  const get = (/** @type {string} */ key) => runtime.get("gtm." + key);

  /** @param {any} settings @returns {any} */
  const value = (settings) => {
    const type = String(settings.varType);
    const isSet = String(settings.setDefaultValue) !== "false";
    const element = get("element");
    if (type === "URL") {
      const url = String(get("elementUrl") || (isSet && settings.defaultValue) || "");
      const part = settings.component || type;
      if (part === "IS_OUTBOUND") return isOutbound(url, settings.affiliatedDomains);
      return part === "URL" ? url : url && urlPart(url, settings);
    }
    if (type === "FORM") {
      const button = get("formSubmitElement");
      if (settings.component === "LENGTH") return element && fieldsOf(element).length;
      return button && (/^input$/i.test(button.tagName) ? button.value : textOf(button));
    }
    if (type === "TEXT") return element && textOf(element);
    if (type === "TAG_NAME") return element && element.tagName;
    if (type === "ATTRIBUTE" && settings.attribute) return element && attributeOf(element, settings.attribute);
    return get(keyOf(type));
  };

  runtime.variables.aev = (settings) => {
    const found = value(settings);
    const isSet = String(settings.setDefaultValue) !== "false" && settings.defaultValue !== undefined;
    return isSet && (found == null || found === "") ? settings.defaultValue : found;
  };
};
