/**
 * LinkedIn's Insight tag and conversions. The parameters are those of LinkedIn's template for Google Tag Manager, and
 * `id` of Google's built-in tag (`bzi`).
 *
 * @typedef {import("../types.js").Runtime} Runtime
 */
import { page, scripts } from "../vendor.js";

const SCRIPT = "https://snap.licdn.com/li.lms-analytics/insight.min.js";

/** @param {any} list numbers between commas @returns {string[]} */
const split = (list) => ("" + (list || "")).split(/[\s,]+/).filter(Boolean);

/** @param {Runtime} runtime */
export default function (runtime) {
  const load = scripts(runtime);
  let isOurs = false;

  runtime.tags.linkedinInsight = (p, call) => {
    const partners = split(p.partnerId || p.id);
    if (!partners[0]) return call.fail("no partner id");
    const known = (page._linkedin_data_partner_ids = page._linkedin_data_partner_ids || []);
    partners.forEach((id) => known.includes(id) || known.push(id));
    const isFirst = !page.lintrk;
    if (isFirst) {
      isOurs = true;
      /** @type {any[][]} */
      const q = [];
      page.lintrk = Object.assign((/** @type {any[]} */ ...command) => void q.push(command), { q });
    }
    const conversions = split(p.conversionId).slice(0, 3);
    /** @param {Object<string, any>} members */
    const track = (members) => {
      if (p.customUrl) members.conversion_url = p.customUrl;
      if (p.eventId) members.event_id = "" + p.eventId;
      page.lintrk("track", members);
    };
    conversions.forEach((id) => track({ conversion_id: +id }));
    // The script counts the page's view by itself when it begins; later views, of the same document, are told.
    if (!conversions[0] && !isFirst) track({});
    if (isOurs) load(SCRIPT, call);
    else call.ok();
  };
}
