/** The page's address (`u`) and the one before (`f`), whole or one part of it. */
import { urlPart } from "../urls.js";

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
    runtime.variables.u = (settings) =>
        urlPart(String(settings.customUrlSource || runtime.get("gtm.url") || location.href), settings);

    runtime.variables.f = (settings) => {
        const url = String(runtime.get("gtm.referrer") || document.referrer);
        return url && urlPart(url, settings);
    };
};
