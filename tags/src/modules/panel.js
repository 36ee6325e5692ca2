/**
 * The panel of a preview: what each event did, and why. It is in previews alone, as the last module, since it wraps
 * what the others have registered. The tab remembers the preview in `sessionStorage`, under the container's id, until
 * it ends.
 */
import { cleanAddress } from "../address-bar.js";
import { quietly, source } from "../page.js";
import { record } from "../panel/recorder.js";
import { view } from "../panel/view.js";

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  const { data } = runtime;
  const [, token = ""] = /\/preview\/([\w-]+)\.js/.exec(source) || [];
  const said = "highland_preview=" + token;
  /** @type {string} */
  const stored = quietly(() => sessionStorage[data.i]) || "";
  const keep = (/** @type {string} */ dock) => {
    if (token) quietly(() => sessionStorage.setItem(data.i, said + " " + dock));
  };
  const [, dock = window == window.top ? "bottom" : "small"] = / (\w+)$/.exec(stored) || [];
  keep(dock);
  cleanAddress();

  let changed = () => {};
  const state = record(runtime, () => changed());
  runtime.onVisible(() => {
    changed = view(runtime, state, {
      dock,
      setDock: keep,
      end: () => {
        quietly(() => sessionStorage.removeItem(data.i));
        location.reload();
      },
    });
    changed();
  });
};
