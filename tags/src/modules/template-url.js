/**
 * Addresses for custom templates: permissions `get_url` and `get_referrer` are `[parts, keys of queries]`, lists or
 * true.
 */
import { urlPart } from "../urls.js";

const parts = ["protocol", "host", "port", "path", "query", "extension", "fragment"];

/** @param {URLSearchParams} query @param {any} key @param {any} all */
const values = (query, key, all) => {
  const found = query.getAll(key);
  return all ? found : found[0];
};

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  const { apis, permissions } = runtime.sandbox;

  /** @type {(given: any, part?: string, key?: string) => boolean} */
  const isAllowed = ([some, keys], part, key) => {
    if (part == "query" && key && keys !== true && keys.includes(key)) return true;
    if (some !== true && !(part ? some.includes(part) : parts.every((name) => some.includes(name)))) return false;
    return keys === true || (part && part != "query") || (!!key && keys.includes(key));
  };
  Object.assign(permissions, { get_url: isAllowed, get_referrer: isAllowed });

  /** @type {(permission: string, url: () => string) => import("../types.js").TemplateAPI} */
  const part = (permission, url) => ({ need }) => (name) => {
    need(permission, name);
    if (!name) return url();
    return parts.includes(name) && url() ? urlPart(url(), { component: name.toUpperCase() }) : url() ? undefined : "";
  };

  /** @type {(permission: string, url: () => string) => import("../types.js").TemplateAPI} */
  const query = (permission, url) => ({ need }) => (key, all) => {
    need(permission, "query", key);
    return values(new URLSearchParams(url() && new URL(url()).search), key, all);
  };

  const here = () => location.href;
  const before = () => document.referrer;
  /** @type {import("../types.js").TemplateAPIs} */
  const mine = {
    getUrl: part("get_url", here),
    getReferrerUrl: part("get_referrer", before),
    getQueryParameters: query("get_url", here),
    getReferrerQueryParameters: query("get_referrer", before),
    parseUrl: () => (text) => runtime.quietly(() => {
      const url = new URL(text);
      /** @type {any} */
      const searchParams = {};
      url.searchParams.forEach((_, key) => {
        const all = url.searchParams.getAll(key);
        if (key != "__proto__") searchParams[key] = all.length > 1 ? all : all[0];
      });
      const { href, origin, protocol, username, password, host, hostname, port, pathname, search, hash } = url;
      return {
        href, origin, protocol, username, password, host, hostname, port, pathname, search, searchParams, hash,
      };
    }),
  };
  Object.assign(apis, mine);
};
