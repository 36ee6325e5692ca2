/// A file of `public/` in the program: all text, a few kilobytes each.
package struct EmbeddedFile: Sendable {
    package let name: String
    /// For `Content-Type`.
    package let type: String
    package let text: String
}

/// Everything that browsers get beside pages. Made from `public/` by `scripts/embed-public.sh`: change it there.
package enum EmbeddedFiles {
    package static let all = [
        EmbeddedFile(
            name: "icon.svg", type: "image/svg+xml",
            text: ###"""
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="#2f8f6b" d="M1 20 9 5l4 7 2.5-4L23 20z"/></svg>

"""###),
        EmbeddedFile(
            name: "live.js", type: "text/javascript; charset=utf-8",
            text: ###"""
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

"""###),
        EmbeddedFile(
            name: "style.css", type: "text/css; charset=utf-8",
            text: ###"""
/* The dashboard: one sheet, system fonts, light and dark, from 360 pixels up. Colours keep 4.5:1 against
   their ground. */
:root {
    color-scheme: light dark;
    --ground: #f4f5f7;
    --panel: #ffffff;
    --text: #16202c;
    --quiet: #566273;
    --edge: #dfe3e8;
    --accent: #1f6f54;
    --bar: #dcefe6;
    --area: #1f6f541f;
    --earlier: #8d98a6;
    --better: #1b7145;
    --worse: #b3382c;
    --hover: #16202c0d;
}

@media (prefers-color-scheme: dark) {
    :root {
        --ground: #10151b;
        --panel: #181f27;
        --text: #e7ecf1;
        --quiet: #9aa7b5;
        --edge: #2a343f;
        --accent: #62c79d;
        --bar: #1e3f34;
        --area: #62c79d26;
        --earlier: #7b8794;
        --better: #6ccf98;
        --worse: #f08a7e;
        --hover: #e7ecf112;
    }
}

* { box-sizing: border-box; }
html { font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
body {
    margin: 0 auto; max-width: 76rem; padding: 0 1.25rem 3rem; background: var(--ground); color:
    var(--text);
}
h1, h2, p, ul, dl, dd { margin: 0; padding: 0; }
ul { list-style: none; }
h1 { font-size: 1.6rem; line-height: 1.2; letter-spacing: -.015em; overflow-wrap: anywhere; }
h2 { font-size: .95rem; font-weight: 650; }
small { font-size: .85rem; color: var(--quiet); }
a { color: var(--accent); text-underline-offset: .18em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
main:focus { outline: none; }
summary { cursor: pointer; }
button, .button, input {
    font: inherit; color: inherit; background: var(--panel); border: 1px solid var(--edge); border-radius: 7px;
    padding: .35rem .7rem;
}
button, .button { cursor: pointer; text-decoration: none; display: inline-block; }
button:hover, .button:hover { border-color: var(--accent); }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--panel); padding: .4rem .8rem; z-index: 3; }

.top { display: flex; align-items: center; gap: 1.25rem; padding: 1rem 0; }
.brand {
    display: flex; align-items: center; gap: .5rem; font-weight: 700; color: var(--text); text-decoration:
    none;
}
.brand svg { width: 1.6rem; fill: var(--accent); }
.picker { position: relative; min-width: 0; }
.picker > summary {
    padding: .3rem .7rem; border: 1px solid var(--edge); border-radius: 7px; background: var(--panel);
    max-width: 40vw;
    overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
}
.picker nav {
    position: absolute; z-index: 2; margin-top: .35rem; min-width: 16rem; max-width: 80vw; max-height: 60vh;
    overflow: auto; background: var(--panel); border: 1px solid var(--edge); border-radius: 9px; padding: .35rem;
    box-shadow: 0 8px 28px #0003;
}
.picker a {
    display: block; padding: .4rem .6rem; border-radius: 6px; color: var(--text); text-decoration: none;
}
.picker a:hover, .picker a[aria-current] { background: var(--hover); }
.picker small { display: block; }
.out { margin-left: auto; }
#live:not(:empty)::before { content: "· "; }

.head {
    display: flex; flex-wrap: wrap; gap: .75rem 1.5rem; align-items: end; justify-content: space-between;
    margin: .5rem 0 1.1rem;
}
.sub { color: var(--quiet); overflow-wrap: anywhere; }
.periods { display: flex; flex-wrap: wrap; gap: .5rem; align-items: start; }
.periods ul {
    display: flex; flex-wrap: wrap; background: var(--panel); border: 1px solid var(--edge); border-radius:
    8px; padding: 2px;
}
.periods li a {
    display: block; padding: .3rem .7rem; border-radius: 6px; color: var(--quiet); text-decoration: none;
    white-space: nowrap;
}
.periods li a:hover { background: var(--hover); color: var(--text); }
.periods li a[aria-current] { background: var(--accent); color: var(--panel); font-weight: 600; }
.range { position: relative; }
.range > summary { padding: calc(.3rem + 3px) .6rem; color: var(--quiet); white-space: nowrap; }
.range > .chosen { color: var(--text); font-weight: 600; }
.range form {
    position: absolute; right: 0; z-index: 2; display: grid; gap: .6rem; padding: .8rem; background: var(--panel);
    border: 1px solid var(--edge); border-radius: 9px; box-shadow: 0 8px 28px #0003;
}
.range label { display: flex; justify-content: space-between; align-items: center; gap: .8rem; }

.cards {
    display: grid; grid-template-columns: repeat(auto-fit, minmax(9.2rem, 1fr)); gap: 1px; background:
    var(--edge); border: 1px solid var(--edge); border-radius: 12px; overflow: hidden;
}
.card { background: var(--panel); padding: .9rem .85rem; min-width: 0; }
.card dt { color: var(--quiet); font-size: .87rem; }
.value {
    font-size: 1.35rem; font-weight: 680; letter-spacing: -.02em; line-height: 1.25; font-variant-numeric:
    tabular-nums; overflow-wrap: anywhere;
}
.change { font-size: .82rem; color: var(--quiet); font-variant-numeric: tabular-nums; }
.change b { font-weight: 650; }
.better b { color: var(--better); }
.worse b { color: var(--worse); }

.panel {
    background: var(--panel); border: 1px solid var(--edge); border-radius: 12px; padding: 1rem; min-width:
    0;
}
.trend { margin: 1rem 0; }
.panel-head { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .3rem 1rem; }
.legend { display: flex; gap: 1rem; color: var(--quiet); font-size: .85rem; }
.key::before {
    content: ""; display: inline-block; width: 1.1rem; margin-right: .4rem; vertical-align: middle;
    border-top: 2px solid var(--accent);
}
.key.then::before { border-top: 2px dashed var(--earlier); }
.plot { display: grid; grid-template-columns: auto 1fr; column-gap: .6rem; margin-top: .9rem; }
.chart { width: 100%; height: 15rem; display: block; overflow: visible; }
.chart line, .chart path { vector-effect: non-scaling-stroke; fill: none; }
.grid { stroke: var(--edge); stroke-width: 1; }
.chart .line { stroke: var(--accent); stroke-width: 2.25; stroke-linejoin: round; stroke-linecap: round; }
.chart .earlier { stroke: var(--earlier); stroke-width: 1.5; stroke-dasharray: 4 4; }
.chart .area { fill: var(--area); }
.chart .column { fill: var(--accent); }
.hit { fill: transparent; }
.hit:hover { fill: var(--hover); }
.ticks {
    display: flex; flex-direction: column; justify-content: space-between; text-align: right; color:
    var(--quiet); font-size: .78rem; line-height: 1; margin: -.39rem 0; font-variant-numeric: tabular-nums;
}
.dates {
    grid-column: 2; display: block; width: 100%; height: 1.3em; overflow: visible; fill: var(--quiet);
    font-size: .78rem; margin-top: .6rem;
}
.alternative { margin-top: .7rem; font-size: .87rem; color: var(--quiet); }
.scroll { max-height: 20rem; overflow: auto; margin-top: .5rem; }

table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: inherit; }
.number { text-align: right; white-space: nowrap; padding-left: .9rem; }
.alternative td, .alternative th { padding: .2rem .4rem; border-bottom: 1px solid var(--edge); }
.panels { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem; }
.list { table-layout: fixed; }
.list thead th { padding-bottom: .5rem; vertical-align: baseline; }
.list thead .number { color: var(--quiet); font-size: .82rem; width: 6.2rem; }
.list tbody th {
    position: relative; padding: .2rem .5rem; height: 2rem; overflow: hidden; text-overflow: ellipsis;
    white-space: nowrap; isolation: isolate;
}
.list tbody tr:hover { background: var(--hover); }
.bar {
    position: absolute; inset: 2px 0; width: 100%; height: calc(100% - 4px); z-index: -1; border-radius:
    5px;
}
.bar rect { fill: var(--bar); }
.list tbody a { color: inherit; }
.none bdi { color: var(--quiet); font-style: italic; }
.more, .empty { color: var(--quiet); font-size: .87rem; margin-top: .5rem; padding-left: .5rem; }
.notes { margin: 1.1rem .2rem 0; color: var(--quiet); font-size: .88rem; }
.notes li + li { margin-top: .25rem; }
.blank { margin-top: 1rem; padding: 2.2rem 1.4rem; }
.blank > * + * { margin-top: .8rem; }
.blank h2 { font-size: 1.25rem; }
.blank .button { border-color: var(--accent); color: var(--accent); font-weight: 600; padding: .5rem 1.1rem; }
pre {
    overflow: auto; background: var(--ground); border: 1px solid var(--edge); border-radius: 8px; padding:
    .8rem 1rem; font-size: .9rem;
}

@media (max-width: 46rem) {
    body { padding: 0 .8rem 2rem; }
    .panels { grid-template-columns: minmax(0, 1fr); }
    .cards { grid-template-columns: repeat(2, minmax(0, 1fr)); }
    .card:last-child:nth-child(odd) { grid-column: 1 / -1; }
    .value { font-size: 1.35rem; }
    .chart { height: 11rem; }
    .list thead .number { width: 5.7rem; padding-left: .3rem; }
    .periods li a { padding: .3rem .55rem; }
    .range form { right: auto; left: 0; }
    .dates text:nth-child(even) { display: none; }
}

@media print {
    .top, .periods, .alternative, .skip { display: none; }
    .panel, .cards { break-inside: avoid; }
}

/* The tag manager: forms, lists and findings. */
.areas a { color: var(--quiet); text-decoration: none; white-space: nowrap; }
.areas a[aria-current], .areas a:hover { color: var(--text); }
.crumbs { display: flex; flex-wrap: wrap; gap: .2rem .6rem; font-size: .9rem; }
.crumbs a + a::before { content: "/"; margin-right: .6rem; color: var(--quiet); display: inline-block; }
.actions { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
main > .panel { margin-top: 1rem; }
main > .panel > * + * { margin-top: .7rem; }
.main { background: var(--accent); border-color: var(--accent); color: var(--panel); font-weight: 600; }
.danger { border-color: var(--worse); color: var(--worse); }
.small { font-size: .85rem; padding: .15rem .5rem; }
.hidden { position: absolute; left: -99rem; }
.inline { display: flex; flex-wrap: wrap; gap: .5rem .8rem; align-items: center; }
.remove { margin-top: 1.5rem; }
.rows li { display: flex; flex-wrap: wrap; gap: .3rem .8rem; align-items: center; padding: .35rem 0; }
.rows li + li, .findings li + li, .changes li + li { border-top: 1px solid var(--edge); }
.plain th, .plain td { padding: .4rem .6rem .4rem 0; vertical-align: top; overflow-wrap: anywhere; }
.plain thead th { color: var(--quiet); font-size: .85rem; }
.plain tbody tr { border-top: 1px solid var(--edge); }
.plain small { display: block; }
.wide { max-height: none; }
.plain code { white-space: pre-wrap; font-size: .85rem; }
.badge { font-size: .78rem; padding: .05rem .45rem; border-radius: 9px; border: 1px solid currentColor; }
.bad, .findings .error b, .field .error, p.error, .table .error, .inline .error { color: var(--worse); }
.warn, .findings .confirmation b { color: var(--worse); }
.good, .added { color: var(--better); }
.removed { color: var(--worse); }
.problem { border-color: var(--worse); }
.done { border-color: var(--better); padding: .6rem 1rem; }
.waiting { border-color: var(--accent); }
.note, .field small { color: var(--quiet); font-size: .9rem; }
.findings li { padding: .45rem 0; overflow-wrap: anywhere; }
.findings .place { color: var(--quiet); margin: 0 .4rem; }
.changes summary { padding: .35rem 0; }
.tabs ul { display: flex; flex-wrap: wrap; gap: .2rem; border-bottom: 1px solid var(--edge); }
.tabs a { display: block; padding: .4rem .7rem; color: var(--quiet); text-decoration: none; }
.tabs a[aria-current] { color: var(--text); border-bottom: 2px solid var(--accent); font-weight: 600; }
.form .field > * { display: block; }
.field label, .field .label { font-weight: 600; font-size: .9rem; margin-bottom: .2rem; }
.field input, .field select, .field textarea, .table input, .table select { width: 100%; max-width: 48rem; }
.table table { max-width: 60rem; }
.field + .field, .tick, .form fieldset, .group { margin-top: .9rem; }
.form textarea, .fixed { font: .88rem/1.45 ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
.wrong input, .wrong textarea, .wrong select { border-color: var(--worse); }
textarea, select {
    font: inherit; color: inherit; background: var(--panel); border: 1px solid var(--edge); border-radius: 7px;
    padding: .35rem .6rem; min-width: 0;
}
fieldset { border: 1px solid var(--edge); border-radius: 9px; margin: 0; padding: .6rem .9rem; min-width: 0; }
legend { font-weight: 600; font-size: .9rem; padding: 0 .3rem; }
.fold { margin-top: .9rem; border: 1px solid var(--edge); border-radius: 9px; padding: .5rem .9rem; }
.fold[open] { padding-bottom: .9rem; }
.fold summary { font-weight: 600; font-size: .9rem; cursor: pointer; }
.boxes label { display: flex; gap: .5rem; align-items: baseline; padding: .15rem 0; }
.pages { display: flex; gap: 1rem; color: var(--quiet); }
.environment h3 { margin: 0; font-size: 1rem; }
.environment > * + * { margin-top: .5rem; }
.preview { overflow-wrap: anywhere; }

"""###),
    ]
}
