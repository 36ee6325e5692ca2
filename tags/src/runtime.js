/**
 * The one object that modules are given; `Runtime` in types.js says what its members are.
 * @type {any}
 */
const empty = { functions: [], tags: {}, triggers: {}, variables: {} };

export const runtime = /** @type {import("./types.js").Runtime} */ (empty);
