/** What the script that this is in says about itself. All parts of a script share one state; no two scripts do. */

export const page = /** @type {any} */ (window);
export const { src: source = "", nonce } = /** @type {any} */ (document.currentScript) || {};

/**
 * One object for each container in the page, as Google Tag Manager has it.
 * @type {any}
 */
export const google = (page.google_tag_manager = page.google_tag_manager || {});

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
