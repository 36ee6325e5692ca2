/// The pages around containers as Mustache templates; see `PageTemplates`.
enum ContainerTemplates {
    static let all: [(String, String)] = [
        ("containers", containers), ("container", container), ("container-version", version),
        ("container-diff", diff), ("container-publish", publish), ("container-import", importing),
        ("container-report", report), ("container-forms", forms), ("finding-list", findingList),
        ("change-list", changeList), ("problem", problem), ("site-boxes", siteBoxes),
    ]

    /// What went wrong with a form, above it. Its findings come with it where it has some.
    static let problem = """
        {{#problem}}<section class="panel problem" role="alert"><h2>{{problemTitle}}</h2>
        <p>{{problemDetail}}</p>{{#problemExpected}}<p>Expected: {{text}}.</p>{{/problemExpected}}
        {{#problemFindings}}{{> finding-list}}{{/problemFindings}}</section>{{/problem}}
        {{#done}}<p class="panel done" role="status">{{doneText}}</p>{{/done}}
        """

    static let findingList = """
        {{#hasFindings}}<ul class="findings">{{#findings}}<li class="{{severity}}"><b>{{severityTitle}}</b>
        <span class="place">{{#placeLink}}<a href="{{link}}">{{/placeLink}}<bdi>{{place}}</bdi>\
        {{#placeLink}}</a>{{/placeLink}}</span> <span>{{message}}</span></li>
        {{/findings}}</ul>{{#moreFindings}}<p class="more">{{text}}</p>{{/moreFindings}}{{/hasFindings}}
        {{^hasFindings}}<p class="empty">Nothing was found.</p>{{/hasFindings}}
        """

    static let changeList = """
        {{#hasChanges}}<ul class="changes">{{#changes}}<li><details{{#hasDetails}}{{/hasDetails}}>\
        <summary><b class="{{action}}">{{actionTitle}}</b> {{kindTitle}} <bdi>{{changeName}}</bdi>\
        {{#previous}} <small>was <bdi>{{text}}</bdi></small>{{/previous}}</summary>
        {{#hasDetails}}<div class="scroll" tabindex="0" role="region" aria-label="What changed in {{changeName}}">
        <table class="plain"><thead><tr><th scope="col">Field</th><th scope="col">Before</th>\
        <th scope="col">After</th></tr></thead>
        <tbody>{{#details}}<tr><th scope="row">{{path}}</th><td><code>{{{old}}}</code></td>\
        <td><code>{{{new}}}</code></td></tr>
        {{/details}}</tbody></table></div>{{/hasDetails}}
        {{^hasDetails}}<p class="empty">All of it.</p>{{/hasDetails}}</details></li>
        {{/changes}}</ul>{{#moreChanges}}<p class="more">{{text}}</p>{{/moreChanges}}{{/hasChanges}}
        {{^hasChanges}}<p class="empty">No difference.</p>{{/hasChanges}}
        """

    static let siteBoxes = """
        <fieldset class="boxes"><legend>Sites</legend>
        {{#siteBoxes}}<label><input type="checkbox" name="site" value="{{siteID}}"{{#isOn}} checked{{/isOn}}>
        <span><bdi>{{boxName}}</bdi> <small><bdi>{{boxDomain}}</bdi></small></span></label>
        {{/siteBoxes}}{{^hasSiteBoxes}}<p class="empty">There is no site that you reach.</p>{{/hasSiteBoxes}}
        {{#sitesError}}<p class="error">{{text}}</p>{{/sitesError}}</fieldset>
        """

