/**
 * Highland's own page views, and the way that all of Highland's events take from the page to the collector.
 *
 * Events wait a moment and leave as lines of JSON by `fetch` with `keepalive`. Where the network or the server fails
 * they are tried again, after longer and longer waits; what failed before and got no answer goes as images, for pages
 * whose policy allows no more, and for hosts that are no site's, which may not read an answer. What was refused (4xx)
 * is never sent twice. A page that is left sends by `sendBeacon`, or by images where the browser refuses that. Every
 * event has an id: one that arrives twice counts once. No cookie is written here, and storage is used only with the
 * grant of `analytics_storage`: what may not have arrived waits there for the next page, at most a day.
 *
 * Bounds: 100 events wait, and the oldest give way; a request holds 20,000 characters (60 kB at most), or one event.
 *
 * @typedef {import("../types.js").Runtime} Runtime
 */

/** @param {Runtime} runtime */
export default function (runtime) {
  const { base, consent, data, granted, tags } = runtime;
  const collect = base + "collect";
  /** @type {string[]} events as JSON, in their order */
  let queue = [];
  /** @type {string[]} what the request under way holds */
  let flying = [];
  /** @type {Object<number, number>} places of the tags that have counted this page */
  const seen = {};
  let failures = 0;
  let timer = 0;
  /** Whether what an earlier page left was taken over, so that what is stored is this page's. */
  let isRecalled = false;

  /** @param {string[]} lines what has to outlive the page; none ends what is there */
  const keep = (lines) => {
    const mayStore = granted("analytics_storage");
    try {
      if (mayStore && !isRecalled) {
        isRecalled = true;
        queue = localStorage.highland.split("\n")
          .filter((/** @type {string} */ line) => Date.now() - JSON.parse(line).time < 864e5).concat(queue);
      }
      if (isRecalled) localStorage[mayStore && lines[0] ? "setItem" : "removeItem"]("highland", lines.join("\n"));
    } catch (error) {}
  };

  /** @param {string[]} lines gets the events of the body @returns {string} the body of one request */
  const batch = (lines) => {
    let body = "";
    while (queue[0] && (!body || (body + queue[0]).length < 2e4)) {
      lines.push(queue[0]);
      body += `{"sentAt":${Date.now()},${/** @type {string} */ (queue.shift()).slice(1)}\n`;
    }
    return body;
  };

  /** @param {string} line an event that goes as an image */
  const image = (line) =>
    Object.assign(new Image(), {
      src: collect + ".gif?event=" + encodeURIComponent(line),
      onerror: () => {
        queue = [line, ...queue].slice(-100);
        later(6e4);
      },
    });

  const flush = async () => {
    timer = 0;
    if (flying[0] || !queue[0]) return;
    const body = batch(flying);
    let status = 0;
    let wait = 0;
    try {
      // The browser lets 64 KiB outlive a page, of all requests whose answers were not read; a second try does without.
      const answer = await fetch(collect, { method: "POST", body, keepalive: !failures, credentials: "include" });
      await answer.text();
      status = answer.status;
      wait = +(/** @type {any} */ (answer.headers.get("Retry-After"))) * 1e3;
    } catch (error) {}
    if (status > 499 || status == 429 || !status) {
      if (failures++ && !status) flying.forEach(image);
      else queue = flying.concat(queue).slice(-100);
      wait = Math.min(wait || 2 ** failures * 1e3, 3e5);
    } else wait = failures = 0;
    flying = [];
    keep(flying);
    later(wait);
  };

  /** @param {number} wait milliseconds, where no sending is due anyway */
  const later = (wait) => {
    timer = timer || setTimeout(flush, wait);
  };

  /** The page is hidden, and may never be seen again; or it is back, and nothing is wrong with sending. */
  const leave = () => {
    const doubtful = failures ? flying.concat(queue) : flying;
    while (queue[0]) {
      /** @type {string[]} */
      const lines = [];
      if (!navigator.sendBeacon(collect, batch(lines))) lines.forEach(image);
    }
    if (doubtful[0]) keep(doubtful);
  };

  runtime.highland = (name, parameters, more) => {
    const site = parameters.site || (runtime.site() || [])[1];
    if (!site) return false;
    const time = Date.now();
    keep([]);
    queue.push(
      JSON.stringify({
        site,
        name,
        id: "" + Math.random() + time,
        time,
        url: location.href,
        referrer: document.referrer,
        title: document.title,
        screen: screen.width + "x" + screen.height,
        consent: {
          measurement: consent("analytics_storage"),
          personalisation: consent("personalization_storage"),
          advertising: consent("ad_storage"),
          sharing: consent("ad_user_data"),
          stitching: consent("stitching"),
        },
        preview: data.p && true,
        ...more,
      }),
    );
    queue = queue.slice(-100);
    later(200);
    if (document.hidden) leave();
    return true;
  };

  tags.highland = (parameters, { place, ok, fail }) => {
    const view = () => runtime.highland(parameters.name || "pageview", parameters, parameters.more);
    if (!view()) return fail();
    // A page that comes back from the browser's cache is seen once more.
    if (!seen[place]) {
      addEventListener("pageshow", ({ persisted }) =>
        persisted && (data.G[place].c || []).slice(1).every(granted) && view());
    }
    seen[place] = 1;
    ok();
  };

  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", leave);
}
