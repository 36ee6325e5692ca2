/**
 * Depths that are reached (`gtm.scrollDepth`), each once a page. Nothing is measured before the page has loaded (or the
 * trigger's start option has come), then once a frame while somebody scrolls.
 */
import { guarded, isListening } from "../listening.js";
import { numbersOf, whenStarted } from "../starting.js";

/**
 * By direction: how far somebody sees, and how far there is to see. Module `scroll-wide` adds the horizontal one.
 *
 * @type {Object<string, (page: Element) => [way: number, whole: number]>}
 */
export const measures = {
  // Positions may be fractions of a pixel short of the end.
  vertical: (page) => [Math.ceil(page.scrollTop) + page.clientHeight, page.scrollHeight],
};

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  /**
   * Depths that are not reached, ascending.
   * @type {[depth: number, units: string, direction: string, trigger: import("../types.js").TriggerData][]}
   */
  let pending = [];
  let frame = 0;
  const farthest = /** @type {Object<string, number>} */ ({});

  const look = guarded(() => {
    const page = document.scrollingElement || document.documentElement;
    /** @type {Object<string, any>} one message for all triggers of one depth */
    const messages = {};
    frame = 0;
    pending = pending.filter(([depth, units, direction, trigger]) => {
      const [way, whole] = measures[direction](page);
      const most = (farthest[direction] = Math.max(farthest[direction] || 0, way));
      const seen = units == "pixels" ? most : (100 * most) / whole;
      if (seen < depth || !isListening(runtime, trigger)) return true;
      const key = depth + units + direction;
      const { "gtm.triggers": ids } = messages[key] || {};
      messages[key] = {
        event: "gtm.scrollDepth",
        "gtm.scrollThreshold": depth,
        "gtm.scrollUnits": units,
        "gtm.scrollDirection": direction,
        "gtm.triggers": (ids ? ids + "," : "") + trigger[3],
      };
    });
    Object.values(messages).forEach(runtime.push);
  });

  const ask = () => {
    if (pending[0]) frame = frame || requestAnimationFrame(look);
  };

  runtime.triggers.scrollDepth = (trigger) => {
    const settings = runtime.resolveAll(trigger[2]);
    whenStarted(settings.triggerStartOption, guarded(() => {
      for (const direction in measures) {
        const units = String(settings[direction + "ThresholdUnits"] || "percent").toLowerCase();
        const suffix = { percent: "Percent", pixels: "Pixels" }[units];
        // Off is said aloud; exports of programs leave the flag out, and the units.
        if (suffix && settings[direction + "ThresholdOn"] + "" != "false") {
          for (const depth of numbersOf(settings[direction + "Thresholds" + suffix])) {
            pending.push([depth, units, direction, trigger]);
          }
        }
      }
      pending.sort(([a], [b]) => a - b);
      ["scroll", "resize"].forEach((type) => addEventListener(type, ask, { passive: true }));
      ask();
    }));
  };
};
