/**
 * What a visitor has granted. The first of these that says something about a type counts: the browser's Global Privacy
 * Control, which denies advertising and stitching whatever is granted; the last `update`; a `default` for some region
 * that denies it; the last `default` for everybody; the site's own setting; and then it is not granted. A script that is
 * the same for everybody does not know the visitor's region: a region's denial therefore holds everywhere, and a region's
 * grant nowhere.
<<<<<<< HEAD
=======
 *
 * @typedef {object} Consent
 * @property {(type: string) => boolean|undefined} state what was said of a type; undefined where nothing was
 * @property {(type: string) => boolean} granted
 * @property {(types?: any[]) => number} verdict on a tag's rule: 1 runs, 0 does not, -1 is not known yet
 * @property {(action: string, settings: any) => void} command of `gtag("consent", …)`
 * @property {(milliseconds: any) => void} wait keeps verdicts open for that long, at most 10 s, or until an update
>>>>>>> tg-gtm
 */
import { quietly } from "./page.js";
import { runtime } from "./runtime.js";

/** By `update`, `region` or `default`, and the type. @type {Object<string, boolean>} */
const said = Object.create(null);
/** @type {(() => void)[]} */
const listeners = [];
/** How many times are running in which an update is waited for; not a number after one. */
let waits = 0;

const changed = () => listeners.forEach(quietly);

export const onConsent = (/** @type {() => void} */ callback) => listeners.push(callback);

/** @type {(type: string) => boolean} */
export const granted = (type) => {
  if (/** @type {any} */ (navigator).globalPrivacyControl && /^(ad_|stitching$)/.test(type)) return false;
  for (const from of ["update", "region", "default"]) {
    if (from + type in said) return said[from + type];
  }
  return runtime.data.S.some(([domains, , state]) =>
    state && domains.some((domain) => ("." + location.hostname).endsWith("." + domain)));
};

/**
 * On a tag's rule: 1 it runs, 0 it does not, -1 it is not known yet.
 * @type {(types?: any[]) => number}
 */
export const verdict = (types) => (!types ? 1 : waits ? -1 : +types.slice(1).every(granted));

<<<<<<< HEAD
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
export const consent = (action, settings) => {
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
=======
  const state = (/** @type {string} */ type) => {
    if (/** @type {any} */ (navigator).globalPrivacyControl && /^(ad_|stitching$)/.test(type)) return false;
    for (const from in said) {
      if (type in said[from]) return said[from][type];
    }
  };

  const granted = (/** @type {string} */ type) => {
    const said = state(type);
    return said == null ? isGranted : said;
  };

  const wait = (/** @type {any} */ milliseconds) => {
    if (milliseconds > 0 && !isUpdated) {
      waits++;
      setTimeout(() => {
        waits--;
        onChange();
      }, Math.min(milliseconds, 1e4));
    }
  };

  return {
    state,
    granted,
    wait,
    verdict: (types) => (!types ? 1 : waits && !isUpdated ? -1 : +types.slice(1).every(granted)),
    command(action, settings) {
      const isUpdate = action == "update";
      if (!settings || (!isUpdate && action != "default")) return;
      for (const type of Object.keys(settings)) {
        const grants = settings[type] == "granted";
        const from = isUpdate || settings.region == null ? action : "region";
        if (type != "region" && type != "wait_for_update" && (from != "region" || !grants)) said[from][type] = grants;
      }
      if (isUpdate) isUpdated = true;
      else wait(settings.wait_for_update);
      onChange();
    },
  };
>>>>>>> tg-gtm
};
