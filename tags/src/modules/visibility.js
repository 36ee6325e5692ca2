/**
 * Elements that come on screen (`gtm.elementVisibility`): so much of them, for so long, once a page, once an element or
 * every time. Time on screen adds up, except where every time counts. A page in the background shows nothing.
 */
import { isOn } from "../flags.js";
import { elementMessage, guarded, isListening } from "../listening.js";
import { isHidden, visibleRatio } from "../sight.js";
import { whenStarted } from "../starting.js";

/** Elements that one trigger watches; later ones are not seen. */
const elementsMax = 500;
/** Milliseconds between looks at elements that are on screen and have not fired. */
const tick = 100;

/**
 * What is known of one element: how long it was on screen, when it came first (in ms since the container's start), and
 * whether it is there now.
 *
 * @typedef {{time: number, first?: number, isOn?: boolean, hasFired?: boolean}} Sight
 */

/**
 * Watches for one trigger.
 *
 * @param {import("../types.js").Runtime} runtime
 * @param {import("../types.js").TriggerData} trigger
 */
const watch = (runtime, trigger) => {
  const settings = runtime.resolveAll(trigger[2]);
  const least = Math.min((+settings.onScreenRatio || 50) / 100, 1);
  const duration = (isOn(settings.useOnScreenDuration) && +settings.onScreenDuration) || 0;
  const isEvery = settings.firingFrequency == "MANY_PER_ELEMENT";
  /** @type {Map<Element, Sight>} */
  const watched = new Map();
  /** @type {any} */
  let timer = 0;
  let lastLook = 0;
  let most = elementsMax;

  const look = guarded(() => {
    const now = Date.now() - (runtime.get("gtm.start") || 0);
    // A page that slept was not seen meanwhile, nor was anything before the first look.
    const passed = timer ? Math.min(now - lastLook, 5 * tick) : 0;
    let isWaiting = false;
    lastLook = now;
    watched.forEach((sight, element) => {
      if (!sight.isOn || sight.hasFired) return;
      isWaiting = true;
      if (isHidden(element) || !isListening(runtime, trigger)) return;
      if (sight.first == null) sight.first = now;
      else sight.time += passed;
      if (sight.time < duration) return;
      sight.hasFired = true;
      if (!isEvery) observer.unobserve(element);
      if (!isEvery && settings.firingFrequency != "ONCE_PER_ELEMENT") {
        observer.disconnect();
        watched.clear();
        most = 0;
      }
      runtime.push({
        ...elementMessage("gtm.elementVisibility", element, [trigger]),
        "gtm.visibleRatio": Math.round(visibleRatio(element) * 1000) / 10,
        "gtm.visibleTime": duration,
        "gtm.visibleFirstTime": sight.first,
        "gtm.visibleLastTime": now,
      });
    });
    if (!isWaiting) timer = clearInterval(timer);
    else if (!timer) timer = setInterval(look, tick);
  });

  const observer = new IntersectionObserver(guarded((entries) => {
    for (const { target, isIntersecting, intersectionRatio } of entries) {
      const sight = watched.get(target);
      if (!sight) continue;
      sight.isOn = isIntersecting && intersectionRatio >= least - 0.001;
      if (!sight.isOn && isEvery) watched.set(target, { time: 0 });
    }
    look();
  }), { threshold: [0, least] });

  const find = guarded(() => {
    const found = /^CSS/.test(settings.selectorType)
      ? document.querySelectorAll(settings.elementSelector)
      : [document.getElementById(settings.elementId)];
    for (const element of found) {
      if (!element || watched.has(element) || watched.size >= most) continue;
      watched.set(element, { time: 0 });
      observer.observe(element);
    }
  });

  whenStarted("DOM_READY", find);
  whenStarted("", find);
  if (runtime.onElements && isOn(settings.useDomChangeListener)) runtime.onElements(find, watched, observer);
};

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  runtime.triggers.elementVisibility = (trigger) => watch(runtime, trigger);
};
