/**
 * How links and forms wait for tags.
 *
 * @typedef {import("./types.js").Runtime} Runtime
 * @typedef {import("./types.js").TriggerData} TriggerData
 */
import { isOn } from "./flags.js";
import { guarded, isListening } from "./listening.js";

/**
 * Milliseconds for which a link or form waits for tags: 2,000 unless the trigger says otherwise, at most 10,000.
 *
 * @param {any} value
 */
const patience = (value) => Math.min(Number(value) > 0 ? Number(value) : 2000, 10000);

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