    static let containers = """
        <div class="head"><div><h1>Tag manager</h1>
        <p class="sub">{{count}} containers that you reach</p></div></div>
        {{> problem}}
        {{#hasContainers}}<section class="panel"><div class="scroll wide" tabindex="0" role="region" aria-label="Containers">
        <table class="plain"><thead><tr><th scope="col">Container</th><th scope="col">Sites</th>\
        <th scope="col">Live</th><th scope="col">Newest</th><th scope="col">State</th></tr></thead>
        <tbody>{{#containers}}<tr><th scope="row"><a href="{{containerLink}}"><bdi>{{containerName}}</bdi></a>
        <small>{{publicID}}</small></th><td><bdi>{{siteNames}}</bdi></td><td>{{live}}</td><td>{{newest}}</td>\
        <td>{{#states}}<span class="badge {{tone}}">{{state}}</span> {{/states}}</td></tr>
        {{/containers}}</tbody></table></div></section>{{/hasContainers}}
        {{^hasContainers}}<section class="panel blank"><h2>No containers yet</h2>
        <p>A container holds the tags of one or more sites. Add one below; then import what you have in Google Tag
        Manager, or begin with an empty one.</p></section>{{/hasContainers}}
        {{#mayEdit}}<section class="panel form"><h2>Add a container</h2>
        <form method="post" action="/containers">{{> csrf}}
        <p class="field{{#nameError}} wrong{{/nameError}}"><label for="name">Name</label>
        <input id="name" name="name" value="{{{name}}}" maxlength="100" required>
        {{#nameError}}<span class="error">{{text}}</span>{{/nameError}}</p>
        {{> site-boxes}}
        <p class="tick"><label><input type="checkbox" name="approval"{{#needsApproval}} checked{{/needsApproval}}>
        A version goes live only when somebody else approves it</label></p>
        <p><button class="button main">Add the container</button></p></form></section>{{/mayEdit}}
        """

