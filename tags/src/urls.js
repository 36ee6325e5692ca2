/** Parts of URLs, as the variables for pages, referrers and links have them. */

const ports = { "http:": "80", "https:": "443", "ftp:": "21" };

/**
 * A URL without its fragment.
 *
 * @param {string} url
 */
export const withoutFragment = (url) => url.split("#")[0];

/** @param {string} text a value of a query @returns {string} decoded, or as it is where it is no UTF-8 */
const decoded = (text) => {
    try {
        return decodeURIComponent(text.replace(/\+/g, " "));
    } catch (error) {
        return text;
    }
};

/**
 * The first value of a key of a query.
 *
 * @param {string} query without its question mark
 * @param {string} key
 * @returns {string | undefined}
 */
const queryValue = (query, key) => {
    for (const pair of query.split("&")) {
        const [name, ...value] = pair.split("=");
        if (decoded(name) === key) return decoded(value.join("="));
    }
};

/**
 * One part of a URL; a URL that cannot be read has only empty parts.
 *
 * @param {string} text
 * @param {any} settings of the variable: `component`, `stripWww`, `defaultPages`, `queryKey`, `multiQueryKeys`,
 *   `ignoreEmptyQueryParam`
 * @returns {string | undefined}
 */
export const urlPart = (text, settings) => {
    const part = settings.component || "URL";
    if (part === "URL") return withoutFragment(text);
    /** @type {any} */
    let url;
    try {
        url = new URL(text, document.baseURI);
    } catch (error) {
        return part === "QUERY" && settings.queryKey ? undefined : "";
    }
    const path = url.pathname;
    const name = path.split("/").pop();
    if (part === "PROTOCOL") return url.protocol.replace(":", "");
    if (part === "HOST") return isTrue(settings.stripWww) ? url.hostname.replace(/^www\d*\./, "") : url.hostname;
    if (part === "PORT") return url.port || /** @type {any} */ (ports)[url.protocol] || "";
    if (part === "PATH") return isDefaultPage(name, settings.defaultPages) ? path.slice(0, -name.length) : path;
    if (part === "EXTENSION") return name.includes(".") ? name.split(".").pop() : "";
    if (part === "FRAGMENT") return url.hash.slice(1);
    if (part !== "QUERY") return undefined;
    const query = url.search.slice(1);
    const keys = settings.queryKey;
    if (!keys) return query;
    const isList = Array.isArray(keys) || isTrue(settings.multiQueryKeys);
    for (const key of isList ? String(keys).split(",").map((part) => part.trim()) : [String(keys)]) {
        const value = queryValue(query, key);
        if (value || (value === "" && !isTrue(settings.ignoreEmptyQueryParam))) return value;
    }
};

/** @param {any} value */
const isTrue = (value) => value === true || value === "true";

/**
 * @param {string} name
 * @param {any} pages a list, or text with commas
 */
const isDefaultPage = (name, pages) =>
    name && String(pages || "").split(",").some((page) => page.trim().replace(/^\//, "") === name);
