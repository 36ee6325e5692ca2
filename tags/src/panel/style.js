/** The panel's looks: `:host` rules are important, as those of the page then give way. */
export const style = `
:host{all:initial!important;display:block!important;position:fixed!important;z-index:2147483647!important;
  direction:ltr!important;unicode-bidi:isolate!important;visibility:visible!important;opacity:1!important;
  pointer-events:auto!important;transform:none!important;filter:none!important;margin:0!important;padding:0!important;
  border:0!important;inset:auto 0 0 0!important;width:auto!important;height:min(46vh,30rem)!important;
  min-width:0!important;max-width:none!important;min-height:0!important;max-height:none!important;
  color-scheme:light dark!important}
:host([data-dock=right]){inset:0 0 0 auto!important;width:min(34rem,100vw)!important;height:auto!important}
:host([data-dock=small]){inset:auto 12px 12px auto!important;height:auto!important;
  max-width:calc(100vw - 24px)!important}
@media print{:host{display:none!important}}
*{box-sizing:border-box;font:inherit;color:inherit}
[hidden]{display:none!important}
.panel{--ink:#1c2430;--soft:#5b6675;--line:#d5dbe3;--back:#fff;--raised:#f3f5f8;--mark:#1f5fbf;--good:#1a7340;
  --bad:#b3261e;--odd:#8a5a00;display:flex;flex-direction:column;height:100%;background:var(--back);color:var(--ink);
  font:13px/1.45 system-ui,sans-serif;border-top:2px solid var(--mark);box-shadow:0 0 16px #0004;text-align:left}
@media(prefers-color-scheme:dark){.panel{--ink:#e6eaf0;--soft:#9aa6b5;--line:#3a4350;--back:#171c23;--raised:#222933;
  --mark:#7db0ff;--good:#6fce94;--bad:#ff8f85;--odd:#e8b65a}}
:host([data-dock=right]) .panel{border-top:0;border-left:2px solid var(--mark)}
:host([data-dock=small]) .panel{border:2px solid var(--mark);border-radius:8px;overflow:hidden}
header{display:flex;align-items:center;gap:8px;padding:4px 10px;background:var(--raised);
  border-bottom:1px solid var(--line);flex:none;flex-wrap:wrap}
header b{font-weight:600}
header span{color:var(--soft);flex:1;min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
button{background:none;border:1px solid transparent;border-radius:5px;padding:2px 8px;cursor:pointer;text-align:left}
header button,.more{border-color:var(--line);background:var(--back)}
button:hover{background:var(--raised)}
button:focus-visible,summary:focus-visible,.body:focus-visible{outline:2px solid var(--mark);outline-offset:-2px}
.main{display:flex;flex:1;min-height:0}
.list{width:15rem;flex:none;overflow:auto;border-right:1px solid var(--line);padding:4px}
.list button{display:flex;width:100%;gap:8px}
.list button i{font-style:normal;color:var(--soft);flex:none;min-width:1.6em;text-align:right;
  font-variant-numeric:tabular-nums}
.list button span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;flex:1}
.list button em{font-style:normal;color:var(--good);flex:none}
.list .quiet{color:var(--soft)}
.list [aria-current=true],[aria-selected=true]{background:var(--raised);border-color:var(--mark)}
.right{display:flex;flex-direction:column;flex:1;min-width:0}
nav{display:flex;flex-wrap:wrap;gap:2px;padding:4px 8px;border-bottom:1px solid var(--line);flex:none}
.body{flex:1;overflow:auto;padding:6px 10px 12px;overscroll-behavior:contain}
h3{font-weight:600;margin:10px 0 4px;color:var(--soft)}
p{margin:4px 0}
details{border-bottom:1px solid var(--line);padding:3px 0}
summary{cursor:pointer;overflow-wrap:anywhere}
summary b{font-weight:600}
.soft{color:var(--soft)}.good{color:var(--good)}.bad{color:var(--bad)}.odd{color:var(--odd)}
ul{margin:2px 0 6px;padding:0 0 0 20px}
li{overflow-wrap:anywhere}
pre,code{font:12px/1.45 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere;margin:0}
pre{padding:6px 8px;background:var(--raised);border-radius:5px}
table{border-collapse:collapse;width:100%;table-layout:fixed}
td,th{text-align:left;vertical-align:top;border-bottom:1px solid var(--line);padding:3px 8px 3px 0;
  overflow-wrap:anywhere}
th{font-weight:600;width:34%}
:host([data-dock=right]) .main{flex-direction:column}
:host([data-dock=right]) .list{width:auto;height:34%;border-right:0;border-bottom:1px solid var(--line)}
:host([data-dock=right]) .right{min-height:0}
@media(max-width:640px){.main{flex-direction:column}.right{min-height:0}
  .list{width:auto;height:36%;border-right:0;border-bottom:1px solid var(--line)}}
`;