    static let container = """
        <nav class="crumbs" aria-label="Where this is"><a href="/containers">Tag manager</a></nav>
        <div class="head"><div><h1><bdi>{{containerName}}</bdi></h1>
        <p class="sub">{{publicID}} · <bdi>{{siteNames}}</bdi></p></div>
        <div class="actions">{{#mayEdit}}<a class="button" href="{{base}}/import">Import</a>{{/mayEdit}}
        <a class="button" href="{{exportLink}}">Export</a>
        {{#mayPublish}}<a class="button main" href="{{base}}/publish">Publish</a>{{/mayPublish}}</div></div>
        {{> problem}}
        {{#isKilled}}<section class="panel problem" role="alert"><h2>This container is switched off</h2>
        <p>Pages get a script that does nothing.</p></section>{{/isKilled}}
        {{#pending}}<section class="panel waiting"><h2>Version {{version}} waits for approval</h2>
        <p>For {{environment}}; asked by {{askedBy}} on {{askedAt}}.
        <a href="{{diffLink}}">See what changes</a></p>
        {{#mayPublish}}<form method="post" action="{{base}}/approval" class="inline">{{> csrf}}
        <input type="hidden" name="environment" value="{{environment}}">\
        <input type="hidden" name="version" value="{{version}}">
        <button class="button main" name="action" value="approve">Approve</button>
        <button class="button" name="action" value="decline">Decline</button></form>{{/mayPublish}}</section>
        {{/pending}}
        <section class="panel"><h2>Drafts</h2>
        <ul class="rows">{{#workspaces}}<li><a href="{{workspaceLink}}"><bdi>{{workspaceName}}</bdi></a>
        <small>on version {{basis}} · saved {{savedAt}} by {{savedBy}}</small></li>
        {{/workspaces}}</ul>
        {{#mayEdit}}<details class="more-form"><summary>Add a draft</summary>
        <form method="post" action="{{base}}/workspaces" class="inline">{{> csrf}}<label>Name
        <input name="name" maxlength="100" required value="{{{workspaceField}}}"></label>
        <button>Add</button></form></details>{{/mayEdit}}</section>
        <section class="panel"><h2>What pages get</h2>
        {{#hasEnvironments}}{{#environments}}<div class="environment"><h3>{{environment}}: version {{version}}</h3>
        <p class="sub">since {{publishedAt}} by {{publishedBy}}</p>
        <p>Put this into every page, high in its head:</p>
        <pre tabindex="0"><code>{{snippet}}</code></pre>
        <details><summary>With a fixed version and integrity (SRI)</summary>
        <pre tabindex="0"><code>{{integritySnippet}}</code></pre>
        <p class="note">This address never changes what it gives: later versions, roll backs and <b>kill switches do not
        reach it</b>. A page that uses it has to be changed by hand.</p></details>
        {{#mayPublish}}<form method="post" action="{{base}}/rollback" class="inline">{{> csrf}}
        <input type="hidden" name="environment" value="{{environment}}">
        <label>Roll back to version <input name="version" inputmode="numeric" size="6" \
        placeholder="last"></label>
        <button>Roll back</button> <small>Empty: to the version it had before.</small></form>{{/mayPublish}}
        {{#hasHistory}}<details><summary>What it had before</summary><ol class="rows">{{#history}}<li>version {{entryVersion}}
        {{#isBack}}<span class="badge">rolled back</span>{{/isBack}} <small>{{entryAt}} by {{entryActor}}</small></li>
        {{/history}}</ol></details>{{/hasHistory}}
        {{#mayEnd}}{{#mayPublish}}<form method="post" action="{{base}}/environments" class="inline">{{> csrf}}
        <input type="hidden" name="environment" value="{{environment}}">
        <label><input type="checkbox" name="sure" value="1"> Really</label>
        <button class="danger">End this environment</button></form>{{/mayPublish}}{{/mayEnd}}</div>{{/environments}}\
        {{#mayPublish}}<p class="note">Another environment, for a test site say, begins when a version is published to a name
        of its own.</p>{{/mayPublish}}{{/hasEnvironments}}
        {{^hasEnvironments}}<p class="empty">Nothing is published yet. This will be the snippet:</p>
        <pre tabindex="0"><code>{{futureSnippet}}</code></pre>{{/hasEnvironments}}</section>
        <section class="panel"><h2>Versions</h2>
        {{#hasVersions}}<div class="scroll wide" tabindex="0" role="region" aria-label="Versions"><table class="plain">
        <thead><tr><th scope="col">Version</th><th scope="col">Made</th><th scope="col">By</th>\
        <th scope="col"><span class="hidden">Actions</span></th></tr></thead>
        <tbody>{{#versions}}<tr><th scope="row"><a href="{{versionLink}}">{{version}} <bdi>{{versionName}}</bdi></a>\
        {{#inUse}} <span class="badge good">{{text}}</span>{{/inUse}}</th><td>{{createdAt}}</td>\
        <td>{{authors}}</td><td><a href="{{compareLink}}">Compare</a>\
        {{#mayPublish}} · <a href="{{publishLink}}">Publish</a>{{/mayPublish}}</td></tr>
        {{/versions}}</tbody></table></div>{{#older}}<p class="more"><a href="{{link}}">Older versions</a></p>{{/older}}\
        {{/hasVersions}}
        {{^hasVersions}}<p class="empty">No version yet: publishing a draft makes the first.</p>{{/hasVersions}}
        </section>
        {{> container-forms}}
        """

