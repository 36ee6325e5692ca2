/** `sha256` for custom templates, by the browser, which has it in pages of https alone: else `onFailure`. */

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  runtime.sandbox.apis.sha256 = ({ later }) => (text, ok, fail, options) => {
    const failed = later(fail);
    const isHex = (options || {}).outputEncoding == "hex";
    const { subtle } = window.crypto || {};
    if (!subtle) return void setTimeout(failed, 0, { message: "no sha256 here" });
    subtle.digest("SHA-256", new TextEncoder().encode(text)).then((buffer) => {
      const bytes = [...new Uint8Array(buffer)];
      later(ok)(isHex ? bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("") :
        btoa(String.fromCharCode(...bytes)));
    }, (error) => failed({ message: String(error) }));
  };
};
