/**
 * The page's address (`u`) and the one before (`f`), whole, its host or its path; module `page-more` has the other parts.
 * An address that cannot be read has no parts, and stays itself as a whole.
 */

const words = /** @type {Object<string, string>} */ ({ HOST: "hostname", PATH: "pathname" });

/**
 * Sets what the two variables are.
 *
 * @param {import("../types.js").Runtime} runtime
 * @param {(url: string, settings: any) => any} part
 */
export const addresses = (runtime, part) => {
    runtime.variables.u = (settings) =>
        part(String(settings.customUrlSource || runtime.get("gtm.url") || location.href), settings);
    runtime.variables.f = (settings) => {
        const url = String(runtime.get("gtm.referrer") || document.referrer);
        return url && part(url, settings);
    };
};

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => addresses(runtime, (text, { component }) => {
    const word = words[component];
    try {
        const url = /** @type {any} */ (new URL(text, document.baseURI));
        return word ? url[word] : url.href.split("#")[0];
    } catch (error) {
        return word ? "" : text;
    }
});
