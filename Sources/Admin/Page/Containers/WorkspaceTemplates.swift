/// The pages of drafts as Mustache templates; see `PageTemplates`.
enum WorkspaceTemplates {
    static let all: [(String, String)] = [
        ("workspace", workspace), ("workspace-preview", preview), ("workspace-updated", updated), ("item", item),
        ("field", field), ("csrf", csrf),
    ]

    static let csrf = """
        {{#session}}<input type="hidden" name="csrf" value="{{token}}">{{/session}}
        """

    /// One field of a form. `{{{value}}}` is escaped by `FormText`, which keeps every character.
    static let field = """
        {{#isGroup}}<h2 class="group">{{fieldTitle}}</h2>{{#help}}<p class="note">{{text}}</p>{{/help}}{{/isGroup}}
        {{#isFold}}<details class="fold"{{#isOpen}} open{{/isOpen}}><summary>{{fieldTitle}}</summary>{{/isFold}}\
        {{#isFoldEnd}}</details>{{/isFoldEnd}}
        {{#isLine}}<p class="field{{#error}} wrong{{/error}}"><label for="{{fieldID}}">{{fieldTitle}}{{#isRequired}} \
        <small>required</small>{{/isRequired}}</label>
        <input id="{{fieldID}}" name="{{fieldName}}" value="{{{value}}}" placeholder="{{{example}}}"{{#list}} \
        list="{{text}}"{{/list}}{{#error}} aria-invalid="true" aria-describedby="{{fieldID}}-error"{{/error}}>
        {{#error}}<span class="error" id="{{fieldID}}-error">{{text}}</span>{{/error}}\
        {{#help}}<small>{{text}}</small>{{/help}}</p>{{/isLine}}
        {{#isLines}}<p class="field{{#error}} wrong{{/error}}"><label for="{{fieldID}}">{{fieldTitle}}{{#isRequired}} \
        <small>required</small>{{/isRequired}}</label>
        <textarea id="{{fieldID}}" name="{{fieldName}}" rows="{{rows}}" spellcheck="false"{{#error}} \
        aria-invalid="true" aria-describedby="{{fieldID}}-error"{{/error}}>
        {{{value}}}</textarea>
        {{#error}}<span class="error" id="{{fieldID}}-error">{{text}}</span>{{/error}}\
        {{#help}}<small>{{text}}</small>{{/help}}</p>{{/isLines}}
        {{#isTick}}<p class="tick"><label><input type="checkbox" id="{{fieldID}}" name="{{fieldName}}" value="1"\
        {{#isOn}} checked{{/isOn}}> {{fieldTitle}}</label>{{#error}} <span class="error">{{text}}</span>{{/error}}</p>\
        {{/isTick}}
        {{#isChoice}}<p class="field{{#error}} wrong{{/error}}"><label for="{{fieldID}}">{{fieldTitle}}{{#isRequired}} \
        <small>required</small>{{/isRequired}}</label>
        <select id="{{fieldID}}" name="{{fieldName}}">{{#choices}}<option value="{{{choice}}}"{{#isOn}} selected{{/isOn}}>\
        {{choiceTitle}}</option>{{/choices}}</select>
        {{#error}}<span class="error">{{text}}</span>{{/error}}{{#help}}<small>{{text}}</small>{{/help}}</p>{{/isChoice}}
        {{#isTable}}<fieldset class="table{{#error}} wrong{{/error}}"><legend>{{fieldTitle}}</legend>
        {{#help}}<p class="note">{{text}}</p>{{/help}}
        <table class="plain"><thead><tr>{{#columns}}<th scope="col">{{column}}</th>{{/columns}}</tr></thead>
        <tbody>{{#tableRows}}<tr>{{#tableCells}}<td>{{#isCellChoice}}<select name="{{cellName}}" \
        aria-label="{{cellLabel}}">{{#cellChoices}}<option value="{{{choice}}}"{{#isOn}} selected{{/isOn}}>{{choiceTitle}}\
        </option>{{/cellChoices}}</select>{{/isCellChoice}}{{^isCellChoice}}<input name="{{cellName}}" \
        aria-label="{{cellLabel}}" value="{{{cellValue}}}"{{#cellList}} list="{{text}}"{{/cellList}}>{{/isCellChoice}}</td>\
        {{/tableCells}}</tr>
        {{/tableRows}}</tbody></table>
        {{#error}}<p class="error">{{text}}</p>{{/error}}
        <p><button class="small" name="action" value="rows">More rows</button></p></fieldset>{{/isTable}}
        {{#isFixed}}<p class="field"><span class="label">{{fieldTitle}}</span><code class="fixed">{{{value}}}</code></p>\
        {{/isFixed}}
        """

