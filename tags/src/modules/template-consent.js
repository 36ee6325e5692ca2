/**
 * Consent for custom templates: permissions `access_consent`, a number for each type (1 read, 2 write), and
 * `write_data_layer`, a list of keys. What a template says goes the way of the page's own commands; an update holds at
 * once, before whatever stands unread.
 */

/** Members of consent commands that are no consent types. */
const others = ["region", "wait_for_update", "ads_data_redaction", "url_passthrough"];

/** Listeners of templates in a page; more are not heard. */
const listenersMax = 200;

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  const { apis, permissions } = runtime.sandbox;
  let count = 0;

  permissions.access_consent = (given, type, way) =>
    ({}).hasOwnProperty.call(given, type) && !!(given[type] & (way == "write" ? 2 : 1));

  function command() {
    runtime.push(arguments);
  }

  /** @type {(action: string) => import("../types.js").TemplateAPI} */
  const say = (action) => ({ need, outward }) => (settings) => {
    for (const type in settings) {
      if (!others.includes(type)) need("access_consent", type, "write");
    }
    const said = outward(settings);
    if (action == "update") runtime.update(action, said);
    /** @type {any} */ (command)("consent", action, said);
  };

  /** @type {import("../types.js").TemplateAPIs} */
  const mine = {
    setDefaultConsentState: say("default"),
    updateConsentState: say("update"),
    isConsentGranted: ({ need }) => (type) => {
      need("access_consent", type, "read");
      return runtime.granted(type);
    },
    addConsentListener: ({ need, later }) => (type, listener) => {
      need("access_consent", type, "read");
      const call = later(listener);
      let known = runtime.granted(type);
      if (count++ < listenersMax) {
        runtime.onConsent(() => {
          const now = runtime.granted(type);
          if (now != known) call(type, (known = now));
        });
      }
    },
    gtagSet: ({ need, outward }) => (...args) => {
      const [first] = args;
      for (const key of typeof first == "string" ? [first] : Object.keys(first || {})) need("write_data_layer", key);
      /** @type {any} */ (command)("set", ...args.map(outward));
    },
  };
  Object.assign(apis, mine);
};
