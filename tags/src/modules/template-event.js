/**
 * `addEventCallback` for custom templates: called once when all tags of the event have ended, at the latest after two
 * seconds, with the container's id and `{tags: [{id, status, executionTime}]}`. Without the permission the list is
 * empty: published templates rely on being called.
 */

const waitMax = 2e3;

/**
 * @typedef {object} Ended
 * @property {number} open tags that have begun and not ended
 * @property {any[]} tags
 * @property {Function[]} callbacks
 */

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  const { apis, permissions } = runtime.sandbox;
  const { around, data } = runtime;
  /** @type {WeakMap<object, Ended>} */
  const events = new WeakMap();

  /** @type {(event: any) => Ended} */
  const of = (event) => {
    const known = events.get(event) || { open: 0, tags: [], callbacks: [] };
    events.set(event, known);
    return known;
  };

  /** @type {(state: Ended) => void} */
  const finish = ({ tags, callbacks }) =>
    callbacks.splice(0).forEach((callback) => callback(data.a || data.i, { tags }));

  runtime.around = (place, event, chain, start, done) => {
    const state = of(event);
    const begun = Date.now();
    state.open++;
    around(place, event, chain, start, (ok) => {
      state.tags.push({ id: data.G[place].i, status: ok ? "success" : "failure", executionTime: Date.now() - begun });
      state.open--;
      // Others of the event may begin in the same turn.
      setTimeout(() => state.open || finish(state));
      done(ok);
    });
  };

  permissions.read_event_metadata = () => true;
  apis.addEventCallback = ({ may, event, later }) => (callback) => {
    if (!event) return;
    const state = of(event);
    if (!state.callbacks.length) setTimeout(finish, waitMax, state);
    const isTold = may("read_event_metadata");
    const tell = later(callback);
    state.callbacks.push((/** @type {string} */ id, /** @type {any} */ ended) =>
      tell(id, isTold ? ended : { tags: [] }));
  };
};
