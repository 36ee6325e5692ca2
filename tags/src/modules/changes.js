/** Lets triggers see elements that come later; part of every container with a trigger that observes changes. */
import { onElements } from "../changes.js";

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
    runtime.onElements = onElements;
};
