/** The page's address without a preview link's parameter. */
import { quietly } from "./page.js";

/** The link's parameter, wherever it stands, with the sign before and after it. */
const parameter = /([?&#])highland_preview=[\w-]*(&?)/;

/** Takes the parameter away, before anything reads the address: it is none of a page view's. */
export const cleanAddress = () => {
  const { href } = location;
  const clean = href.replace(parameter, (all, before, after) => (after ? before : ""));
  if (clean != href) quietly(() => history.replaceState(history.state, "", clean));
};
