import { quietly } from "./page.js";

/**
 * The one object that modules are given; `Runtime` in types.js says what its members are. Without module `values` every
 * lowered value is a literal, and there are no conditions.
 * @type {any}
 */
const empty = {
  functions: [],
  tags: {},
  triggers: {},
  variables: {},
  lacks() {},
  around: (/** @type {any} */ ...[, , , start, close]) => start(close),
  inOrder: (/** @type {any} */ places) => places,
  holds: (/** @type {any} */ conditions) => !conditions[0],
  resolve: (/** @type {any} */ literal) => literal,
  resolveAll: (/** @type {any} */ literals) => ({ ...literals }),
  within: (/** @type {any} */ ...[, action]) => quietly(action),
};

export const runtime = /** @type {import("./types.js").Runtime} */ (empty);
