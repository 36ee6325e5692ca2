/**
 * Regular expressions for custom templates. Nobody can check beforehand what a template makes up, so there are none
 * that could take more than polynomial time: no references back, and no repetition without end of a group that repeats,
 * chooses or leaves out something itself. The degree is the number of repetitions: the more of them, the shorter is the
 * part of the text that counts. Expressions have at most 1,000 characters.
 */

const patternMax = 1e3;
/** Longest text by the number of repetitions; 200 for more. */
const textMax = [1e4, 1e4, 3e3, 500];

/** @type {(pattern: string) => boolean} */
const isBounded = (pattern) => {
  const text = pattern.replace(/\\[^\d]|\[(?:\\.|[^\]\\])*\]/g, "x");
  /** @type {number[]} of each open group: whether something in it can be matched in more than one way */
  const open = [];
  if (pattern.length > patternMax || /\\\d|\\k|\(\?<?[=!]/.test(text)) return false;
  for (let place = 0; place < text.length; place++) {
    const letter = text[place];
    if (letter == "(") open.push(0);
    if (letter == "|" || (/[*+{]/.test(letter)) || (letter == "?" && text[place - 1] != "(")) open.fill(1);
    if (letter == ")" && open.pop() && /^([*+]|\{\d*,\d*\}|\{\d\d)/.test(text.slice(place + 1))) return false;
  }
  return true;
};

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  const { apis } = runtime.sandbox;
  /** @type {WeakMap<object, [regex: RegExp, textMax: number]>} */
  const made = new WeakMap();

  const create = (/** @type {any} */ pattern, /** @type {any} */ flags) => {
    const source = String(pattern);
    const regex = isBounded(source) && runtime.quietly(() =>
      new RegExp(source, String(flags || "").replace(/[gy]/g, "")));
    const token = regex && Object.freeze({});
    if (token) made.set(token, [regex, textMax[source.split(/[*+{]/).length - 1] || 200]);
    return token || null;
  };
  apis.createRegex = () => create;
  apis.testRegex = () => (regex, text) => {
    const found = made.get(typeof regex == "string" ? create(regex, "") : regex);
    return !!found && found[0].test(String(text).slice(0, found[1]));
  };
};