    static let workspace = """
        <nav class="crumbs" aria-label="Where this is"><a href="/containers">Tag manager</a>
        <a href="{{base}}"><bdi>{{containerName}}</bdi></a></nav>
        <div class="head"><div><h1>Draft <bdi>{{workspaceName}}</bdi></h1>
        <p class="sub">on version {{basis}} · revision {{revision}}, saved {{savedAt}} by {{savedBy}}</p></div>
        <div class="actions"><a class="button" href="{{exportLink}}">Export</a>
        {{#mayPublish}}<a class="button main" href="{{publishLink}}">Publish</a>{{/mayPublish}}</div></div>
        {{> problem}}
        {{#behind}}<section class="panel waiting"><h2>Version {{newest}} is newer than what this draft was begun on</h2>
        <p>Take it in before you publish: what it changed comes into the draft, what you changed stays.</p>
        {{#mayUpdate}}<form method="post" action="{{path}}">{{> csrf}}
        <input type="hidden" name="revision" value="{{revision}}">
        <button class="button main" name="action" value="update">Take version {{newest}} in</button></form>{{/mayUpdate}}\
        </section>{{/behind}}
        <nav class="tabs" aria-label="Parts of the draft"><ul>{{#tabs}}<li><a href="{{tabLink}}"{{#isOn}} \
        aria-current="page"{{/isOn}}>{{tabTitle}}{{#tabCount}} <small>{{text}}</small>{{/tabCount}}</a></li>
        {{/tabs}}</ul></nav>
        {{#isList}}<section class="panel">
        <form method="get" action="{{path}}" class="inline" role="search"><input type="hidden" name="show" value="{{show}}">
        <label>Search <input name="q" type="search" value="{{{q}}}"></label>
        {{#hasFolders}}<label>Folder <select name="folder">{{#folderChoices}}<option value="{{{choice}}}"\
        {{#isOn}} selected{{/isOn}}>{{choiceTitle}}</option>{{/folderChoices}}</select></label>{{/hasFolders}}
        <button>Find</button></form>
        {{#mayEdit}}<form method="get" action="{{path}}/{{show}}/new" class="inline">{{#hasTypes}}<label>New
        <select name="type">{{#typeChoices}}<option value="{{choice}}">{{choiceTitle}}</option>{{/typeChoices}}</select>\
        </label>{{/hasTypes}}<button class="button">{{addTitle}}</button></form>{{/mayEdit}}
        {{#hasRows}}<div class="scroll wide" tabindex="0" role="region" aria-label="{{showTitle}}"><table class="plain">
        <thead><tr>{{#columns}}<th scope="col">{{column}}</th>{{/columns}}</tr></thead>
        <tbody>{{#itemRows}}<tr><th scope="row"><a href="{{itemLink}}"><bdi>{{itemName}}</bdi></a>\
        {{#badges}} <span class="badge {{tone}}">{{state}}</span>{{/badges}}</th>\
        {{#itemCells}}<td><bdi>{{cell}}</bdi></td>{{/itemCells}}</tr>
        {{/itemRows}}</tbody></table></div>
        <p class="pages">{{range}}{{#earlier}} <a href="{{link}}" rel="prev">Earlier</a>{{/earlier}}\
        {{#later}} <a href="{{link}}" rel="next">Later</a>{{/later}}</p>{{/hasRows}}
        {{^hasRows}}<p class="empty">{{emptyText}}</p>{{/hasRows}}</section>{{/isList}}
        {{#isFindings}}<section class="panel"><h2>Findings</h2>{{> finding-list}}</section>{{/isFindings}}
        {{#isChanges}}<section class="panel"><h2>Different from what is live</h2>{{> change-list}}</section>{{/isChanges}}
        {{#isPreview}}<section class="panel"><h2>Links to this draft</h2>
        <p class="note">Whoever opens a page with such a link gets this draft in place of what is live, with a panel that
        shows what fires. Saving the draft changes what they see.</p>
        {{#mayEdit}}<form method="post" action="{{path}}" class="inline">{{> csrf}}<label>Good for
        <input name="hours" inputmode="numeric" size="4" value="{{{hours}}}"> hours</label>
        <button class="button main" name="action" value="preview">Make a link</button></form>{{/mayEdit}}
        {{#hasLinks}}<ul class="rows">{{#links}}<li><b>{{linkID}}</b> <small>by {{linkBy}}, until {{until}}</small>
        {{#mayEdit}}<form method="post" action="{{path}}" class="inline">{{> csrf}}
        <input type="hidden" name="preview" value="{{linkID}}"><button name="action" value="end">End it</button></form>\
        {{/mayEdit}}</li>{{/links}}</ul>{{/hasLinks}}
        {{^hasLinks}}<p class="empty">No link is open.</p>{{/hasLinks}}</section>{{/isPreview}}
        {{#mayRemove}}<form method="post" action="{{path}}" class="inline remove">{{> csrf}}
        <label><input type="checkbox" name="sure" value="1"> Really</label>
        <button class="danger" name="action" value="remove">Remove this draft</button></form>{{/mayRemove}}
        """

