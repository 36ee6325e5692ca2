/**
 * What the modules of triggers share: guarded entries, a trigger's settings, and messages about an element.
 *
 * @typedef {import("./types.js").Runtime} Runtime
 * @typedef {import("./types.js").TriggerData} TriggerData
 */

/** Longest text that a message carries. A `data:` URL may have megabytes. */
const textMax = 4000;

/**
 * The function that does the same and never throws: an error of ours must not reach the page.
 *
 * @template {(...args: any[]) => any} F
 * @param {F} action
 * @returns {(...args: Parameters<F>) => any}
 */
export const guarded = (action) => (...args) => {
    try {
        return action(...args);
    } catch (error) {}
};

/** @param {any} value a flag, which an export may also have as text */
export const isOn = (value) => value === true || value === "true";

/**
 * True while the trigger listens: the conditions under which its author switched it on hold.
 *
 * @param {Runtime} runtime
 * @param {TriggerData} trigger
 */
export const isListening = (runtime, trigger) => runtime.holds(trigger[4] || []);

/**
 * The numbers of a comma-separated list, ascending and at most 100; none of them when one is not a number.
 *
 * @param {any} text
 * @returns {number[]}
 */
export const numbersOf = (text) => {
    const numbers = String(text == null ? "" : text).split(",").filter((part) => part.trim()).map(Number);
    return numbers.every(isFinite) ? numbers.sort((a, b) => a - b).slice(0, 100) : [];
};

/**
 * Calls at a start option of Google's: CONTAINER_LOAD now, DOM_READY when the page is parsed, else when it has loaded.
 *
 * @param {any} option
 * @param {() => void} action
 */
export const whenStarted = (option, action) => {
    const state = document.readyState;
    const isPast = state === "complete" || (option === "DOM_READY" && state !== "loading");
    if (isPast || option === "CONTAINER_LOAD") action();
    else if (option === "DOM_READY") document.addEventListener("DOMContentLoaded", action);
    else window.addEventListener("load", action);
};

/**
 * Calls after changes of the page's elements, at most ten times a second.
 *
 * @param {() => void} action
 */
export const onElements = (action) => {
    let isDue = false;
    new MutationObserver(() => {
        if (isDue) return;
        isDue = true;
        setTimeout(() => {
            isDue = false;
            action();
        }, 100);
    }).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["id", "class"] });
};

/**
 * An attribute as text, its beginning where it is very long, "" without one or for what is no element.
 *
 * @param {any} element
 * @param {string} name
 * @returns {string}
 */
export const attributeOf = (element, name) =>
    ((element.getAttribute && element.getAttribute(name)) || "").slice(0, textMax);

/**
 * A property that is a URL. A form's field of the same name hides the form's own, and SVG has an object there.
 *
 * @param {any} element
 * @param {string} name
 * @returns {string}
 */
const urlProperty = (element, name) => {
    let value = element[name];
    if (value && value.tagName) value = element.cloneNode(false)[name];
    if (value && value.baseVal) {
        try {
            value = new URL(value.baseVal, element.baseURI).href;
        } catch (error) {}
    }
    return typeof value === "string" ? value : "";
};

/**
 * Where an element leads, or what it shows.
 *
 * @param {any} element
 * @returns {string}
 */
export const urlOf = (element) =>
    (attributeOf(element, "formaction") && urlProperty(element, "formAction")) ||
    ["action", "href", "src", "code", "codebase"].reduce((found, name) => found || urlProperty(element, name), "");

/**
 * A message about an element, in Google's keys.
 *
 * @param {string} event
 * @param {any} element
 * @param {TriggerData[]} triggers which it is for
 * @returns {Object<string, any>}
 */
export const elementMessage = (event, element, triggers) => ({
    event,
    "gtm.element": element,
    "gtm.elementClasses": attributeOf(element, "class"),
    "gtm.elementId": attributeOf(element, "id"),
    "gtm.elementTarget": attributeOf(element, "target"),
    "gtm.elementUrl": urlOf(element).slice(0, textMax),
    "gtm.triggers": idsOf(triggers),
});

/** @param {TriggerData[]} triggers @returns {string} their ids, as `gtm.triggers` has them */
export const idsOf = (triggers) => triggers.map((trigger) => trigger[3]).join();

/**
 * How much of an element is in the window, 0 to 1. Asks for the layout.
 *
 * @param {Element} element
 */
export const visibleRatio = (element) => {
    const box = element.getBoundingClientRect();
    const root = document.documentElement;
    const width = Math.min(box.right, root.clientWidth) - Math.max(box.left, 0);
    const height = Math.min(box.bottom, root.clientHeight) - Math.max(box.top, 0);
    return width > 0 && height > 0 ? (width * height) / (box.width * box.height) : 0;
};

/**
 * True when styles hide an element that has its place: `visibility`, `display`, or a transparent ancestor; and in a
 * page that is in the background. Browsers that cannot tell (before 2024) see every element that has a place.
 *
 * @param {any} element
 * @returns {boolean}
 */
export const isHidden = (element) => document.hidden || !!element.checkVisibility && !element.checkVisibility({
    checkOpacity: true, checkVisibilityCSS: true, opacityProperty: true, visibilityProperty: true,
});

/**
 * Milliseconds for which a link or form waits for tags: 2,000 unless the trigger says otherwise, at most 10,000.
 *
 * @param {any} value
 */
export const patience = (value) => Math.min(Number(value) > 0 ? Number(value) : 2000, 10000);

/**
 * Pushes a message for triggers of which some wait for tags, and tells whether the page has to be held.
 *
 * @param {Runtime} runtime
 * @param {Object<string, any>} message
 * @param {number} wait milliseconds; 0: nobody waits
 * @param {() => void} [go] what was held goes on: once, when this container's tags are done or the time is over
 * @returns {boolean} true: `go` will be called later
 */
export const pushAndHold = (runtime, message, wait, go) => {
    if (!wait || !go) {
        runtime.push(message);
        return false;
    }
    let isHeld = false;
    let isDone = false;
    const finish = guarded((/** @type {any} */ container) => {
        // The message's callback comes from every container that shares the data layer.
        if (isDone || (container && container !== runtime.data.i && container !== runtime.data.a)) return;
        isDone = true;
        if (isHeld) go();
    });
    message.eventCallback = finish;
    message.eventTimeout = wait;
    runtime.push(message);
    if (isDone) return false;
    isHeld = true;
    setTimeout(finish, wait);
    return true;
};

/**
 * The longest wait among triggers that wait for tags, 0 when none does.
 *
 * @param {Runtime} runtime
 * @param {TriggerData[]} triggers
 */
export const waitOf = (runtime, triggers) => triggers.reduce((wait, trigger) => {
    const settings = runtime.resolveAll(trigger[2]);
    return isOn(settings.waitForTags) ? Math.max(wait, patience(settings.waitForTagsTimeout)) : wait;
}, 0);

/**
 * Those triggers that listen, without those that want no event whose default was prevented.
 *
 * @param {Runtime} runtime
 * @param {TriggerData[]} triggers
 * @param {boolean} isPrevented
 */
export const listeningTo = (runtime, triggers, isPrevented) => triggers.filter((trigger) =>
    isListening(runtime, trigger) && !(isPrevented && isOn(runtime.resolve(trigger[2].checkValidation))));

/** @param {any} value of a `target` @returns {boolean} true for this window and those around it */
export const staysHere = (value) => !value || /^_(self|parent|top)$/i.test(value);
