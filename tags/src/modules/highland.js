/**
 * Highland's own page views, and the way that all of Highland's events take from the page to the collector.
 *
 * Events wait a moment and leave as lines of JSON by `fetch` with `keepalive`. Where the network or the server fails they
 * are tried again, after longer and longer waits, and from the fourth time as images, for pages whose policy allows no
 * more; what was refused (4xx) is never sent twice. A page that is left sends by `sendBeacon`, or by images where the
 * browser refuses that. Every event has an id: one that arrives twice counts once. No cookie is written here, and storage
 * is used only with the grant of `analytics_storage`: what may not have arrived waits there for the next page, at most a
 * day.
 *
 * Bounds: 100 events wait, and the oldest give way; a request holds 20,000 characters (60 kB at most), or one event.
 *
 * @typedef {import("../types.js").Runtime} Runtime
 */

/** Consent types by Highland's words for them. */
const purposes = {
  measurement: "analytics_storage",
  personalisation: "personalization_storage",
  advertising: "ad_storage",
  sharing: "ad_user_data",
  stitching: "stitching",
};

const random = () => Math.random().toString(36).slice(2);

/** @param {Runtime} runtime */
export default function (runtime) {
  const { base, data, granted } = runtime;
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
    try {
      if (!granted(purposes.measurement)) lines = [];
      else if (!isRecalled) {
        isRecalled = true;
        queue = (localStorage.highland || "").split("\n")
          .filter((/** @type {string} */ line) => line && Date.now() - JSON.parse(line).time < 864e5).concat(queue);
      }
      if (lines[0]) localStorage.highland = lines.join("\n");
      else if (isRecalled) localStorage.removeItem("highland");
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

  /** @param {string} line an event that goes as an image, with what one can carry */
  const image = (line) => {
    const event = JSON.parse(line);
    const { consent, revenue, properties } = event;
    let query = ".gif?consent=";
    for (const purpose in consent) if (consent[purpose]) query += purpose == "stitching" ? "x" : purpose[0];
    if (query.endsWith("=") && consent.measurement === false) query += 0;
    if (revenue) Object.assign(event, revenue, { revenue: revenue.amount });
    for (const key in properties) event["p." + key] = properties[key];
    for (const key in event) {
      if (typeof event[key] != "object") query += `&${key}=${encodeURIComponent(event[key])}`;
    }
    Object.assign(new Image(), { src: collect + query, onerror: () => queue.push(line) });
  };

  const flush = async () => {
    timer = 0;
    if (flying[0] || !queue[0]) return;
    const body = batch(flying);
    let status = 0;
    let wait = 0;
    try {
      const answer = await fetch(collect, { method: "POST", body, keepalive: body.length < 3e4, credentials: "include" });
      status = answer.status;
      wait = +(answer.headers.get("Retry-After") || 0) * 1e3;
    } catch (error) {}
    if (status > 499 || status == 429 || !status) {
      if (failures++ > 2 && !status) flying.forEach(image);
      else queue = flying.concat(queue).slice(-100);
      wait = Math.max(wait || 0, Math.min(2 ** failures * 1e3, 3e5));
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
    keep(doubtful);
  };

  runtime.highland = (name, parameters, more) => {
    const site = parameters.site || (runtime.site() || [])[1];
    if (!site) return false;
    /** @type {Object<string, boolean|undefined>} */
    const consent = {};
    for (const purpose in purposes) consent[purpose] = runtime.consent(purposes[/** @type {"sharing"} */ (purpose)]);
    keep([]);
    queue.push(
      JSON.stringify({
        site,
        name,
        id: random() + random(),
        time: Date.now(),
        url: location.href,
        referrer: document.referrer,
        title: document.title,
        screen: screen.width + "x" + screen.height,
        consent,
        preview: data.p && true,
        ...more,
      }),
    );
    if (queue[100]) queue.shift();
    later(200);
    if (document.hidden) leave();
    return true;
  };

  runtime.tags.highland = (parameters, { place, ok, fail }) => {
    if (!runtime.highland("pageview", parameters, parameters.more)) return fail("no site for this host");
    if (!seen[place]) runtime.onRestore(() => runtime.viewAgain(place));
    seen[place] = 1;
    ok();
  };

  runtime.viewAgain = (place, more) => {
    const { c = [0], p } = data.G[place];
    const call = /** @type {any} */ ({ place, ok() {}, fail() {} });
    if (c.slice(1).every(granted)) runtime.tags.highland({ ...runtime.resolveAll(p), more }, call);
  };

  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", leave);
}
