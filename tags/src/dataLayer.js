/**
 * The data layer: the array that a page pushes to, and the model that its messages are merged into, by the rules
 * that pages know from Google's data layer helper. Objects and arrays merge member by member, anything else
 * overwrites; a `_clear` beside a member keeps it from merging; dots in a message's keys are a path; an array is a
 * method's call on a value of the model; an arguments object is a `gtag()` command; a function runs with `this` =
 * `{get, set, reset}`.
 *
 * Bounds: objects are followed 99 deep, and not into themselves: beyond, the model shares the page's object. The
 * array keeps its last 300 messages. 5,000 messages may stand unread; more are dropped. After 999 in one go the
 * page gets a turn.
 */
import { none, page, quietly, source } from "./page.js";

const name = (/[?&]l=([^&#]+)/.exec(source) || ["", "dataLayer"])[1];
const layer = /** @type {any[]} */ (Array.isArray(page[name]) ? page[name] : (page[name] = []));

/** Names, alone or in a path, that lead to the prototypes of the page's own objects. */
const refused = /(^|\.)(__proto__|constructor|prototype)(\.|$)/;

/** @type {any} */
export let model;
/**
 * What was pushed last under each key, dots being letters.
 * @type {any}
 */
export let flat;
/** @type {any[]} */
let queue = [];
let holds = 0;
let isReading = false;
/** @type {(message: any) => void} */
let onEvent;
/** @type {(command: any) => any} */
let onCommand;

const { isArray } = Array;
const isKind = (/** @type {any} */ value, /** @type {string} */ kind) =>
  ({}).toString.call(value) == `[object ${kind}]`;

/**
 * Whether it is an object literal, of this window or another's: nothing, or what has no more above it, is above it.
 * @type {(value: any) => boolean}
 */
export const isPlain = (value) => {
  const above = isKind(value, "Object") && Object.getPrototypeOf(value);
  return above ? !Object.getPrototypeOf(above) : above === null;
};

/**
 * Puts a value under a key: a copy, as far as it is made of object literals and arrays.
 * @type {(to: any, key: string, value: any, clear: any, above: any[]) => void}
 */
export const put = (to, key, value, clear, above) => {
  const isSame = isArray(value) ? isArray : isPlain;
  if (refused.test(key)) return;
  if (isSame(value) && above.length < 99 && !above.includes(value)) {
    if (clear || !isSame(to[key])) to[key] = isArray(value) ? [] : {};
    for (const inner of Object.keys(value)) {
      if (inner != "_clear") put(to[key], inner, value[inner], value._clear, above.concat([value]));
    }
  } else {
    to[key] = value;
  }
};

/**
 * The value at a path, undefined where there is none.
 * @type {(key: string) => any}
 */
export const get = (key) => (refused.test(key) ? undefined
  : String(key).split(".").reduce((value, part) => (value == null ? undefined : value[part]), model));

/**
 * Merges a value in at a path; with `clear` it takes the place of what is there.
 * @type {(key: string, value?: any, clear?: any) => void}
 */
export const set = (key, value, clear) => {
  if (refused.test(key)) return;
  if (clear) set(key);
  const path = String(key).split(".");
  flat[key] = value;
  while (path[1] != null) value = { [/** @type {string} */ (path.pop())]: value };
  put(model, path[0], value, 0, []);
};

const reset = () => {
  model = none();
  flat = none();
};
reset();

/** What pages and functions in the data layer are given. */
export const shown = { name, get, set, reset };

/** @type {(message: any) => void} */
const read = (message) => {
  if (typeof message == "function") {
    message.call(shown);
  } else if (isArray(message)) {
    const path = message[0].split(".");
    const method = path.pop();
    const target = path.length ? get(path.join(".")) : model;
    if (!refused.test(method)) target[method](...message.slice(1));
  } else if (isKind(message, "Arguments")) {
    read(onCommand(message));
  } else if (isPlain(message)) {
    for (const key of Object.keys(message)) {
      if (key != "_clear") set(key, message[key], message._clear);
    }
    if (message.event) onEvent(message);
  }
};

const pump = () => {
  if (isReading) return;
  isReading = true;
  for (let count = 0; queue.length && !holds; count++) {
    if (count > 998) {
      setTimeout(pump);
      break;
    }
    quietly(() => read(queue.shift()));
  }
  isReading = false;
};

/**
 * Keeps messages unread (1), or no longer (-1).
 * @type {(change: number) => void}
 */
export const hold = (change) => {
  holds += change;
  pump();
};

export const push = (/** @type {any} */ message) => layer.push(message);

/**
 * Reads consent's defaults that were pushed before, what else was up to the first event, `first`, the rest, and
 * whatever is pushed from now on.
 *
 * @param {any[]} first
 * @param {(message: any) => void} event for a message that names one, once it is merged
 * @param {(command: any) => any} command of `gtag()`; what it gives is read as a message
 */
export const listen = (first, event, command) => {
  const before = layer.push;
  onEvent = event;
  onCommand = command;
  // A default holds before whatever stands unread, as that of a consent manager which a tag loads. It is a command in
  // its place as well: the last one counts in either.
  const prefer = (/** @type {any} */ message) =>
    isKind(message, "Arguments") && message[0] == "consent" && message[1] == "default" &&
      quietly(() => onCommand(message));
  layer.forEach(prefer);
  const at = layer.findIndex((message) => message && (message.event || /^(event|js)$/.test(message[0])));
  (queue = [...layer]).splice(at < 0 ? 1 / 0 : at, 0, ...first);
  layer.push = function () {
    const result = before.apply(layer, /** @type {any} */ (arguments));
    [].forEach.call(arguments, prefer);
    if (queue.length < 5000) queue.push.apply(queue, /** @type {any} */ (arguments));
    if (layer.length > 300) layer.splice(0, layer.length - 300);
    pump();
    return result;
  };
  pump();
};
