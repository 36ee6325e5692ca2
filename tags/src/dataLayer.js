/**
 * The data layer: the array that a page pushes to, and the model that its messages are merged into, by the rules that
 * pages know from Google's data layer helper. Objects and arrays merge member by member, anything else overwrites; a
 * `_clear` beside a member keeps it from merging; dots in a message's keys are a path; an array is a method's call on a
 * value of the model; an arguments object is a `gtag()` command; a function runs with `this` = `{get, set, reset}`.
 *
 * Bounds: objects are followed 99 deep, and not into themselves: beyond, the model shares the page's object. The array
 * keeps its last 300 messages. 5,000 messages may stand unread; more are dropped. After 999 in one go the page gets a turn.
 */

/** Names that would reach the prototypes of the page's own objects. */
const refused = /^(__proto__|constructor|prototype)$/;

/** @type {(value: any) => string} */
const kind = (value) => Object.prototype.toString.call(value).slice(8, -1);

/** @type {(object: any, key: string) => boolean} */
const own = (object, key) => Object.prototype.hasOwnProperty.call(object, key);

/**
 * Whether it is an object literal, of this window or another's.
 * @type {(value: any) => boolean}
 */
export const isPlain = (value) => {
  if (!value || kind(value) != "Object") return false;
  const prototype = Object.getPrototypeOf(value);
  return !prototype || own(prototype, "isPrototypeOf");
};

/**
 * Runs what a page or a tag has given; nothing that it throws goes on.
 * @type {(action: () => any) => any}
 */
export const quietly = (action) => {
  try {
    return action();
  } catch (error) {
    // The page's own business, or a vendor's.
  }
};

/** @type {(to: any, key: string, value: any, clear: any, above: any[]) => void} */
const put = (to, key, value, clear, above) => {
  const isList = Array.isArray(value);
  if (refused.test(key)) return;
  if ((isList || isPlain(value)) && above.length < 99 && !above.includes(value)) {
    if (clear || !(isList ? Array.isArray(to[key]) : isPlain(to[key]))) to[key] = isList ? [] : {};
    for (const inner in value) {
      if (inner != "_clear" && own(value, inner)) {
        put(to[key], inner, value[inner], value._clear, above.concat([value]));
      }
    }
  } else {
    to[key] = value;
  }
};

/**
 * @typedef {object} Layer
 * @property {(key: string) => any} get by dots
 * @property {(key: string, value: any, clear?: any) => void} set
 * @property {() => void} reset
 * @property {string} name
 * @property {() => Object<string, any>} flat what was pushed last under each key, dots being letters
 * @property {() => any} model
 * @property {(message: any) => void} push
 * @property {() => () => void} hold keeps messages unread until the function that it gives was called
 * @property {(order: (messages: any[]) => any[]) => void} start reads what was pushed before, in the order that it is
 *   given, and whatever is pushed from now on
 */

/**
 * @param {string} name of the global variable
 * @param {(message: any) => void} onEvent for a message that names an event, once it is merged
 * @param {(command: any[]) => any} onCommand for the words of a `gtag()` command; what it gives is read as a message
 * @returns {Layer}
 */
export default (name, onEvent, onCommand) => {
  const page = /** @type {any} */ (window);
  const layer = /** @type {any[]} */ (Array.isArray(page[name]) ? page[name] : (page[name] = []));
  /** @type {any} */
  let model = Object.create(null);
  /** @type {any} */
  let flat = Object.create(null);
  /** @type {any[]} */
  let queue = [];
  let holds = 0;
  let isReading = false;

  const get = (/** @type {string} */ key) => {
    let target = model;
    for (const part of String(key).split(".")) {
      if (target == null || refused.test(part)) return;
      target = target[part];
    }
    return target;
  };

  const set = (/** @type {string} */ key, /** @type {any} */ value, /** @type {any} */ clear) => {
    const path = String(key).split(".");
    const last = /** @type {string} */ (path.pop());
    let target = model;
    if (refused.test(last)) return;
    for (const part of path) {
      if (refused.test(part)) return;
      if (!isPlain(target[part])) target[part] = {};
      target = target[part];
    }
    flat[key] = value;
    put(target, last, value, clear, []);
  };

  const reset = () => {
    model = Object.create(null);
    flat = Object.create(null);
  };

  const shown = { get, set, reset, name };

  const read = (/** @type {any} */ message) => {
    if (typeof message == "function") {
      message.call(shown);
    } else if (Array.isArray(message)) {
      const path = message[0].split(".");
      const method = path.pop();
      const target = path.length ? get(path.join(".")) : model;
      if (!refused.test(method)) target[method](...message.slice(1));
    } else if (kind(message) == "Arguments") {
      read(onCommand([].slice.call(message)));
    } else if (isPlain(message)) {
      for (const key in message) {
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

  const hold = () => {
    let isOver = false;
    holds++;
    return () => {
      if (!isOver) {
        isOver = true;
        holds--;
        pump();
      }
    };
  };

  return {
    ...shown,
    flat: () => flat,
    model: () => model,
    push: (message) => layer.push(message),
    hold,
    start(order) {
      const push = layer.push;
      queue = order(layer.slice());
      layer.push = function () {
        const result = push.apply(layer, /** @type {any} */ (arguments));
        if (queue.length < 5000) queue.push.apply(queue, /** @type {any} */ (arguments));
        if (layer.length > 300) layer.splice(0, layer.length - 300);
        pump();
        return result;
      };
      pump();
    },
  };
};
