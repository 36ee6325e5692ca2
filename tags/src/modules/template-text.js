/** Texts and numbers for custom templates. */

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  const { apis } = runtime.sandbox;
  /** @type {(code: (text: any) => any) => import("../types.js").TemplateAPI} undefined for what cannot be read */
  const quiet = (code) => () => (text) => runtime.quietly(() => code(String(text)));
  /** @type {import("../types.js").TemplateAPIs} */
  const mine = {
    encodeUri: quiet(encodeURI),
    encodeUriComponent: quiet(encodeURIComponent),
    decodeUri: quiet(decodeURI),
    decodeUriComponent: quiet(decodeURIComponent),
    toBase64: quiet((text) => btoa(unescape(encodeURIComponent(text)))),
    fromBase64: quiet((text) => {
      const bytes = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
      const decoded = runtime.quietly(() => decodeURIComponent(escape(bytes)));
      return decoded == null ? bytes : decoded;
    }),
    generateRandom: () => (min, max) => Math.floor(Math.random() * (max - min + 1)) + min,
  };
  Object.assign(apis, mine);
};
