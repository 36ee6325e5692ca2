/** Markup and code that a page with Trusted Types takes. */
import { page, quietly } from "./page.js";

/**
 * The policy `highland-html`, once it was asked for.
 * @type {any}
 */
let policy;

/**
 * Markup, code or a URL of somebody's tag for a place where a page with Trusted Types takes no text. Where the page
 * does not allow the policy it is the text itself, which throws there.
 * @type {(how: "createHTML" | "createScript" | "createScriptURL", text: string) => any}
 */
export const trusted = (how, text) => {
  const all = { createHTML: String, createScript: String, createScriptURL: String };
  policy = policy || quietly(() => page.trustedTypes.createPolicy("highland-html", all));
  return policy ? policy[how](text) : text;
};
