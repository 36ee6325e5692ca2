/** Lowered values of kinds 4 (as HTML text) and 5 (as part of a URL); part of every container with one of them. */

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  runtime.escapes = {
    4: (text) => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`),
    // Half a letter outside the basic plane has no encoding.
    5: (text) => encodeURIComponent(text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(^|[^\ud800-\udbff])[\udc00-\udfff]/g,
      "$1\ufffd")),
  };
};
