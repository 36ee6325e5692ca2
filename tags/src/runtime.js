/**
 * The one object that modules are given; `Runtime` in types.js says what its members are.
 * @type {any}
 */
const empty = {
  functions: [],
  tags: {},
  triggers: {},
  variables: {},
  lacks() {},
  around: (/** @type {any} */ ...[, , , start, close]) => start(close),
};

export const runtime = /** @type {import("./types.js").Runtime} */ (empty);
