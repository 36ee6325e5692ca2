/** What custom templates read of the data layer, the container and the document. */

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  const { apis, permissions, inward } = runtime.sandbox;
  const { data } = runtime;

  /** @type {(given: any, key: string) => boolean} keys, of which the last part may be `*`; true for any */
  const keys = (given, key) => given === true || given.some((/** @type {string} */ pattern) =>
    pattern == key || pattern == "*" || (pattern.endsWith("*") && String(key).startsWith(pattern.slice(0, -1))));
  const always = () => true;
  Object.assign(permissions, {
    read_data_layer: keys,
    write_data_layer: keys,
    read_container_data: always,
    read_title: always,
    read_character_set: always,
  });

  /** @type {import("../types.js").TemplateAPIs} */
  const mine = {
    copyFromDataLayer: ({ need }) => (key, version = 2) => {
      need("read_data_layer", key);
      return inward(version == 1 ? runtime.model(1)[key] : runtime.get(key));
    },
    getContainerVersion: ({ need }) => () => {
      need("read_container_data");
      return {
        containerId: data.a || data.i,
        debugMode: !!data.p,
        environmentMode: data.e != "live",
        environmentName: data.e == "live" ? "" : data.e,
        previewMode: !!data.p,
        version: String(data.v || "QUICK_PREVIEW"),
      };
    },
    readTitle: ({ need }) => () => {
      need("read_title");
      return document.title;
    },
    readCharacterSet: ({ need }) => () => {
      need("read_character_set");
      return document.characterSet;
    },
  };
  Object.assign(apis, mine);
};
