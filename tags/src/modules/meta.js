/**
 * Meta's pixel: page view, standard events with properties, event id. The parameters are those of the community
 * template for Google Tag Manager, so that imported tags run as they are; module `meta-more` has the rarer ones.
 *
 * @typedef {import("../types.js").Runtime} Runtime
 */
import { isOn } from "../flags.js";
import { none } from "../page.js";
import { page, scripts } from "../vendor.js";

/** Gives the page Meta's queue, where it has none. @returns {boolean} whether the script is still to be loaded */
const prepare = () => {
  if (page.fbq) return false;
  /** @type {any} */
  const queue = (/** @type {any[]} */ ...args) => {
    queue.callMethod ? queue.callMethod(...args) : queue.queue.push(args);
  };
  page.fbq = Object.assign(queue, { queue: [], push: queue, loaded: true, version: "2.0" });
  page._fbq = page._fbq || queue;
  return true;
};

/**
 * What a tag's parameters say; module `meta-more` knows more of them.
 *
 * @type {{of: (parameters: any) => {name: string, command: string, properties: any, visitor: any,
 *   begin?: (id: string) => void}}}
 */
export const said = {
  of: ({ standardEventName, objectPropertyList }) => ({
    name: standardEventName || "PageView",
    command: "trackSingle",
    properties: { ...objectPropertyList },
    visitor: {},
  }),
};

/** @param {Runtime} runtime */
export default function (runtime) {
  const load = scripts(runtime);
  /** @type {Object<string, string>} pixels that were begun, with what was told of the visitor */
  const begun = none();
  let isOurs = false;
  let isRevoked = false;

  runtime.onConsent(() => {
    const isDenied = !runtime.granted("ad_storage");
    if (Object.keys(begun)[0] && isDenied != isRevoked) page.fbq("consent", isDenied ? "revoke" : "grant");
    isRevoked = isDenied;
  });

  runtime.tags.metaPixel = (p, call) => {
    const ids = ("" + (p.pixelId || "")).match(/[^\s,]+/g);
    if (!ids) return call.fail("no pixel id");
    if (prepare()) isOurs = true;
    const { name, command, properties, visitor, begin } = said.of(p);
    const told = JSON.stringify(visitor);
    if (p.consent !== undefined) page.fbq("consent", isOn(p.consent) ? "grant" : "revoke");
    ids.forEach((id) => {
      if (begun[id] !== told) {
        if (begin) begin(id);
        page.fbq("init", id, visitor);
        begun[id] = told;
      }
      page.fbq(command, id, name, properties, p.eventId ? { eventID: "" + p.eventId } : {});
    });
    if (isOurs) load("https://connect.facebook.net/en_US/fbevents.js", call);
    else call.ok();
  };
}
