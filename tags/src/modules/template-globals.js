/**
 * What custom templates do with the page's globals: permission `access_globals`, a number for each path: 1 read,
 * 2 write, 4 execute.
 */

const page = /** @type {any} */ (window);
const bits = /** @type {Object<string, number>} */ ({ read: 1, write: 2, readwrite: 3, execute: 4 });
const refused = /(^|\.)(__proto__|constructor|prototype)(\.|$)/;

/** @type {(path: string) => [self: any, key: string, value: any]} */
const find = (path) => {
  const keys = String(path).split(".");
  const key = /** @type {string} */ (keys.pop());
  const self = keys.reduce((value, part) => (value == null ? value : value[part]), page);
  return [self, key, self == null ? undefined : self[key]];
};

/** @type {(path: string, value: any) => boolean} */
const put = (path, value) => {
  const [self, key] = find(path);
  if (self == null || !/obj|func/.test(typeof self)) return false;
  self[key] = value;
  return true;
};

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  const { apis, permissions, inward } = runtime.sandbox;

  permissions.access_globals = (given, way, path) =>
    !refused.test(path) && ({}).hasOwnProperty.call(given, path) && (given[path] & bits[way]) == bits[way];

  /** @type {(need: Function, path: string) => any[]} */
  const queue = (need, path) => {
    need("access_globals", "readwrite", path);
    if (find(path)[2] === undefined) put(path, []);
    return find(path)[2];
  };

  /** @type {import("../types.js").TemplateAPIs} */
  const mine = {
    setInWindow: ({ need, outward }) => (path, value, overrides) => {
      need("access_globals", "write", path);
      return (overrides || find(path)[2] === undefined) && put(path, outward(value));
    },
    copyFromWindow: ({ need }) => (path) => {
      need("access_globals", "read", path);
      const [self, , value] = find(path);
      return inward(value, self);
    },
    callInWindow: ({ need, outward }) => (path, ...args) => {
      need("access_globals", "execute", path);
      const [self, , code] = find(path);
      if (typeof code == "function") return inward(code.apply(self, args.map(outward)));
    },
    aliasInWindow: ({ need }) => (to, from) => {
      need("access_globals", "write", to);
      need("access_globals", "read", from);
      const value = find(from)[2];
      return value !== undefined && put(to, value);
    },
    createQueue: ({ need, outward }) => (path) => {
      const list = queue(need, path);
      return (/** @type {any[]} */ ...values) => list.push(...values.map(outward));
    },
    createArgumentsQueue: ({ need, outward }) => (path, listPath) => {
      need("access_globals", "readwrite", path);
      need("access_globals", "readwrite", listPath);
      if (find(path)[2] === undefined) {
        put(path, function () {
          find(listPath)[2].push(arguments);
        });
      }
      // The list may be a member of the function.
      queue(need, listPath);
      return (/** @type {any[]} */ ...args) => find(path)[2](...args.map(outward));
    },
  };
  Object.assign(apis, mine);
};
