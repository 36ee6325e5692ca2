/**
 * A container that is switched off. What its page pushes is merged and can be read, an event's callback is
 * answered, and nothing runs.
 */
import { get, isPlain, listen, shown } from "./dataLayer.js";
import { google } from "./page.js";

/** @param {{i: string, a?: string}} data */
export default (data) => {
  const name = data.a || data.i;
  if (google[data.i]) return;
  google[data.i] = { dataLayer: shown };
  google[name] = google[name] || google[data.i];
  listen([], ({ eventCallback }) => eventCallback && eventCallback(name), ([word, key, value, callback]) => {
    if (word == "set") return isPlain(key) ? key : typeof key == "string" && { [key]: value };
    if (word == "get") callback(get(value));
    if (word == "event" && value) return { event: key, eventCallback: value.event_callback };
  });
};
