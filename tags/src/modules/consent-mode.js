/**
 * Consent defaults, by region or for everybody, or an update, as `gtag()` commands; the parameters are those of the
 * gallery's template for consent mode. They hold at once, for tags of the same event too.
 */
import { isOn } from "../flags.js";
import { given } from "../tables.js";

/**
 * The states of consent types among some members, whose keys begin with a prefix.
 *
 * @param {any} from
 * @param {string} prefix
 */
const states = (from, prefix) => {
  /** @type {Object<string, any>} */
  const found = {};
  for (const key in from) {
    const type = key.slice(prefix.length);
    if (key.startsWith(prefix) && /_storage$|^ad_/.test(type)) found[type] = from[key];
  }
  return given(found);
};

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  /** @param {any[]} _ a command, which is one as an arguments object alone */
  const gtag = function (..._) {
    runtime.push(arguments);
  };

  runtime.tags.consentMode = (p, call) => {
    ["url_passthrough", "ads_data_redaction"].forEach((key) => isOn(p[key]) && gtag("set", key, true));
    if (p.command == "update") {
      gtag("consent", "update", states(p, "update_"));
    } else {
      (p.settingsTable || []).forEach((/** @type {any} */ row) => {
        const places = ("" + (row.region || row.regions || "all")).match(/[^\s,]+/g);
        gtag("consent", "default", given({
          security_storage: "granted",
          ...states(row, ""),
          region: places && places[0] != "all" ? places : undefined,
          wait_for_update: +row.wait_for_update || undefined,
        }));
      });
    }
    call.ok();
  };
};