    static let updated = """
        <nav class="crumbs" aria-label="Where this is"><a href="/containers">Tag manager</a>
        <a href="{{base}}"><bdi>{{containerName}}</bdi></a>
        <a href="{{path}}"><bdi>{{workspaceName}}</bdi></a></nav>
        <section class="panel done" role="status"><h1>Version {{basis}} is in this draft</h1>
        <p>Look at these before you publish.</p>{{> finding-list}}
        <p><a class="button" href="{{path}}?show=changes">See what the draft changes now</a></p></section>
        """

    static let preview = """
        <nav class="crumbs" aria-label="Where this is"><a href="/containers">Tag manager</a>
        <a href="{{base}}"><bdi>{{containerName}}</bdi></a>
        <a href="{{path}}"><bdi>{{workspaceName}}</bdi></a></nav>
        <section class="panel form"><h1>A link to this draft</h1>
        <p>Good until {{until}}. It is shown this once; whoever has it sees the draft.</p>
        {{#previewLinks}}<p><a class="preview" href="{{link}}" rel="noopener noreferrer" target="_blank">\
        <bdi>{{link}}</bdi></a></p>{{/previewLinks}}
        <p>On any other page of these sites, add this to its address:</p>
        <pre tabindex="0"><code>?highland_preview={{previewToken}}</code></pre>
        <p><a class="button" href="{{path}}?show=preview">Back to the draft</a></p></section>
        <section class="panel"><h2>Findings</h2>{{> finding-list}}</section>
        """

    static let item = """
        <nav class="crumbs" aria-label="Where this is"><a href="/containers">Tag manager</a>
        <a href="{{base}}"><bdi>{{containerName}}</bdi></a>
        <a href="{{listLink}}"><bdi>{{workspaceName}}</bdi></a></nav>
        <div class="head"><div><h1>{{#isNew}}New {{kindTitle}}{{/isNew}}{{^isNew}}<bdi>{{itemName}}</bdi>{{/isNew}}</h1>
        <p class="sub">{{typeTitle}}{{#itemID}} · id {{text}}{{/itemID}}</p></div></div>
        {{> problem}}
        {{#isUnknown}}<p class="panel note" role="status">Highland does not run this type. It is kept with everything
        that it has, and goes out again with an export.</p>{{/isUnknown}}
        <form method="post" action="{{action}}" class="panel form item">{{> csrf}}
        <input type="hidden" name="revision" value="{{revision}}"><input type="hidden" name="type" value="{{{type}}}">
        <button class="hidden" name="action" value="save" tabindex="-1" aria-hidden="true">Save</button>
        {{#fields}}{{> field}}{{/fields}}
        {{#dataLists}}<datalist id="{{listID}}">{{#listOptions}}<option value="{{{option}}}"></option>{{/listOptions}}\
        </datalist>{{/dataLists}}
        {{#mayEdit}}<p class="actions"><button class="button main" name="action" value="save">Save</button>
        <a class="button" href="{{listLink}}">Leave it</a>
        {{#mayDelete}}<label><input type="checkbox" name="sure" value="1"> Really</label>
        <button class="danger" name="action" value="delete">Delete</button>{{/mayDelete}}</p>{{/mayEdit}}</form>
        """
}
