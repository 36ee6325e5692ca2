/**
 * Clicks on links (`gtm.linkClick`), seen after the page's own listeners, as only then it is known whether the page
 * prevented it. Links wait for tags where a trigger wants it: then the way that the browser would have gone is gone
 * later, with the link's `target`, `rel` and `referrerpolicy`.
 */
import { attributeOf, elementMessage, guarded, listeningTo, pushAndHold, staysHere, urlOf, waitOf }
    from "../listening.js";

/** @param {Event} event @returns {any} the innermost link of the path, at most 100 steps out */
const linkOf = (event) => event.composedPath().slice(0, 100)
    .find((step) => /^(a|area)$/i.test(/** @type {any} */ (step).tagName));

/**
 * True when the browser leaves the page in this window, so that there is something to wait for.
 *
 * @param {MouseEvent} event
 * @param {any} link
 */
const leavesPage = (event, link) => {
    const url = urlOf(link);
    return !(event.button || event.ctrlKey || event.shiftKey || event.altKey || event.metaKey) &&
        url && !/^javascript:/i.test(url) && !link.hasAttribute("download") && staysHere(attributeOf(link, "target")) &&
        !(url.includes("#") && url.split("#")[0] === location.href.split("#")[0]);
};

/**
 * Goes where a link leads, by a link of our own that the page has no listeners on.
 *
 * @param {any} link
 */
const follow = (link) => {
    const copy = document.createElement("a");
    copy.href = urlOf(link);
    for (const name of ["target", "rel", "referrerpolicy", "ping"]) {
        if (link.hasAttribute(name)) copy.setAttribute(name, link.getAttribute(name));
    }
    copy.click();
};

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
    /** @type {import("../types.js").TriggerData[]} */
    const links = [];

    const see = guarded((event) => {
        const link = event.button !== 2 && linkOf(event);
        if (!link) return;
        // Another container of ours may hold the link already: then it is not the page that prevented it.
        const isPrevented = event.defaultPrevented && !event.highland;
        const triggers = listeningTo(runtime, links, isPrevented);
        if (!triggers.length) return;
        const wait = event.defaultPrevented || !leavesPage(event, link) ? 0 : waitOf(runtime, triggers);
        const message = elementMessage("gtm.linkClick", link, triggers);
        if (pushAndHold(runtime, message, wait, () => follow(link))) {
            event.highland = true;
            event.preventDefault();
        }
    });

    runtime.triggers.linkClick = (trigger) => {
        if (links.push(trigger) < 2) {
            // Outside the document, whose own listeners the page may have added later.
            window.addEventListener("click", see);
            window.addEventListener("auxclick", see);
        }
    };
};
