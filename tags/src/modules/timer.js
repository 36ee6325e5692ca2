/** Time that passes (`gtm.timer`, or the name that the trigger has): every so many milliseconds, so many times. */
import { guarded, isListening } from "../listening.js";

/** Shortest interval in milliseconds; shorter ones would only burn the page's time. */
const intervalMin = 50;

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  runtime.triggers.timer = (trigger) => {
    const settings = runtime.resolveAll(trigger[2]);
    const interval = Math.max(Number(settings.interval), intervalMin);
    const limit = Number(settings.limit) || 0;
    if (!isFinite(interval)) return;
    const begin = Date.now();
    let count = 0;
    const timer = setInterval(guarded(() => {
      if (!isListening(runtime, trigger)) return;
      const now = Date.now();
      count++;
      if (count === limit) clearInterval(timer);
      runtime.push({
        event: settings.eventName || "gtm.timer",
        "gtm.timerEventNumber": count,
        "gtm.timerInterval": interval,
        "gtm.timerLimit": limit || null,
        "gtm.timerStartTime": begin,
        "gtm.timerCurrentTime": now,
        "gtm.timerElapsedTime": now - begin,
        "gtm.triggers": trigger[3],
      });
    }), interval);
  };
};
