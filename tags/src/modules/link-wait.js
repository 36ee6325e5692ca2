/**
 * Links whose triggers wait for tags, or want no click that the page prevented: in the place of module `link`'s
 * listener. The way that the browser would have gone is gone later, with the link's `target`, `rel` and
 * `referrerpolicy`.
 */
import { attributeOf, collect, elementMessage, urlOf } from "../listening.js";
import { listeningTo, pushAndHold, staysHere, waitOf } from "../waiting.js";
import { seeLinks } from "./link.js";

/**
 * True when the browser leaves the page in this window, so that there is something to wait for.
 *
 * @param {MouseEvent} event
 * @param {any} link
 */
const leavesPage = (event, link) => {
  const url = urlOf(link);
  return !(event.button || event.ctrlKey || event.shiftKey || event.altKey || event.metaKey) &&
    url && !/^javascript:/i.test(url) && !link.hasAttribute("download") && staysHere(attributeOf(link, "target")) &&
    !(url.includes("#") && url.split("#")[0] === location.href.split("#")[0]);
};

/**
 * Goes where a link leads, by a link of our own that the page has no listeners on.
 *
 * @param {any} link
 */
const follow = (link) => {
  const copy = document.createElement("a");
  copy.href = urlOf(link);
  for (const name of ["target", "rel", "referrerpolicy", "ping"]) {
    if (link.hasAttribute(name)) copy.setAttribute(name, link.getAttribute(name));
  }
  copy.click();
};

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => collect(runtime, "linkClick", (triggers) => seeLinks((event, link) => {
  // Another container of ours may hold the link already: then it is not the page that prevented it.
  const isPrevented = event.defaultPrevented && !event.highland;
  const those = listeningTo(runtime, triggers, isPrevented);
  if (!those.length) return;
  const wait = event.defaultPrevented || !leavesPage(event, link) ? 0 : waitOf(runtime, those);
  const message = elementMessage("gtm.linkClick", link, those);
  if (pushAndHold(runtime, message, wait, () => follow(link))) {
    event.highland = true;
    event.preventDefault();
  }
}));
