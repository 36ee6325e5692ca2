/**
 * Clicks on links (`gtm.linkClick`), seen after the page's own listeners. Where a trigger asks whether the page
 * prevented one, or waits for tags, module `link-wait` does it all.
 */
import { collect, guarded, tell } from "../listening.js";

/** @type {(event: Event) => any} the innermost link of the path, at most 100 steps out */
const linkOf = (event) => event.composedPath().slice(0, 100)
  .find((step) => /^(a|area)$/i.test(/** @type {any} */ (step).tagName));

/**
 * Calls with each link that is clicked, but by the right button. Listens outside the document, whose own listeners the
 * page may have added later.
 * @type {(action: (event: any, link: any) => void) => void}
 */
export const seeLinks = (action) => ["click", "auxclick"].forEach((type) =>
  addEventListener(type, guarded((event) => {
    const link = event.button != 2 && linkOf(event);
    if (link) action(event, link);
  })));

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => collect(runtime, "linkClick", (triggers) =>
  seeLinks((event, link) => tell(runtime, triggers, "gtm.linkClick", link)));
