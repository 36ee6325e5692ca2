/** Changes of the page's elements. */

/**
 * Calls after changes of the page's elements, at most ten times a second.
 *
 * @param {() => void} action
 */
export const onElements = (action) => {
  let isDue = false;
  new MutationObserver(() => {
    if (isDue) return;
    isDue = true;
    setTimeout(() => {
      isDue = false;
      action();
    }, 100);
  }).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["id", "class"] });
};
