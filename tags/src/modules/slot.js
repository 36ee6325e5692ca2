/**
 * Personalised slots: asks the collector what a visitor is to see in places of the page, for all slots of one moment
 * in one request, and shows it. A slot's own content is hidden meanwhile, for `timeout` milliseconds at most (400
 * unless said, 2,000 at most); what comes later, or not at all, changes nothing any more: the visitor keeps what was
 * shown.
 *
 *     POST …/decide   {"site":"KEY","url":"…","slots":["hero"],"consent":{"personalisation":true}}
 *     answer          {"slots":{"hero":{"html":"…","variant":"b"}}}; a slot that is not there keeps its content
 *
 * @typedef {import("../types.js").Runtime} Runtime
 * @typedef {import("../types.js").TagCall} TagCall
 */

import { trusted } from "../trusted.js";

/** Slots of one request. */
const SLOTS_MAX = 50;

/**
 * @typedef {object} Slot
 * @property {string} name
 * @property {string} selector
 * @property {TagCall} call
 * @property {HTMLElement|null} element
 * @property {string} visibility of the element's style, as it was
 * @property {number} timer
 * @property {any} [decision]
 * @property {boolean} [isOver]
 */

/** @param {Runtime} runtime */
export default function (runtime) {
  /** @type {Object<string, Slot[]>} slots that are asked for together, by site */
  const asked = Object.create(null);

  /** @param {Slot} slot */
  const find = (slot) => {
    if (slot.element || slot.isOver) return;
    slot.element = document.querySelector(slot.selector);
    if (!slot.element) return;
    slot.visibility = slot.element.style.visibility;
    slot.element.style.visibility = "hidden";
    show(slot);
  };

  /** @param {Slot} slot @param {string} [reason] why it keeps its content */
  const end = (slot, reason) => {
    if (slot.isOver) return;
    slot.isOver = true;
    clearTimeout(slot.timer);
    if (slot.element) slot.element.style.visibility = slot.visibility;
    if (reason) slot.call.fail(reason);
    else slot.call.ok();
  };

  /** @param {Slot} slot shows what was decided, when both that and the element are there */
  const show = (slot) => {
    const { element, decision, name } = slot;
    if (!element || !decision || slot.isOver) return;
    try {
      if (typeof decision.html == "string") element.innerHTML = trusted("createHTML", decision.html);
    } catch (error) {
      return end(slot, "the page's Trusted Types do not allow it");
    }
    element.setAttribute("data-highland-variant", "" + (decision.variant || ""));
    end(slot);
    runtime.push({ event: "highland.slot", slot: name, variant: decision.variant });
  };

  /** @param {string} site */
  const ask = async (site) => {
    const slots = asked[site];
    delete asked[site];
    try {
      const body = JSON.stringify({
        site,
        url: location.href,
        slots: slots.map(({ name }) => name),
        consent: { personalisation: runtime.consent("personalization_storage") },
      });
      const answer = await fetch(runtime.base + "decide", { method: "POST", body, credentials: "include" });
      const decisions = answer.ok ? (await answer.json()).slots : {};
      slots.forEach((slot) => {
        const { name } = slot;
        slot.decision = decisions && Object.prototype.hasOwnProperty.call(decisions, name) && decisions[name];
        if (slot.decision) show(slot);
        else end(slot, "no decision: " + answer.status);
      });
    } catch (error) {
      slots.forEach((slot) => end(slot, "" + error));
    }
  };

  runtime.tags.slot = (p, call) => {
    const site = p.site || (runtime.site() || [])[1];
    const name = "" + (p.slot || "");
    if (!site || !name) return call.fail("no site or slot");
    const selector = p.selector || '[data-highland-slot="' + name.replace(/["\\]/g, "\\$&") + '"]';
    const wait = Math.min(+p.timeout || 400, 2e3);
    /** @type {Slot} */
    const slot = { name, selector, call, element: null, visibility: "", timer: 0 };
    document.querySelector(selector);
    slot.timer = setTimeout(() => end(slot, "late"), wait);
    find(slot);
    if (!slot.element && document.readyState == "loading") {
      const observer = new MutationObserver(() => {
        find(slot);
        if (slot.element || slot.isOver) observer.disconnect();
      });
      observer.observe(document, { childList: true, subtree: true });
      setTimeout(() => observer.disconnect(), wait);
    } else if (!slot.element) return end(slot, "no element: " + selector);
    if (asked[site] && asked[site].length < SLOTS_MAX) return void asked[site].push(slot);
    asked[site] = [slot];
    setTimeout(ask, 0, site);
  };
}
