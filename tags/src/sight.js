/** What of an element is on screen. */

/**
 * How much of an element is in the window, 0 to 1. Asks for the layout.
 *
 * @param {Element} element
 */
export const visibleRatio = (element) => {
  const box = element.getBoundingClientRect();
  const root = document.documentElement;
  const width = Math.min(box.right, root.clientWidth) - Math.max(box.left, 0);
  const height = Math.min(box.bottom, root.clientHeight) - Math.max(box.top, 0);
  return width > 0 && height > 0 ? (width * height) / (box.width * box.height) : 0;
};

/**
 * True when styles hide an element that has its place: `visibility`, `display`, or a transparent ancestor; and in a
 * page that is in the background. Browsers that cannot tell (before 2024) see every element that has a place.
 *
 * @param {any} element
 * @returns {boolean}
 */
export const isHidden = (element) => document.hidden || !!element.checkVisibility && !element.checkVisibility({
  checkOpacity: true, checkVisibilityCSS: true,
});
