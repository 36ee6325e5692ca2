/** The commands of `gtag()`: each gives the message that the data layer reads instead, or nothing. */
import { isPlain } from "./dataLayer.js";

/**
 * `set` merges an object, or a key and its value; `event` is a message whose parameters are `eventModel`; `js` is
 * `gtm.js`; `get` answers from the model. `config` is for Google's own script, which reads the same array.
 *
 * @param {import("./consent.js").Consent} consent
 * @param {import("./dataLayer.js").Layer} layer
 * @returns {(command: any[]) => any}
 */
export default (consent, layer) => ([word, name, value, callback]) => {
  if (word == "consent") consent.command(name, value);
  if (word == "set") return isPlain(name) ? name : typeof name == "string" ? { [name]: value } : 0;
  if (word == "js") return { "gtm.start": +name, event: "gtm.js" };
  if (word == "get") callback(layer.get(value));
  if (word == "event" && name) {
    const eventModel = isPlain(value) ? value : {};
    layer.set("eventModel", undefined);
    return {
      event: name, eventModel, eventCallback: eventModel.event_callback, eventTimeout: eventModel.event_timeout,
    };
  }
};
