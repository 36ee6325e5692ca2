/**
 * Forms that are sent (`gtm.formSubmit`): by people, and by the page's own `form.submit()`. Where a trigger asks whether
 * the page prevented it, or waits for tags, module `form-wait` does it all.
 */
import { collect, guarded, tell } from "../listening.js";

/**
 * Sees `form.submit()`, which no event tells of.
 *
 * @param {(form: any, go: () => void) => any} action true: it will call `go`, which sends the form
 */
export const seeSubmit = (action) => {
    const { submit } = HTMLFormElement.prototype;
    const see = guarded(action);
    HTMLFormElement.prototype.submit = function () {
        const go = () => submit.call(this);
        if (!see(this, go)) go();
    };
};

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => collect(runtime, "formSubmission", (triggers) => {
    const see = (/** @type {any} */ form, /** @type {any} */ button) =>
        tell(runtime, triggers, "gtm.formSubmit", form, { "gtm.formSubmitElement": button });
    document.addEventListener("submit", guarded((event) => see(event.target, event.submitter || null)));
    seeSubmit((form) => see(form, null));
});
