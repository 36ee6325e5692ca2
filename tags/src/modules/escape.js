/** Lowered values of kinds 4 (as HTML text) and 5 (as part of a URL); part of every container with one of them. */

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  runtime.escapes = {
    4: (text) => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`),
    5: (text) => text.replace(/[^]/gu, (letter) => {
      try {
        return encodeURIComponent(letter);
      } catch (error) {
        // Half a letter from outside the basic plane has no encoding.
        return "%EF%BF%BD";
      }
    }),
  };
};
