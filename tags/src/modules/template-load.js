/**
 * Scripts, pictures and frames of custom templates. The permissions are lists of patterns (`https://*.shop.test/a/*`),
 * or true for any URL of https. A host that is switched off (`data.K`) and those below it fail.
 */

/** Scripts that are loaded once, by their token; later ones are loaded each time. */
const tokensMax = 200;

/**
 * Whether a text is as a pattern says, in which `*` stands for anything.
 *
 * @type {(text: string, pattern: string) => boolean}
 */
const fits = (text, pattern) => {
  const [head, ...rest] = pattern.split("*");
  const tail = rest.pop();
  if (tail == null) return text == head;
  if (!text.startsWith(head)) return false;
  let place = head.length;
  for (const part of rest) {
    const found = text.indexOf(part, place);
    if (found < 0) return false;
    place = found + part.length;
  }
  return text.length - tail.length >= place && text.endsWith(tail);
};

/** @type {(url: URL, pattern: string) => boolean} */
const matches = ({ protocol, host, hostname, pathname, search }, pattern) => {
  const parts = /^(?:(https?:|\*:)\/\/)?([^/]*)(\/.*)?$/i.exec(pattern);
  if (!parts || (protocol != "https:" && (protocol != "http:" || !/^(http:|\*:)$/i.test(parts[1])))) return false;
  const [, , wanted, path = "/"] = parts;
  const below = wanted.slice(1).toLowerCase();
  const isHost = wanted == "*" || [host, hostname].some((name) => name == wanted.toLowerCase() ||
    (wanted.startsWith("*.") && ("." + name).endsWith(below)));
  const full = pathname + search;
  // A folder means what is in it.
  return isHost && (fits(full, path) || fits(pathname, path) || (path.endsWith("/") && full.startsWith(path)));
};

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  const { apis, permissions } = runtime.sandbox;
  /** @type {Map<string, [ok: () => void, fail: () => void][]|null>} what waits, by token; null when it has loaded */
  const waits = new Map();

  const isAllowed = (/** @type {any} */ given, /** @type {string} */ text) => {
    const url = runtime.quietly(() => new URL(text, document.baseURI));
    return !!url && (given === true ? url.protocol == "https:" :
      given.some((/** @type {string} */ pattern) => matches(url, pattern)));
  };
  Object.assign(permissions, { inject_script: isAllowed, send_pixel: isAllowed, inject_hidden_iframe: isAllowed });

  /** @type {(text: string) => boolean} */
  const isKilled = (text) => {
    const host = "." + new URL(text, document.baseURI).hostname;
    return (runtime.data.K || []).some((killed) => host.endsWith("." + killed));
  };

  apis.injectScript = ({ need, later }) => (url, ok, fail, token) => {
    need("inject_script", url);
    const mine = /** @type {[() => void, () => void]} */ ([later(ok), later(fail)]);
    if (isKilled(url)) return mine[1]();
    if (!token || (!waits.has(token) && waits.size >= tokensMax)) return void runtime.script(url, ...mine);
    const others = waits.get(token);
    if (others === null) return mine[0]();
    if (others) return void others.push(mine);
    const calls = [mine];
    waits.set(token, calls);
    runtime.script(url, () => {
      waits.set(token, null);
      calls.forEach(([done]) => done());
    }, () => {
      waits.delete(token);
      calls.forEach(([, failed]) => failed());
    });
  };

  apis.sendPixel = ({ need, later }) => (url, ok, fail) => {
    need("send_pixel", url);
    if (isKilled(url)) later(fail)();
    else Object.assign(new Image(), { onload: later(ok), onerror: later(fail), src: url });
  };

  apis.injectHiddenIframe = ({ need, later }) => (url, ok) => {
    need("inject_hidden_iframe", url);
    if (isKilled(url)) return;
    const frame = Object.assign(document.createElement("iframe"), { width: 0, height: 0, onload: later(ok), src: url });
    frame.style.display = "none";
    frame.style.visibility = "hidden";
    (document.body || document.documentElement).appendChild(frame);
  };
};