    static let forms = """
        <section class="panel"><h2>Kill switches</h2>
        <p class="note">What is switched off here is off within the cache time of a minute, whatever version is live.</p>
        {{#hasKills}}<ul class="rows">{{#kills}}<li><b>{{killKind}}</b> <bdi>{{killValue}}</bdi>
        <small>by {{killedBy}}, {{killedAt}}</small>
        {{#mayPublish}}<form method="post" action="{{base}}/kills" class="inline">{{> csrf}}
        <input type="hidden" name="target" value="{{killTarget}}"><input type="hidden" name="value" value="{{killValue}}">
        <button name="action" value="lift">Switch on again</button></form>{{/mayPublish}}</li>
        {{/kills}}</ul>{{/hasKills}}{{^hasKills}}<p class="empty">Nothing is switched off.</p>{{/hasKills}}
        {{#mayPublish}}<form method="post" action="{{base}}/kills" class="inline">{{> csrf}}
        <label>Switch off <select name="target">{{#killChoices}}<option value="{{value}}"{{#isOn}} selected{{/isOn}}>\
        {{title}}</option>{{/killChoices}}</select></label>
        <label>Id or host <input name="value" value="{{{killField}}}" placeholder="12, connect.example"></label>
        <button class="danger" name="action" value="kill">Switch off</button>
        {{#killError}}<span class="error">{{text}}</span>{{/killError}}</form>{{/mayPublish}}</section>
        {{#mayPublish}}<section class="panel form"><h2>Settings of the container</h2>
        <form method="post" action="{{base}}">{{> csrf}}
        <p class="field{{#nameError}} wrong{{/nameError}}"><label for="name">Name</label>
        <input id="name" name="name" value="{{{name}}}" maxlength="100" required>
        {{#nameError}}<span class="error">{{text}}</span>{{/nameError}}</p>
        {{> site-boxes}}
        <p class="tick"><label><input type="checkbox" name="approval"{{#needsApproval}} checked{{/needsApproval}}>
        A version goes live only when somebody else approves it</label></p>
        <p><button class="button">Save</button></p></form>
        <details class="more-form"><summary>Remove this container</summary>
        <p class="note">Drafts, versions and scripts go; pages that ask for it get nothing within a minute. Its id is never
        given again.</p>
        <form method="post" action="{{base}}/remove" class="inline">{{> csrf}}
        <label><input type="checkbox" name="sure" value="1"> Really</label>
        <button class="danger">Remove the container</button></form></details></section>{{/mayPublish}}
        """

    static let version = """
        <nav class="crumbs" aria-label="Where this is"><a href="/containers">Tag manager</a>
        <a href="{{base}}"><bdi>{{containerName}}</bdi></a></nav>
        <div class="head"><div><h1>Version {{version}} <bdi>{{versionName}}</bdi></h1>
        <p class="sub">made {{createdAt}} by {{authors}}, on version {{basis}}</p></div>
        <div class="actions"><a class="button" href="{{exportLink}}">Export</a>
        {{#mayPublish}}<a class="button main" href="{{publishLink}}">Publish</a>{{/mayPublish}}</div></div>
        {{#note}}<p class="panel note">{{{text}}}</p>{{/note}}
        <section class="panel"><h2>Different from version {{basis}}</h2>{{> change-list}}</section>
        <section class="panel"><h2>Findings when it was made</h2>{{> finding-list}}</section>
        """

    static let diff = """
        <nav class="crumbs" aria-label="Where this is"><a href="/containers">Tag manager</a>
        <a href="{{base}}"><bdi>{{containerName}}</bdi></a></nav>
        <div class="head"><div><h1>{{fromTitle}} compared with {{toTitle}}</h1></div></div>
        {{> problem}}
        <form class="panel inline" method="get" action="{{base}}/diff"><label>From
        <select name="from">{{#fromChoices}}<option value="{{value}}"{{#isOn}} selected{{/isOn}}>{{title}}</option>\
        {{/fromChoices}}</select></label>
        <label>To <select name="to">{{#toChoices}}<option value="{{value}}"{{#isOn}} selected{{/isOn}}>{{title}}</option>\
        {{/toChoices}}</select></label> <button>Compare</button></form>
        <section class="panel">{{> change-list}}</section>
        """

