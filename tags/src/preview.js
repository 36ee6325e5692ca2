/**
 * Notices a preview link, `?highland_preview=TOKEN` or `#highland_preview=TOKEN`, or that this tab followed one: the
 * panel keeps that in `sessionStorage` under the container's id. Nothing is written here, for anybody.
 */
import { script, source } from "./page.js";

/**
 * Loads the preview of the container, or starts it: without a link, in a preview, and where the server has no such
 * preview (any more). A preview that has loaded has taken the container's place by then, so that there is nothing to
 * start.
 * @type {(data: import("./types.js").ContainerData, start: () => void) => void}
 */
export const preview = ({ i, p }, start) => {
  try {
    // No link is null, of which nothing can be read. The script's own address may say what the data layer is called.
    const [, token] = /** @type {any} */ (/highland_preview=([\w-]{22})/.exec(p ? "" : location + sessionStorage[i]));
    script(source.split("tags/" + i)[0] + "tags/" + i + "/preview/" + token + ".js?" + source, start, start);
  } catch (error) {
    start();
  }
};
