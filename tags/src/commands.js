/** The commands of `gtag()`: each gives the message that the data layer reads instead, or nothing. */
import { consent } from "./consent.js";
import { get, isPlain, set } from "./dataLayer.js";

/**
 * `set` merges an object, or a key and its value; `event` is a message whose parameters are `eventModel`; `js` is
 * `gtm.js`; `get` answers from the model. `config` is for Google's own script, which reads the same array.
 * @type {(command: any) => any}
 */
export const command = ([word, name, value, callback]) => {
  if (word == "consent") consent(name, value);
  if (word == "set") return isPlain(name) ? name : typeof name == "string" && { [name]: value };
  if (word == "js") return { "gtm.start": +name, event: "gtm.js" };
  if (word == "get") callback(get(value));
  if (word == "event" && name) {
    const eventModel = value || {};
    set("eventModel");
    return {
      event: name, eventModel, eventCallback: eventModel.event_callback, eventTimeout: eventModel.event_timeout,
    };
  }
};
