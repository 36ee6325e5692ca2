/** The addresses of module `page` with every part, option and source that they may have. */
import { urlPart } from "../urls.js";
import { addresses } from "./page.js";

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => addresses(runtime, urlPart);
