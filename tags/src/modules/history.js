/**
 * Changes of the page's address without a new page (`gtm.historyChange`): `pushState`, `replaceState`, going back and
 * forth, and another fragment.
 */
import { guarded, idsOf, isListening } from "../listening.js";

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  /** @type {import("../types.js").TriggerData[]} */
  const triggers = [];

  const now = (/** @type {string} */ source, /** @type {any} */ state) => {
    const [url, ...fragment] = location.href.split("#");
    return { source, state, url, fragment: fragment.join("#") };
  };

  const start = () => {
    let last = now("", history.state);

    const see = guarded((source, state) => {
      const next = now(source, state);
      // Going to another fragment is told twice, by both of these events.
      const isEcho = source !== last.source && /popstate|hashchange/.test(source) &&
        /popstate|hashchange/.test(last.source) && next.fragment === last.fragment && next.url === last.url;
      if (isEcho) return;
      const old = last;
      last = next;
      const listening = triggers.filter((trigger) => isListening(runtime, trigger));
      if (!listening.length) return;
      runtime.push({
        event: "gtm.historyChange",
        "gtm.historyChangeSource": source,
        "gtm.oldUrlFragment": old.fragment,
        "gtm.newUrlFragment": next.fragment,
        "gtm.oldHistoryState": old.state,
        "gtm.newHistoryState": state,
        "gtm.oldUrl": old.url,
        "gtm.newUrl": next.url,
        "gtm.triggers": idsOf(listening),
      });
    });

    for (const name of ["pushState", "replaceState"]) {
      guarded(() => {
        const own = /** @type {any} */ (history)[name];
        /** @type {any} */ (history)[name] = function (/** @type {any[]} */ ...args) {
          const result = own.apply(this, args);
          see(name, args[0]);
          return result;
        };
      })();
    }
    window.addEventListener("popstate", (event) => see("popstate", event.state));
    window.addEventListener("hashchange", () => see("hashchange", null));
  };

  runtime.triggers.historyChange = (trigger) => {
    if (triggers.push(trigger) < 2) start();
  };
};
