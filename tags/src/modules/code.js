/**
 * Custom code: one script for all of it; where that does not parse, one for each function. Part of every container
 * that has such code (`u`). Events wait for it, at most two seconds, when a trigger or tag of theirs asks for it; then
 * they go on, and only the tags that run such code themselves wait until it is there.
 */

/** In ms. */
const waitMax = 2e3;
/** Tags that may wait longer; more run without their code, and fail. */
const lateMax = 500;
/** Tags that call one another. */
const chainMax = 9;

/** @type {import("../types.js").Runtime} */
let runtime;
/**
 * What goes on when the code is there; null when it is, or when nobody waits any more.
 * @type {(() => void)[]|null}
 */
let waits = [];
/**
 * What starts tags that wait for their code alone; null when it is there, or will not be.
 * @type {(() => void)[]|null}
 */
let late = [];
/** Whether a function was asked for that is not there. */
let isMissing = false;

/**
 * Works out what a tag and those that it calls ask for.
 * @type {(place: number, depth: number) => void}
 */
const warm = (place, depth) => {
  const { t, p, s, u } = runtime.data.G[place];
  runtime.resolveAll(p);
  if ((runtime.tags[t] || {}).isCustom) isMissing = true;
  for (const other of [s, u]) {
    if (other && depth < chainMax) warm(other[0], depth + 1);
  }
};

/** @type {import("../types.js").Runtime["resolver"]} */
const resolver = (call) => {
  const ask = (/** @type {number} */ place) =>
    (call ? runtime.within(call.event, () => runtime.value(place), call) : runtime.value(place));
  return Object.assign(ask, { s: (/** @type {number} */ place) => String(ask(place)) });
};

/** @type {(parameters: any) => any} */
const value = ({ javascript }) => {
  const code = runtime.functions[javascript];
  if (!code) isMissing = true;
  return code.call(window, resolver());
};

/** @type {import("../types.js").Runtime["lacks"]} */
const lacks = (event, then, place) => {
  if (waits && place != null) runtime.within(event, () => warm(place, 0));
  const mayWait = isMissing && waits;
  isMissing = false;
  if (!mayWait) return false;
  event.memo.length = 0;
  runtime.hold(1);
  mayWait.push(then);
  return true;
};

const goOn = () => {
  const actions = waits || [];
  waits = null;
  for (const action of actions) {
    action();
    runtime.hold(-1);
  }
};

const finish = () => {
  const actions = late || [];
  late = null;
  goOn();
  actions.forEach((action) => action());
};

/**
 * Starts a tag when its code is there. Its values are those of its event, but for what the code computes.
 * @type {(place: number, event: import("../types.js").LayerEvent, start: () => void) => void}
 */
const whenCoded = (place, event, start) => {
  const { data, tags } = runtime;
  if (!late || late.length >= lateMax || !tags[data.G[place].t].isCustom) return start();
  const { memo } = event;
  runtime.within(event, () => data.V.forEach((_, variable) => runtime.value(variable)));
  late.push(() => {
    memo.forEach((known, variable) => known === undefined && delete memo[variable]);
    start();
  });
};

const load = () => {
  const { base, data, functions, script } = runtime;
  const page = /** @type {any} */ (window);
  const before = page.__highland;
  const pieces = data.U || [];
  let left = 0;

  page.__highland = (/** @type {string} */ id, /** @type {any} */ code, /** @type {number=} */ place) => {
    if (id != data.i) return before && before(id, code, place);
    if (place == null) Object.assign(functions, code);
    else functions[place] = code;
  };
  const one = () => {
    if (--left < 1) finish();
  };
  const all = () => {
    const lost = pieces.filter((path, place) => !functions[place]);
    left = lost.length;
    lost.forEach((path) => script(base + path, one, one));
    if (!left) finish();
  };
  script(base + data.u, all, all);
  setTimeout(goOn, waitMax);
};

/** @param {import("../types.js").Runtime} given */
export default (given) => {
  runtime = given;
  const { around } = runtime;
  runtime.variables.jsm = value;
  Object.assign(runtime, { lacks, resolver });
  runtime.around = (place, event, chain, start, done) =>
    around(place, event, chain, (end) => whenCoded(place, event, () => start(end)), done);
  runtime.onVisible(load);
};
