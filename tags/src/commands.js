/** The commands of `gtag()`: each gives the message that the data layer reads instead, or nothing. */
import { command as consent } from "./consent.js";
import { get, isPlain } from "./dataLayer.js";

/**
 * `set` merges an object, or a key and its value; `event` is a message whose parameters are `eventModel`; `js` is
 * `gtm.js`; `get` answers from the model. `config` is for Google's own script, which reads the same array.
 * @type {(command: any) => any}
 */
export const command = ({ length, 0: word, 1: name, 2: value, 3: callback }) => {
  if (word == "consent") consent(name, value);
  if (word == "set") {
    return length == 2 ? isPlain(name) && name : length == 3 && typeof name == "string" && { [name]: value };
  }
  if (word == "js") return { "gtm.start": +name, event: "gtm.js" };
  if (word == "get") callback(get(value));
  if (word == "event" && name) {
    const eventModel = value || {};
    return {
      _clear: 1,
      event: name,
      eventModel,
      eventCallback: eventModel.event_callback,
      eventTimeout: eventModel.event_timeout,
    };
  }
};
