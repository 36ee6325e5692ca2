/**
 * Depths that are reached (`gtm.scrollDepth`), each once a page. Nothing is measured before the page has loaded (or the
 * trigger's start option has come), then once a frame while somebody scrolls.
 */
import { guarded, idsOf, isListening } from "../listening.js";
import { numbersOf, whenStarted } from "../starting.js";

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
    /**
     * Depths that are not reached, ascending.
     * @type {[depth: number, units: string, direction: string, trigger: import("../types.js").TriggerData][]}
     */
    let pending = [];
    let frame = 0;
    let farthestX = 0;
    let farthestY = 0;

    const look = guarded(() => {
        const page = document.scrollingElement || document.documentElement;
        /** @type {Map<string, typeof pending>} one message for all triggers of one depth */
        const reached = new Map();
        frame = 0;
        // Positions may be fractions of a pixel short of the end.
        farthestX = Math.max(farthestX, Math.ceil(Math.abs(page.scrollLeft)) + page.clientWidth);
        farthestY = Math.max(farthestY, Math.ceil(page.scrollTop) + page.clientHeight);
        pending = pending.filter((item) => {
            const [depth, units, direction, trigger] = item;
            const way = direction == "vertical" ? farthestY : farthestX;
            const whole = units == "pixels" ? 100 : direction == "vertical" ? page.scrollHeight : page.scrollWidth;
            if ((100 * way) / whole < depth || !isListening(runtime, trigger)) return true;
            const key = depth + units + direction;
            reached.set(key, [...(reached.get(key) || []), item]);
        });
        reached.forEach((items) => runtime.push({
            event: "gtm.scrollDepth",
            "gtm.scrollThreshold": items[0][0],
            "gtm.scrollUnits": items[0][1],
            "gtm.scrollDirection": items[0][2],
            "gtm.triggers": idsOf(items.map(([, , , trigger]) => trigger)),
        }));
    });

    const ask = () => {
        if (pending[0]) frame = frame || requestAnimationFrame(look);
    };

    runtime.triggers.scrollDepth = (trigger) => {
        const settings = runtime.resolveAll(trigger[2]);
        whenStarted(settings.triggerStartOption, guarded(() => {
            for (const direction of ["vertical", "horizontal"]) {
                const units = String(settings[direction + "ThresholdUnits"]).toLowerCase();
                const suffix = { percent: "Percent", pixels: "Pixels" }[units];
                // Off is said aloud; exports of programs leave the flag out.
                if (suffix && String(settings[direction + "ThresholdOn"]) != "false") {
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
