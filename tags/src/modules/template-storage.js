/** What custom templates keep: cookies, local storage, and values for the life of the page. */

/** Members of one template's own storage. */
const membersMax = 1e3;
const bits = /** @type {Object<string, number>} */ ({ read: 1, write: 2, readwrite: 3 });

/** @param {any} value @returns {string} without what would begin another attribute */
const plain = (value) => String(value).replace(/[;\r\n].*/, "");

/** The widest domain of the page's that takes cookies; "" where none does. */
const widest = () => {
  const labels = location.hostname.split(".");
  for (let count = 2; count <= labels.length; count++) {
    const domain = labels.slice(-count).join(".");
    const probe = `hl_probe=1;domain=${domain};path=/`;
    document.cookie = probe;
    const isSet = /(^|; )hl_probe=1/.test(document.cookie);
    document.cookie = probe + ";max-age=0";
    if (isSet) return domain;
  }
  return "";
};

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  const { apis, permissions, inward } = runtime.sandbox;
  const { quietly } = runtime;
  /** @type {Map<number, Map<string, any>>} */
  const kept = new Map();

  Object.assign(permissions, {
    get_cookies: (/** @type {any} */ given, /** @type {string} */ name) => given === true || given.includes(name),
    set_cookies: (/** @type {any} */ given, /** @type {string} */ name, /** @type {any} */ options) => {
      const { domain, path, secure, "max-age": age, expires } = options || {};
      const isSession = age == null && expires == null;
      return given.some((/** @type {string[]} */ rule) =>
        (rule[0] == "*" || rule[0] == name) && (rule[1] == "*" || rule[1] == (domain || "")) &&
        (rule[2] == "*" || rule[2] == (path || "/")) && (rule[3] == "any" || (rule[3] == "secure") == !!secure) &&
        (rule[4] == "any" || (rule[4] == "session") == isSession));
    },
    access_local_storage: (/** @type {any} */ given, /** @type {string} */ way, /** @type {string} */ key) =>
      ({}).hasOwnProperty.call(given, key) && (given[key] & bits[way]) == bits[way],
    access_template_storage: () => true,
  });

  /** @type {import("../types.js").TemplateAPIs} */
  const mine = {
    getCookieValues: ({ need }) => (name, decodes = true) => {
      need("get_cookies", name);
      return document.cookie.split("; ").filter((cookie) => cookie.startsWith(name + "=")).map((cookie) => {
        const value = cookie.slice(String(name).length + 1);
        const decoded = decodes ? quietly(() => decodeURIComponent(value)) : value;
        return decoded == null ? value : decoded;
      });
    },
    setCookie: ({ need }) => (name, value, options, encodes = true) => {
      need("set_cookies", name, options);
      const given = options || {};
      const domain = given.domain == "auto" ? widest() : given.domain;
      let cookie = plain(name) + "=" + (encodes ? encodeURIComponent(value) : plain(value));
      cookie += ";path=" + plain(given.path || "/");
      if (domain) cookie += ";domain=" + plain(domain);
      ["max-age", "expires", "samesite"].forEach((key) => {
        const said = key == "samesite" ? given.samesite || given.sameSite : given[key];
        if (said != null && said !== "") cookie += `;${key}=${plain(said)}`;
      });
      document.cookie = cookie + (given.secure ? ";secure" : "");
    },
    localStorage: ({ need }) => ({
      getItem: (/** @type {string} */ key) => {
        need("access_local_storage", "read", key);
        const value = quietly(() => localStorage.getItem(key));
        return value === undefined ? null : value;
      },
      setItem: (/** @type {string} */ key, /** @type {any} */ value) => {
        need("access_local_storage", "write", key);
        return !!quietly(() => {
          localStorage.setItem(key, value);
          return true;
        });
      },
      removeItem: (/** @type {string} */ key) => {
        need("access_local_storage", "write", key);
        quietly(() => localStorage.removeItem(key));
      },
    }),
    templateStorage: ({ need, template }) => {
      const values = () => {
        need("access_template_storage");
        const found = kept.get(template) || new Map();
        kept.set(template, found);
        return found;
      };
      return {
        getItem: (/** @type {string} */ key) => inward(values().get(key)),
        setItem: (/** @type {string} */ key, /** @type {any} */ value) => {
          const all = values();
          if (all.has(key) || all.size < membersMax) all.set(key, inward(value));
        },
        removeItem: (/** @type {string} */ key) => void values().delete(key),
        clear: () => values().clear(),
      };
    },
  };
  Object.assign(apis, mine);
};