    static let publish = """
        <nav class="crumbs" aria-label="Where this is"><a href="/containers">Tag manager</a>
        <a href="{{base}}"><bdi>{{containerName}}</bdi></a></nav>
        <div class="head"><div><h1>Publish {{subject}}</h1>
        <p class="sub"><bdi>{{siteNames}}</bdi></p></div></div>
        {{> problem}}
        <section class="panel"><h2>What changes for {{environmentField}}</h2>{{> change-list}}</section>
        <section class="panel"><h2>Findings</h2>{{> finding-list}}</section>
        <section class="panel form"><form method="post" action="{{base}}/publish">{{> csrf}}
        <input type="hidden" name="workspace" value="{{workspaceValue}}">\
        <input type="hidden" name="version" value="{{versionValue}}">
        <input type="hidden" name="revision" value="{{revision}}">\
        <input type="hidden" name="expecting" value="{{expecting}}">
        {{#isDraft}}<p class="field"><label for="name">Name of the version</label>
        <input id="name" name="name" value="{{{name}}}" maxlength="100"></p>
        <p class="field"><label for="note">Note</label>
        <textarea id="note" name="note" rows="3" maxlength="2000">{{{noteField}}}</textarea></p>{{/isDraft}}
        <p class="field"><label for="environment">Environment</label>
        <input id="environment" name="environment" value="{{{environmentField}}}" list="environments" required>
        <datalist id="environments">{{#environmentNames}}<option value="{{environment}}"></option>{{/environmentNames}}\
        </datalist></p>
        {{#mustConfirm}}<p class="tick"><label><input type="checkbox" name="confirm" value="1">
        I have read what is to be confirmed, and it is meant</label></p>{{/mustConfirm}}
        {{#isBehind}}<p class="tick"><label><input type="checkbox" name="overrides" value="1">
        Publish although version {{newest}} is newer than this draft's basis {{basis}}, whose changes go</label></p>\
        {{/isBehind}}
        {{#needsApproval}}<p class="note">Somebody else has to approve it before it is live.</p>{{/needsApproval}}
        {{#hasErrors}}<p class="error">It has errors and cannot be published.</p>{{/hasErrors}}
        {{^hasErrors}}<p><button class="button main">Publish</button></p>{{/hasErrors}}</form></section>
        """

    static let importing = """
        <nav class="crumbs" aria-label="Where this is"><a href="/containers">Tag manager</a>
        <a href="{{base}}"><bdi>{{containerName}}</bdi></a></nav>
        <div class="head"><div><h1>Import from Google Tag Manager</h1>
        <p class="sub">In Google Tag Manager: Admin, Export Container. The file is checked first; nothing is saved yet.\
        </p></div></div>
        {{> problem}}
        <section class="panel form"><form method="post" action="{{base}}/import" enctype="multipart/form-data">{{> csrf}}
        <p class="field"><label for="file">Export file (JSON, at most 5 MB)</label>
        <input id="file" type="file" name="file" accept=".json,application/json" required></p>
        {{#fields}}{{> field}}{{/fields}}
        <p><button class="button main">Check the file</button></p></form></section>
        """

    static let report = """
        <nav class="crumbs" aria-label="Where this is"><a href="/containers">Tag manager</a>
        <a href="{{base}}"><bdi>{{containerName}}</bdi></a> <a href="{{base}}/import">Import</a></nav>
        <div class="head"><div><h1>What the import of <bdi>{{importedName}}</bdi> does</h1>
        <p class="sub">{{counts}}</p></div></div>
        <dl class="cards">{{#cards}}<div class="card"><dt>{{cardTitle}}</dt><dd class="value">{{cardValue}}</dd></div>
        {{/cards}}</dl>
        <section class="panel form"><form method="post" action="{{base}}/import/take" class="inline">{{> csrf}}
        <input type="hidden" name="token" value="{{token}}">
        <p>{{consequence}}</p><p><button class="button main">Take it into the draft</button>
        <a class="button" href="{{base}}/import">Another file</a></p></form></section>
        {{#sections}}<section class="panel"><h2>{{sectionTitle}}</h2>
        <div class="scroll" tabindex="0" role="region" aria-label="{{sectionTitle}}"><table class="plain"><tbody>
        {{#entries}}<tr><th scope="row"><bdi>{{entryName}}</bdi></th><td>{{entryType}}</td><td>{{reason}}</td></tr>
        {{/entries}}</tbody></table></div></section>{{/sections}}
        <section class="panel"><h2>Findings</h2>{{> finding-list}}</section>
        """
}
