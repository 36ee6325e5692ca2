/** Values and conditions as people read them. What pages hold may be anything: every text has a bound. */

/** How deep objects are followed. */
const depthMax = 6;
/** Of a text in an object, in characters. */
const innerMax = 500;
/** Members of one object or list. */
const membersMax = 100;

/** @type {(element: any) => string} */
const elementText = (element) => {
  const classes = element.getAttribute("class");
  const id = element.getAttribute("id");
  const dots = classes ? "." + classes.trim().replace(/\s+/g, ".") : "";
  return "<" + element.localName + (id ? "#" + id : "") + dots + ">";
};

/**
 * A value as text, much like JSON, on several lines where it has members. A getter that throws is named.
 *
 * @param {any} value
 * @param {number} [max] characters
 * @returns {string}
 */
export const show = (value, max = 1000) => {
  let out = "";
  /** @type {any[]} */
  const above = [];
  /** @type {(value: any, margin: string) => void} */
  const write = (part, margin) => {
    if (out.length > max) return;
    const kind = typeof part;
    if (kind == "string") {
      const most = above.length ? Math.min(innerMax, max) : max;
      out += JSON.stringify(part.length > most ? part.slice(0, most) + "…" : part);
    } else if (kind == "function") out += "function";
    else if (kind == "bigint" || kind == "symbol" || part === null || kind != "object") out += String(part);
    else if (part === window) out += "window";
    else if (part.nodeType == 1 && typeof part.getAttribute == "function") out += elementText(part);
    else if (part.nodeType && part.nodeName) out += String(part.nodeName);
    else if (part instanceof Date || part instanceof RegExp || part instanceof Error) out += String(part);
    else if (above.includes(part)) out += "(itself)";
    else if (above.length >= depthMax) out += "…";
    else {
      above.push(part);
      members(part, margin + "  ", margin);
      above.pop();
    }
  };
  /** @type {(object: any, margin: string, outer: string) => void} */
  const members = (object, margin, outer) => {
    const isList = Array.isArray(object);
    const keys = Object.keys(object);
    out += isList ? "[" : "{";
    keys.slice(0, membersMax).forEach((key, place) => {
      if (out.length > max) return;
      out += (place ? ",\n" : "\n") + margin + (isList ? "" : JSON.stringify(key.slice(0, 200)) + ": ");
      guarded(() => write(object[key], margin));
    });
    if (keys.length > membersMax) out += `,\n${margin}… ${keys.length - membersMax} more`;
    out += (keys.length ? "\n" + outer : "") + (isList ? "]" : "}");
  };
  /** @type {(action: () => void) => void} */
  const guarded = (action) => {
    try {
      action();
    } catch (error) {
      out += "(not readable)";
    }
  };
  guarded(() => write(value, ""));
  return out.length > max ? out.slice(0, max) + "…" : out;
};

/** @type {Object<string, [is: string, isNot: string]>} */
const comparisons = {
  eq: ["equals", "does not equal"],
  cn: ["contains", "does not contain"],
  sw: ["starts with", "does not start with"],
  ew: ["ends with", "does not end with"],
  re: ["matches the pattern", "does not match the pattern"],
  gt: ["is greater than", "is not greater than"],
  ge: ["is at least", "is not at least"],
  lt: ["is less than", "is not less than"],
  le: ["is at most", "is not at most"],
  css: ["matches the selector", "does not match the selector"],
  url: ["is the URL", "is not the URL"],
};

/**
 * A lowered value with names for places: `{{Page URL}}`.
 *
 * @param {any} lowered
 * @param {string[]} names of the variables
 * @param {number} [depth]
 * @returns {string}
 */
export const words = (lowered, names, depth = 0) => {
  if (!Array.isArray(lowered)) return show(lowered);
  const [kind, ...rest] = lowered;
  if (!kind || (kind > 3 && kind < 10)) return `{{${names[rest[0]]}}}`;
  if (depth > depthMax) return "…";
  if (kind > 1) {
    const all = rest.map((part) => words(part, names, depth + 1)).join(", ");
    return kind > 2 ? `{${all}}` : `[${all}]`;
  }
  const inner = rest.map((part) => (Array.isArray(part) ? words(part, names, depth + 1) : String(part)));
  return JSON.stringify(inner.join(""));
};

/**
 * A condition: `{{Page Path}} contains "/basket", case ignored`.
 *
 * @param {import("../types.js").Condition} condition
 * @param {string[]} names of the variables
 */
export const conditionText = ([comparison, subject, wanted, flags], names) =>
  `${words(subject, names)} ${(comparisons[comparison] || [comparison, "not " + comparison])[flags % 2]} ` +
  words(wanted, names) + (flags & 2 ? ", case ignored" : "");

/** @type {(milliseconds: number) => string} */
export const duration = (milliseconds) =>
  milliseconds < 1000 ? Math.round(milliseconds) + " ms" : (milliseconds / 1000).toFixed(2) + " s";
