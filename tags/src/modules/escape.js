/**
 * Lowered values of kinds 4 to 9: a variable's text as it may stand in markup. Part of every container with one of
 * them.
 *
 * 4 HTML text, or a quoted attribute; 5 a part of a URL; 6 the beginning of a URL, as HTML: `#` where it has a scheme
 * that is not of the web; 7 one plain value in a style sheet, nothing where it has other characters; 8 in a string of
 * JSON; 9 a value of JSON: the text itself where it is a number, true, false or null, else a string.
 */

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  const html = (/** @type {string} */ text) => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
  // Neither an end tag nor a comment can begin in it.
  const json = (/** @type {string} */ text) => JSON.stringify(text).replace(/</g, "\\u003c");
  runtime.escapes = {
    4: html,
    5: (text) => text.replace(/[^]/gu, (letter) => {
      try {
        return encodeURIComponent(letter);
      } catch (error) {
        // Half a letter from outside the basic plane has no encoding.
        return "%EF%BF%BD";
      }
    }),
    // What browsers leave out of a scheme is left out here.
    6: (text) => /^(?!(https?|mailto|tel):)[^/?#]*:/i.test(text.replace(/[\0- ]/g, "")) ? "#" : html(text),
    7: (text) => /^[\w\s#%.,+-]*$/.test(text) ? text : "",
    8: (text) => json(text).slice(1, -1),
    9: (text) => /^(-?\d{1,15}(\.\d{1,15})?|true|false|null)$/.test(text) && !/^-?0\d/.test(text) ? text : json(text),
  };
};
