/**
 * Elements that come on screen (`gtm.elementVisibility`): so much of them, for so long, once a page, once an element or
 * every time. Time on screen adds up, except where every time counts. A page in the background shows nothing.
 */
import { elementMessage, guarded, isHidden, isListening, isOn, onElements, settingsOf, visibleRatio, whenStarted }
    from "../listening.js";

/** Elements that one trigger watches; later ones are not seen. */
const elementsMax = 500;
/** Milliseconds between looks at elements that are on screen and have not fired. */
const tick = 100;

/**
 * Watches for one trigger.
 *
 * @param {import("../types.js").Runtime} runtime
 * @param {import("../types.js").TriggerData} trigger
 */
const watch = (runtime, trigger) => {
    const settings = settingsOf(runtime, trigger);
    const least = (Number(settings.onScreenRatio) || 50) / 100;
    const duration = isOn(settings.useOnScreenDuration) ? Number(settings.onScreenDuration) || 0 : 0;
    const frequency = settings.firingFrequency;
    /** @type {Map<Element, {time: number, first: number, isOn: boolean, hasFired: boolean}>} */
    const watched = new Map();
    /** @type {any} */
    let timer = 0;
    /** @type {MutationObserver | undefined} */
    let changes;
    let lastLook = 0;
    let isOver = false;

    const stop = () => {
        isOver = true;
        clearInterval(timer);
        observer.disconnect();
        if (changes) changes.disconnect();
        watched.clear();
    };

    const sinceStart = () => Date.now() - (Number(runtime.get("gtm.start")) || performance.timeOrigin);

    const fire = (/** @type {Element} */ element, /** @type {any} */ state) => {
        const message = elementMessage("gtm.elementVisibility", element, [trigger]);
        const now = Math.round(sinceStart());
        message["gtm.visibleRatio"] = Math.round(visibleRatio(element) * 1000) / 10;
        message["gtm.visibleTime"] = duration;
        message["gtm.visibleFirstTime"] = state.first;
        message["gtm.visibleLastTime"] = now;
        state.hasFired = true;
        if (frequency === "ONCE") stop();
        else if (frequency !== "MANY_PER_ELEMENT") observer.unobserve(element);
        runtime.push(message);
    };

    const look = guarded(() => {
        const now = Date.now();
        // A page that slept was not seen meanwhile.
        const passed = Math.min(now - lastLook, 5 * tick);
        lastLook = now;
        let isWaiting = false;
        watched.forEach((state, element) => {
            if (isOver || !state.isOn || state.hasFired) return;
            isWaiting = true;
            if (isHidden(element) || !isListening(runtime, trigger)) return;
            if (state.first < 0) state.first = Math.round(sinceStart());
            else state.time += passed;
            if (state.time >= duration) fire(element, state);
        });
        if (isWaiting && !isOver) timer = timer || setInterval(look, tick);
        else timer = clearInterval(timer);
    });

    const observer = new IntersectionObserver(guarded((entries) => {
        for (const entry of entries) {
            const state = watched.get(entry.target);
            if (!state) continue;
            state.isOn = entry.isIntersecting && entry.intersectionRatio >= least - 0.001;
            if (!state.isOn && frequency === "MANY_PER_ELEMENT") {
                Object.assign(state, { time: 0, first: -1, hasFired: false });
            }
        }
        if (!timer) lastLook = Date.now();
        look();
    }), { threshold: [0, Math.min(least, 1)] });

    const find = guarded(() => {
        if (isOver) return;
        const found = settings.selectorType === "CSS"
            ? document.querySelectorAll(settings.elementSelector)
            : [document.getElementById(settings.elementId)];
        watched.forEach((state, element) => {
            if (element.isConnected) return;
            observer.unobserve(element);
            watched.delete(element);
        });
        for (const element of found) {
            if (!element || watched.has(element) || watched.size >= elementsMax) continue;
            watched.set(element, { time: 0, first: -1, isOn: false, hasFired: false });
            observer.observe(element);
        }
    });

    whenStarted("DOM_READY", find);
    whenStarted("WINDOW_LOAD", find);
    if (isOn(settings.useDomChangeListener)) changes = onElements(find);
};

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
    runtime.triggers.elementVisibility = guarded((trigger) => watch(runtime, trigger));
};
