/**
 * Forms whose triggers wait for tags, or want none that the page prevented: in the place of module `form`'s listener.
 *
 * A form that waited for tags is sent anew with the button that sent it. The page's listeners have seen it already and
 * are kept from seeing it again.
 */
import { attributeOf, collect, elementMessage, guarded } from "../listening.js";
import { listeningTo, pushAndHold, staysHere, waitOf } from "../waiting.js";

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => collect(runtime, "formSubmission", (triggers) => {
  const { requestSubmit, submit } = HTMLFormElement.prototype;
  /** @type {any} the form that is being sent anew */
  let passing;

  /**
   * @param {any} form
   * @param {any} button
   * @param {boolean} isPrevented by the page
   * @param {boolean} isStopped by anybody
   * @param {() => void} go
   */
  const see = (form, button, isPrevented, isStopped, go) => {
    const those = listeningTo(runtime, triggers, isPrevented);
    if (!those.length) return false;
    const ask = (/** @type {string} */ name) =>
      (button && attributeOf(button, "form" + name)) || attributeOf(form, name);
    const leaves = !isStopped && staysHere(ask("target")) && ask("method").toLowerCase() !== "dialog";
    const message = elementMessage("gtm.formSubmit", form, those);
    message["gtm.formSubmitElement"] = button || null;
    return pushAndHold(runtime, message, leaves ? waitOf(runtime, those) : 0, go);
  };

  const send = (/** @type {any} */ form, /** @type {any} */ button) => {
    passing = form;
    try {
      requestSubmit.call(form, button);
    } catch (error) {
      submit.call(form);
    }
    passing = null;
  };

  window.addEventListener("submit", (event) => {
    if (passing && event.target === passing) event.stopImmediatePropagation();
  }, true);

  // Outside the document, whose own listeners the page may have added later.
  window.addEventListener("submit", guarded((event) => {
    const form = event.target;
    const button = event.submitter;
    const isPrevented = event.defaultPrevented && !event.highland;
    if (see(form, button, isPrevented, event.defaultPrevented, () => send(form, button))) {
      event.highland = true;
      event.preventDefault();
    }
  }));

  HTMLFormElement.prototype.submit = function () {
    const go = () => submit.call(this);
    if (!guarded(see)(this, null, false, false, go)) go();
  };
});
