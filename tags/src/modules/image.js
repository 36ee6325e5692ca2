/** Tag type `image`: asks for a picture, with a number that no cache has seen where that is wanted. */

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  runtime.tags.image = ({ url, useCacheBuster, cacheBusterQueryParam }, call) => {
    const [address, fragment] = String(url).split("#");
    const busts = useCacheBuster && useCacheBuster != "false";
    const number = `${cacheBusterQueryParam || "gtmcb"}=${Math.floor(Math.random() * 2e9)}`;
    const full = busts ? address + (address.includes("?") ? "&" : "?") + number : address;
    Object.assign(new Image(), {
      onload: call.ok,
      onerror: call.fail,
      src: fragment == null ? full : `${full}#${fragment}`,
    });
  };
};
