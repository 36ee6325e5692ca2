/** Groups of triggers (`gtm.triggerGroup`): each fires once a page, when all of its triggers have fired. */
import { guarded } from "../listening.js";

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  /** @type {{trigger: import("../types.js").TriggerData, missing: Set<number>}[]} */
  let groups = [];

  const see = guarded((event) => {
    groups = groups.filter(({ trigger, missing }) => {
      for (const place of event.fired) missing.delete(place);
      if (missing.size) return true;
      // Comes after this event, as every push does.
      runtime.push({ event: "gtm.triggerGroup", "gtm.triggers": trigger[3] });
      return false;
    });
  });

  runtime.triggers.triggerGroup = guarded((trigger) => {
    const places = runtime.resolveAll(trigger[2]).triggerIds;
    // A trigger that is not in the container never fires, and so does the group.
    if (!Array.isArray(places) || !places.length) return;
    if (groups.push({ trigger, missing: new Set(places) }) < 2) runtime.onEvent(see);
  });
};
