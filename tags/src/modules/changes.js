/** Lets triggers see elements that come later; part of every container with a trigger that observes changes. */
import { onElements } from "../changes.js";
import { guarded } from "../listening.js";

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  runtime.onElements = (find, watched, observer) => onElements(guarded(() => {
    watched.forEach((_, element) => {
      if (element.isConnected) return;
      observer.unobserve(element);
      watched.delete(element);
    });
    find();
  }));
};
