/**
 * The runtime of a container: reads the data layer, and runs the tags whose triggers hold. README.md has the data.
 * It is in every page view of every site: what only some containers need is a module, and every byte here is
 * counted by a test.
 */
import { command } from "./commands.js";
import { command as said, consent, granted, onConsent, site, wait } from "./consent.js";
import { flat, get, hold, listen, model, push, set, shown } from "./dataLayer.js";
import { google, nonce, quietly, script, source } from "./page.js";
import { preview } from "./preview.js";
import { run } from "./run.js";
import { runtime } from "./runtime.js";

/** @typedef {import("./types.js").LayerEvent} LayerEvent */

/**
 * Events that come once, and came.
 * @type {Object<string, number>}
 */
const seen = {};
/** Messages of this container's own listeners. */
const ours = new WeakSet();
/** @type {((event: LayerEvent) => void)[]} */
const eventListeners = [];

Object.assign(runtime, {
  nonce,
  run,
  quietly,
  script,
  get,
  hold,
  consent,
  granted,
  site,
  update: said,
  onConsent,
  model: (/** @type {any} */ isFlat) => (isFlat ? flat : model),
  push: (/** @type {any} */ message) => {
    ours.add(message);
    push(message);
  },
  onEvent: (/** @type {(event: LayerEvent) => void} */ callback) => eventListeners.push(callback),
  onVisible: (/** @type {() => void} */ callback) =>
    (/** @type {any} */ (document).prerendering ?
      document.addEventListener("prerenderingchange", callback) : callback()),
});

/** @type {(message: any) => void} */
const begin = (message) => {
  const name = String(message.event);
  const key = "gtm.uniqueEventId";
  if (/^gtm\.(init.*|js|dom|load)$/.test(name) && (seen[name] = -~seen[name]) > 1) return;
  const id = (google.sequence = -~google.sequence);
  message[key] = message[key] || id;
  set(key, id);
  look(/** @type {any} */ ({ name, id, message, memo: [] }));
};

/**
 * Finds the triggers that hold.
 * @type {(event: LayerEvent) => void}
 */
const look = (event) => {
  const { name, message } = event;
  const listed = message["gtm.triggers"];
  event.fired = [];
  runtime.within(event, () => runtime.data.T.forEach(([, filters, { eventName }, id], place) => {
    const isMeant = !eventName ||
      (name == runtime.resolve(eventName) && (!listed || (ours.has(message) && listed.split(",").includes(id))));
    if (isMeant && runtime.holds(filters)) event.fired.push(place);
  }));
  if (!runtime.lacks(event, () => look(event))) fire(event);
};

/**
 * Runs the tags of the triggers that hold, and then tells the page.
 * @type {(event: LayerEvent) => void}
 */
const fire = (event) => {
  const { data } = runtime;
  const { eventCallback, eventTimeout } = event.message;
  let at = 0;
  let open = 1;
  const close = () => {
    if (!--open) finish();
  };
  const finish = () => {
    open = -1;
    if (eventCallback) quietly(() => eventCallback(data.a || data.i));
  };
  const isAny = (/** @type {number[]=} */ places) => places && places.some((place) => event.fired.includes(place));

  eventListeners.forEach((listener) => quietly(() => listener(event)));
  const places = runtime.inOrder([...data.G.keys()].filter((place) => isAny(data.G[place].f)));
  const next = () => {
    for (; at < places.length; at++) {
      const place = places[at];
      if (isAny(data.G[place].b)) continue;
      if (runtime.lacks(event, next, place)) return;
      open++;
      run(place, event, close, []);
    }
    close();
  };
  if (eventCallback) setTimeout(() => open > 0 && finish(), eventTimeout > 0 && eventTimeout || 2e3);
  next();
};

/**
 * @param {import("./types.js").ContainerData} data
 * @param {((runtime: import("./types.js").Runtime) => void)[]} modules
 */
const start = (data, modules) => {
  const name = data.a || data.i;
  if (google[data.i]) return;
  google[data.i] = { dataLayer: shown };
  google[name] = google[name] || google[data.i];
  runtime.data = data;
  runtime.base = source.split("tags/" + data.i)[0];
  modules.forEach((module) => quietly(() => module(runtime)));
  runtime.onVisible(() => {
    const state = document.readyState;
    /** @type {(event: string, isOver: boolean, type: string) => any} */
    const await = (event, isOver, type) => {
      const go = () => seen[event] || push({ event });
      if (isOver) go();
      else addEventListener(type, go);
    };
    wait((data.C || {}).w);
    data.T.forEach((trigger, place) => quietly(() => runtime.triggers[trigger[0]](trigger, place)));
    listen([{ event: "gtm.init_consent" }, { event: "gtm.init" }], begin, command);
    if (!seen["gtm.js"]) push({ "gtm.start": Date.now(), event: "gtm.js" });
    await("gtm.dom", state != "loading", "DOMContentLoaded");
    await("gtm.load", state == "complete", "load");
  });
};

/** @type {typeof start} */
export default (data, modules) => preview(data, () => start(data, modules));
