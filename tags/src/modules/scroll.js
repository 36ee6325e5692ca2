/**
 * Depths that are reached (`gtm.scrollDepth`), each once a page. Nothing is measured before the page has loaded (or the
 * trigger's start option has come), then once a frame while somebody scrolls.
 */
import { guarded, idsOf, isListening, numbersOf, whenStarted } from "../listening.js";

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
    /** @type {{direction: string, units: string, depth: number, trigger: import("../types.js").TriggerData}[]} */
    let pending = [];
    let frame = 0;
    let farthestX = 0;
    let farthestY = 0;

    const look = guarded(() => {
        frame = 0;
        const page = document.scrollingElement || document.documentElement;
        // Positions may be fractions of a pixel short of the end.
        farthestX = Math.max(farthestX, Math.ceil(Math.abs(page.scrollLeft)) + page.clientWidth);
        farthestY = Math.max(farthestY, Math.ceil(page.scrollTop) + page.clientHeight);
        /** @type {Map<string, typeof pending>} one message for all triggers of one depth */
        const reached = new Map();
        pending = pending.filter((item) => {
            const [way, whole] = item.direction === "vertical"
                ? [farthestY, page.scrollHeight] : [farthestX, page.scrollWidth];
            if ((item.units === "percent" ? (100 * way) / whole : way) < item.depth) return true;
            if (!isListening(runtime, item.trigger)) return true;
            const key = item.direction + item.units + item.depth;
            reached.set(key, [...(reached.get(key) || []), item]);
            return false;
        });
        if (!pending.length) {
            window.removeEventListener("scroll", ask);
            window.removeEventListener("resize", ask);
        }
        reached.forEach((items) => runtime.push({
            event: "gtm.scrollDepth",
            "gtm.scrollThreshold": items[0].depth,
            "gtm.scrollUnits": items[0].units,
            "gtm.scrollDirection": items[0].direction,
            "gtm.triggers": idsOf(items.map((item) => item.trigger)),
        }));
    });

    const ask = () => {
        frame = frame || requestAnimationFrame(look);
    };

    runtime.triggers.scrollDepth = (trigger) => {
        const settings = runtime.resolveAll(trigger[2]);
        whenStarted(settings.triggerStartOption, guarded(() => {
            for (const direction of ["vertical", "horizontal"]) {
                // Off is said aloud; exports of programs leave the flag out, and the units.
                if (String(settings[direction + "ThresholdOn"]) === "false") continue;
                const units = String(settings[direction + "ThresholdUnits"] || "percent").toLowerCase();
                const suffix = units === "pixels" ? "Pixels" : units === "percent" ? "Percent" : "";
                for (const depth of suffix ? numbersOf(settings[direction + "Thresholds" + suffix]) : []) {
                    pending.push({ direction, units, depth, trigger });
                }
            }
            pending.sort((a, b) => a.depth - b.depth);
            window.addEventListener("scroll", ask, { passive: true });
            window.addEventListener("resize", ask, { passive: true });
            ask();
        }));
    };
};
