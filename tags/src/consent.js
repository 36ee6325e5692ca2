/**
 * What a visitor has granted. The first of these that says something about a type counts: the browser's Global
 * Privacy Control, which denies advertising and stitching whatever is granted; the last `update`; a `default` for
 * some region that denies it; the last `default` for everybody; the site's own setting; and then it is not granted.
 * A script that is the same for everybody does not know the visitor's region: a region's denial therefore holds
 * everywhere, and a region's grant nowhere.
 */
import { none, quietly } from "./page.js";
import { runtime } from "./runtime.js";

/** By `update`, `region` or `default`, and the type. @type {Object<string, boolean>} */
const said = none();
/** @type {(() => void)[]} */
const listeners = [];
/** How many times are running in which an update is waited for; not a number after one. */
let waits = 0;

const changed = () => listeners.forEach(quietly);

export const onConsent = (/** @type {() => void} */ callback) => listeners.push(callback);

/**
 * What was said of a type; undefined where nothing was.
 * @type {(type: string) => boolean|undefined}
 */
export const consent = (type) => {
  if (/** @type {any} */ (navigator).globalPrivacyControl && /^(ad_|stitching$)/.test(type)) return false;
  const from = ["update", "region", "default"].find((word) => word + type in said);
  return from && said[from + type];
};

/**
 * The site that the page belongs to: that of the longest domain which is the page's host or above it.
 * @type {() => [string[], string, number]|undefined}
 */
export const site = () => {
  for (let host = location.hostname; host; host = host.replace(/^[^.]*\.?/, "")) {
    const found = runtime.data.S.find(([domains]) => domains.includes(host));
    if (found) return found;
  }
};

/** @type {(type: string) => boolean} */
export const granted = (type) => {
  const known = consent(type);
  return known == null ? !!(/** @type {any} */ (site() || {})[2]) : known;
};

/**
 * On a tag's rule: 1 it runs, 0 it does not, -1 it is not known yet.
 * @type {(types?: any[]) => number}
 */
export const verdict = (types) => (!types ? 1 : waits ? -1 : +types.slice(1).every(granted));

/**
 * Keeps verdicts open for that many milliseconds, at most 10 s, or until an update.
 * @type {(milliseconds: any) => void}
 */
export const wait = (milliseconds) => {
  if (milliseconds > 0) {
    waits++;
    setTimeout(() => {
      waits--;
      changed();
    }, Math.min(milliseconds, 1e4));
  }
};

/**
 * The command `gtag("consent", action, settings)`.
 * @type {(action: string, settings: any) => void}
 */
export const command = (action, settings) => {
  const isUpdate = action == "update";
  if (isUpdate || action == "default") {
    for (const type in settings) {
      const grants = settings[type] == "granted";
      if (isUpdate || !settings.region) said[action + type] = grants;
      else if (!grants) said["region" + type] = grants;
    }
    if (isUpdate) waits = NaN;
    else wait(settings.wait_for_update);
    changed();
  }
};
