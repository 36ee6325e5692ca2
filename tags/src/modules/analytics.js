/** Ids that Google Analytics keeps in cookies of the site (`gaid`): of the browser, of the visit, and its number. */

/** @param {string} start of a cookie's name, with "=" or without @returns {string | undefined} the value */
const cookie = (start) => {
    const found = document.cookie.split(";").map((part) => part.trim()).find((part) => part.startsWith(start));
    return found && found.slice(found.indexOf("=") + 1);
};

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
    runtime.variables.gaid = (settings) => {
        if (settings.component === "CLIENT") {
            const value = cookie("_ga=");
            return value && value.split(".").slice(-2).join(".");
        }
        // `GS1.1.SESSION.NUMBER.…`, since 2025 `GS2.1.sSESSION$oNUMBER$…`.
        const parts = (cookie("_ga_") || "").split(".").slice(2).join(".").split(/[.$]/);
        const place = settings.component === "NUMBER" ? 1 : 0;
        return parts[place] ? parts[place].replace(/^[so]/, "") : undefined;
    };
};
