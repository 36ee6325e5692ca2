/// The pages as Mustache templates: `{{name}}` is escaped; `{{{…}}}` stands for markup that we made, nothing else.
enum PageTemplates {
    static let all: [(String, String)] =
        [
            ("site", site), ("no-sites", noSites), ("error", error), ("sign-in", signIn), ("signed-out", signedOut),
        ] + ContainerTemplates.all + WorkspaceTemplates.all

    /// Around every page. `content` was rendered by one of the templates below.
    static let frame = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{{title}} · Highland</title>
        <link rel="icon" href="/public/icon.svg" type="image/svg+xml">
        <link rel="stylesheet" href="/public/style.css">
        {{#live}}<script type="module" src="/public/live.js"></script>
        {{/live}}</head>
        <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header class="top">
        <a class="brand" href="/"><svg viewBox="0 0 24 24" aria-hidden="true">\
        <path d="M1 20 9 5l4 7 2.5-4L23 20z"/></svg>\
        <span>Highland</span></a>
        {{#hasManySites}}<details class="picker"><summary>\
        {{#site}}<bdi>{{name}}</bdi>{{/site}}{{^site}}Sites{{/site}}</summary>
        <nav aria-label="Sites"><ul>
        {{#sites}}<li><a href="{{siteLink}}"{{#isCurrent}} aria-current="page"{{/isCurrent}}>\
        <bdi>{{siteName}}</bdi> <small><bdi>{{siteDomain}}</bdi></small></a></li>
        {{/sites}}</ul></nav></details>{{/hasManySites}}
        {{#hasTags}}<nav class="areas" aria-label="Areas"><a href="/containers"{{#isTags}} aria-current="page"{{/isTags}}>\
        Tag manager</a></nav>{{/hasTags}}
        {{#session}}<form class="out" method="post" action="/sign-out">\
        <input type="hidden" name="csrf" value="{{token}}"><button>Sign out</button></form>{{/session}}
        </header>
        <main id="main" tabindex="-1">
        {{{content}}}
        </main>
        </body>
        </html>
        """

    static let site = """
        <div class="head">
        <div><h1><bdi>{{#site}}{{name}}{{/site}}</bdi></h1>
        <p class="sub"><bdi>{{#site}}{{domain}}{{/site}}</bdi> · times in {{timeZone}}\
        {{#live}} <span id="live" data-seconds="{{seconds}}" role="status"></span>{{/live}}</p></div>
        <nav class="periods" aria-label="Period"><ul>
        {{#periods}}<li><a href="{{periodLink}}"{{#isChosen}} aria-current="true"{{/isChosen}}>{{periodTitle}}</a></li>
        {{/periods}}</ul>
        <details class="range"><summary{{#isCustom}} class="chosen"{{/isCustom}}>\
        {{#isCustom}}{{from}} to {{to}}{{/isCustom}}\
        {{^isCustom}}Other days{{/isCustom}}</summary>
        <form method="get" action="{{path}}">
        <label>From <input type="date" name="from" value="{{from}}" required></label>
        <label>To <input type="date" name="to" value="{{to}}" required></label>
        {{#includesBots}}<input type="hidden" name="bots" value="1">{{/includesBots}}<button>Show</button>
        </form></details></nav>
        </div>
        <div id="numbers">
        {{#hasEvents}}
        <dl class="cards">
        {{#cards}}<div class="card"><dt>{{cardTitle}}</dt><dd class="value">{{cardValue}}</dd>
        {{#change}}<dd class="change {{tone}}"><b>{{text}}</b> <span>from {{before}}</span></dd>{{/change}}</div>
        {{/cards}}</dl>
        <section class="panel trend" aria-labelledby="trend-title">
        <div class="panel-head"><h2 id="trend-title">{{chartTitle}} over time</h2>
        <p class="legend" aria-hidden="true"><span class="key now">This period</span>\
        {{#hasEarlier}}<span class="key then">Period before</span>{{/hasEarlier}}</p></div>
        <div class="plot"><div class="ticks" aria-hidden="true">{{#ticks}}<span>{{tick}}</span>{{/ticks}}</div>
        {{{chart}}}
        <svg class="dates" aria-hidden="true">{{#dates}}\
        <text x="{{datePercent}}%" y="1em" text-anchor="{{dateAnchor}}">{{date}}</text>{{/dates}}</svg></div>
        <details class="alternative"><summary>The same as a table</summary>
        <div class="scroll" tabindex="0" role="region" aria-label="{{chartTitle}} over time, as a table"><table>
        <thead><tr><th scope="col">{{bucketTitle}}</th><th scope="col" class="number">{{chartTitle}}</th>\
        <th scope="col" class="number">{{secondTitle}}</th></tr></thead>
        <tbody>{{#bucketRows}}<tr><th scope="row">{{bucket}}</th><td class="number">{{bucketFirst}}</td>\
        <td class="number">{{bucketSecond}}</td></tr>
        {{/bucketRows}}</tbody></table></div></details>
        </section>
        <div class="panels">
        {{#panels}}<section class="panel" aria-labelledby="{{panelID}}-title">
        {{#isEmpty}}<h2 id="{{panelID}}-title">{{panelTitle}}</h2>
        <p class="empty">Nothing in this period.</p>{{/isEmpty}}
        {{^isEmpty}}<table class="list">
        <thead><tr><th scope="col"><h2 id="{{panelID}}-title">{{panelTitle}}</h2></th>\
        {{#columns}}<th scope="col" class="number">{{column}}</th>{{/columns}}</tr></thead>
        <tbody>{{#rows}}<tr><th scope="row"{{#isNone}} class="none"{{/isNone}}>\
        <svg class="bar" viewBox="0 0 1000 1" preserveAspectRatio="none" aria-hidden="true">\
        <rect width="{{width}}" height="1"/></svg>\
        {{#link}}<a href="{{address}}" rel="noopener noreferrer nofollow" target="_blank">{{/link}}\
        <bdi title="{{label}}">{{label}}</bdi>{{#link}}</a>{{/link}}</th>\
        {{#cells}}<td class="number">{{cell}}</td>{{/cells}}</tr>
        {{/rows}}</tbody></table>
        {{#more}}<p class="more">{{moreText}}</p>{{/more}}{{/isEmpty}}
        </section>
        {{/panels}}</div>
        {{/hasEvents}}
        {{^hasEvents}}<section class="panel blank"><h2>No events in this period</h2>
        <p>Choose a longer period above, or send the first event. This pixel counts a page view:</p>
        <pre tabindex="0"><code>&lt;img alt="" src="{{publicURL}}/collect.gif?site=\
        {{#site}}{{key}}{{/site}}"&gt;</code></pre>
        </section>{{/hasEvents}}
        <footer class="notes"><ul>
        {{#notes}}<li>{{note}}</li>
        {{/notes}}{{#bots}}<li>{{botsText}} events by bots are left out.
        <a href="{{botsLink}}">Count them in</a></li>{{/bots}}
        {{#includesBots}}<li>Events by bots are counted in.
        <a href="{{botsLink}}">Leave them out</a></li>{{/includesBots}}
        </ul></footer>
        </div>
        """

    static let noSites = """
        <section class="panel blank"><h1>No sites yet</h1>
        <p>There is no site that this key or session may see. Add one on the command line:</p>
        <pre tabindex="0"><code>highland site add --domain shop.example</code></pre></section>
        """

    static let error = """
        <section class="panel blank" role="alert"><h1>{{errorTitle}}</h1>
        <p>{{errorDetail}}</p>
        {{#hint}}<p>Expected: {{expected}}.</p>{{/hint}}
        {{#isSignIn}}<p>Open the sign-in link that Highland printed when it started. It is good once and for 30 minutes;
        a restart prints a new one.</p>{{/isSignIn}}
        {{^isSignIn}}<p><a class="button" href="/">To the first page</a></p>{{/isSignIn}}</section>
        """

    static let signIn = """
        <section class="panel blank"><h1>Sign in to Highland</h1>
        {{#form}}<p>This link is good once. Signing in lasts twelve hours on this browser.</p>
        <form method="post" action="/sign-in"><input type="hidden" name="token" value="{{token}}">\
        <button class="button" autofocus>Sign in</button></form>{{/form}}
        {{^form}}<p>This is no sign-in link. Open the one that Highland printed when it started.</p>{{/form}}</section>
        """

    static let signedOut = """
        <section class="panel blank"><h1>Signed out</h1>
        <p>To come back, open a new sign-in link.</p></section>
        """
}
