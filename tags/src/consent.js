/**
 * What a visitor has granted. The first of these that says something about a type counts: the browser's Global Privacy
 * Control, which denies advertising and stitching whatever is granted; the last `update`; a `default` for some region
 * that denies it; the last `default` for everybody; the site's own setting; and then it is not granted. A script that is
 * the same for everybody does not know the visitor's region: a region's denial therefore holds everywhere, and a region's
 * grant nowhere.
 *
 * @typedef {object} Consent
 * @property {(type: string) => boolean|undefined} state what was said of a type; undefined where nothing was
 * @property {(type: string) => boolean} granted
 * @property {(types?: any[]) => number} verdict on a tag's rule: 1 runs, 0 does not, -1 is not known yet
 * @property {(action: string, settings: any) => void} command of `gtag("consent", …)`
 * @property {(milliseconds: any) => void} wait keeps verdicts open for that long, at most 10 s, or until an update
 */

/**
 * @param {boolean} isGranted a type that nobody has said anything about
 * @param {() => void} onChange the state, or whether it is known, is another
 * @returns {Consent}
 */
export default (isGranted, onChange) => {
  /** @type {{[from: string]: Object<string, boolean>}} */
  const said = { update: Object.create(null), region: Object.create(null), default: Object.create(null) };
  let waits = 0;
  let isUpdated = false;

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
};
