/**
 * Forms that are sent (`gtm.formSubmit`): by people, and by the page's own `form.submit()`.
 *
 * A form that waited for tags is sent anew with the button that sent it. The page's listeners have seen it already and
 * are kept from seeing it again.
 */
import { attributeOf, elementMessage, guarded, listeningTo, pushAndHold, staysHere, waitOf } from "../listening.js";

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
    /** @type {import("../types.js").TriggerData[]} */
    const forms = [];
    const prototype = HTMLFormElement.prototype;
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
        const triggers = listeningTo(runtime, forms, isPrevented);
        if (!triggers.length) return false;
        const ask = (/** @type {string} */ name) =>
            (button && attributeOf(button, "form" + name)) || attributeOf(form, name);
        const leaves = !isStopped && staysHere(ask("target")) && ask("method").toLowerCase() !== "dialog";
        const message = elementMessage("gtm.formSubmit", form, triggers);
        message["gtm.formSubmitElement"] = button || null;
        return pushAndHold(runtime, message, leaves ? waitOf(runtime, triggers) : 0, go);
    };

    const start = () => {
        const submit = prototype.submit;

        const send = (/** @type {any} */ form, /** @type {any} */ button) => {
            passing = form;
            try {
                prototype.requestSubmit.call(form, button);
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

        prototype.submit = function () {
            const go = () => submit.call(this);
            if (!guarded(see)(this, null, false, false, go)) go();
        };
    };

    runtime.triggers.formSubmission = (trigger) => {
        if (forms.push(trigger) < 2) start();
    };
};
