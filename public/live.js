// Keeps the numbers of a dashboard page current: asks for the same page again and puts its numbers in place of the
// old ones. Without this module the page is whole; it only gets older. Asks while the page is seen and nobody works
// in it, never twice at once, and less often after a failure.

/** @type {number} */
const slowest = 600;

/** @param {Document} page @returns {HTMLElement | null} */
const numbersOf = (page) => page.getElementById("numbers");

/** @param {HTMLElement} status @param {string} text */
const say = (status, text) => {
    if (status.textContent !== text) status.textContent = text;
};

const start = () => {
    const status = document.getElementById("live");
    const interval = Number(status?.dataset.seconds) || 0;
    if (!status || interval < 5) return;
    let wait = interval;
    let isAsking = false;
    let timer = 0;

    const again = () => {
        clearTimeout(timer);
        timer = setTimeout(refresh, wait * 1000);
    };

    const refresh = async () => {
        const old = numbersOf(document);
        const isBusy = old?.contains(document.activeElement) || old?.querySelector("details[open]");
        if (document.hidden || isAsking || isBusy || !old) return again();
        isAsking = true;
        try {
            const answer = await fetch(location.href, {
                headers: { Accept: "text/html" }, cache: "no-store", signal: AbortSignal.timeout(15000),
            });
            if (answer.status === 401) return say(status, "signed out; the numbers stay as they are");
            const page = new DOMParser().parseFromString(await answer.text(), "text/html");
            const fresh = numbersOf(page);
            if (!answer.ok || !fresh) throw new Error(String(answer.status));
            old.replaceWith(document.adoptNode(fresh));
            const time = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
            say(status, `updated ${time}`);
            wait = interval;
        } catch {
            wait = Math.min(wait * 2, slowest);
            say(status, "not updated, trying again");
        } finally {
            isAsking = false;
        }
        again();
    };

    document.addEventListener("visibilitychange", () => { if (!document.hidden) again(); });
    again();
};

start();
