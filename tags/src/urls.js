/** Parts of URLs, as the variables for pages, referrers and links have them. */

const ports = /** @type {Object<string, string>} */ ({ "http:": "80", "https:": "443", "ftp:": "21" });

/** @param {any} value a flag, which an export may also have as text */
const isOn = (value) => String(value) === "true";

/** @param {any} value a list, or text with commas @returns {string[]} its items */
const listOf = (value) => String(value || "").split(",").map((item) => item.trim());

/**
 * The first value of a key, or of several keys where they are a list.
 *
 * @param {URLSearchParams} query
 * @param {any} settings
 * @returns {string | undefined}
 */
const queryValue = (query, settings) => {
  const keys = settings.queryKey;
  for (const key of Array.isArray(keys) || isOn(settings.multiQueryKeys) ? listOf(keys) : [keys]) {
    const value = query.get(key);
    if (value || (value === "" && !isOn(settings.ignoreEmptyQueryParam))) return value;
  }
};

/**
 * One part of a URL, resolved against the page's; one that cannot be read has no parts, and stays itself as a whole.
 *
 * @param {string} text
 * @param {any} settings of the variable: `component`, `stripWww`, `defaultPages`, `queryKey`, `multiQueryKeys`,
 *   `ignoreEmptyQueryParam`
 * @returns {string | undefined}
 */
export const urlPart = (text, settings) => {
  const part = settings.component || "URL";
  try {
    const url = new URL(text, document.baseURI);
    const { href, protocol, hostname, port, pathname, search, searchParams, hash } = url;
    const name = pathname.split("/").pop() || "";
    const isDefault = name && listOf(settings.defaultPages).some((page) => page.replace("/", "") === name);
    return /** @type {Object<string, string | undefined>} */ ({
      URL: href.split("#")[0],
      PROTOCOL: protocol.slice(0, -1),
      HOST: isOn(settings.stripWww) ? hostname.replace(/^www\d*\./, "") : hostname,
      PORT: port || ports[protocol] || "",
      PATH: isDefault ? pathname.slice(0, -name.length) : pathname,
      EXTENSION: name.split(".").slice(1).pop() || "",
      QUERY: settings.queryKey ? queryValue(searchParams, settings) : search.slice(1),
      FRAGMENT: hash.slice(1),
    })[part];
  } catch (error) {
    return part === "URL" ? text : settings.queryKey ? undefined : "";
  }
};
