/** What the script that this is in says about itself. All parts of a script share one state; no two scripts do. */

export const page = /** @type {any} */ (window);
export const { src: source = "", nonce = "" } = /** @type {any} */ (document.currentScript) || {};

/**
 * One object for each container in the page, as Google Tag Manager has it.
 * @type {any}
 */
export const google = (page.google_tag_manager = page.google_tag_manager || {});

/** An object that has nothing of its own nor from above. @returns {any} */
export const none = () => Object.create(null);

/**
 * Runs what a page or a tag has given; nothing that it throws goes on.
 * @type {(action: () => any) => any}
 */
export const quietly = (action) => {
  try {
    return action();
  } catch (error) {
    // The page's own business, or a vendor's.
  }
};

/**
 * Makes a URL one that a page with Trusted Types takes.
 * @type {any}
 */
let policy;

/**
 * Adds a script element, with the nonce. Throws where a page's Trusted Types do not allow the policy `highland`.
 * @type {(url: string, onload?: any, onerror?: any) => void}
 */
export const script = (url, onload, onerror) => {
  const rules = { createScriptURL: String };
  policy = policy || quietly(() => page.trustedTypes.createPolicy("highland", rules)) || rules;
  const src = policy.createScriptURL(url);
  document.head.append(Object.assign(document.createElement("script"), { async: true, nonce, onload, onerror, src }));
};
