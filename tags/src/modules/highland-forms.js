/**
 * Option `forms` of page views: an event `form_submit` when a form is sent, with its id, name and the path that it
 * goes to; never a value that somebody typed.
 *
 * @typedef {import("../types.js").Runtime} Runtime
 */
import { isOn, send, tagsWith } from "../options.js";

/** @param {Runtime} runtime */
export default function (runtime) {
  /** @param {any} event */
  const submitted = (event) => {
    const form = event.composedPath()[0];
    // By attributes: a field may be called `id` or `action`.
    const read = (/** @type {string} */ name) => (form.getAttribute(name) || undefined);
    const action = read("action");
    let destination = action;
    try {
      destination = new URL(action || "", location.href).pathname;
    } catch (error) {}
    tags.forEach((p, place) =>
      send(runtime, place, "form_submit", p, {
        properties: { form_id: read("id"), form_name: read("name"), form_destination: destination },
      }));
  };

  const tags = tagsWith(runtime, (p) => isOn(p.forms), () => document.addEventListener("submit", submitted, true));
}
