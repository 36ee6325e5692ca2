/**
 * Options `downloads` and `outbound` of page views: events `download` and `outlink` with the link's address as
 * `target`, when a link to a file or to a host of somebody else's is followed.
 *
 * @typedef {import("../types.js").Runtime} Runtime
 */
import { isOn, send, tagsWith } from "../options.js";

const FILES =
  / (pdf|zip|gz|tar|tgz|bz2|xz|7z|rar|exe|dmg|iso|deb|rpm|jar|docx?|xlsx?|pptx?|epub|csv|mp3|mp4|apk|msi|pkg) $/;

/** @param {Runtime} runtime */
export default function (runtime) {
  /** @param {string} host whether it is the page's, or belongs to the page's site */
  const isOwn = (host) =>
    host == location.hostname ||
    (runtime.site() || [[]])[0].some((domain) => ("." + host).endsWith("." + domain));

  /** @param {MouseEvent} event */
  const clicked = (event) => {
    if (event.type == "auxclick" && event.button != 1) return;
    const [target] = /** @type {any[]} */ (event.composedPath());
    const link = target && target.closest && target.closest("a[href],area[href]");
    if (!link || !/^https?:$/.test(link.protocol)) return;
    const isFile = link.hasAttribute("download") || FILES.test(` ${link.pathname.split(".").pop().toLowerCase()} `);
    const name = isFile ? "download" : isOwn(link.hostname) ? "" : "outlink";
    if (!name) return;
    tags.forEach((p, place) => {
      if (isOn(isFile ? p.downloads : p.outbound)) {
        send(runtime, place, name, p, { properties: { target: link.href.slice(0, 2e3) } });
      }
    });
  };

  const tags = tagsWith(runtime, (p) => isOn(p.downloads) || isOn(p.outbound), () => {
    document.addEventListener("click", clicked, true);
    document.addEventListener("auxclick", clicked, true);
  });
}
