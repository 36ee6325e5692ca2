/**
 * The shapes that core and modules share; nothing here is sent to a browser.
 *
 * @typedef {string|number|boolean|null|any[]} Lowered A literal, or an array that begins with its kind (README.md).
 * @typedef {[comparison: string, subject: Lowered, value: Lowered, flags: number]} Condition
 * @typedef {[type: string, parameters: Object<string, Lowered>, format?: Object<string, Lowered>]} VariableData
 * @typedef {[type: string, filters: Condition[], parameters: Object<string, Lowered>, id: string,
 *   autoFilters?: Condition[]]} TriggerData
 *
 * @typedef {object} TagData
 * @property {string} t type
 * @property {Object<string, Lowered>} p parameters
 * @property {number[]} [f] places of firing triggers
 * @property {number[]} [b] places of blocking triggers
 * @property {number} [o] 1 once an event, 2 once a load
 * @property {Lowered} [r] priority
 * @property {[number, number]} [s] set-up tag, 1 to stop on failure
 * @property {[number, number]} [u] clean-up tag, 1 to stop on failure
 * @property {any[]} [c] lacking (0 dropped, 1 waiting), then consent types
 * @property {[number, number]} [w] from, to
 * @property {string} i id
 *
 * @typedef {object} ContainerData
 * @property {string} i public id
 * @property {string} [a] the id it had elsewhere
 * @property {number} v version
 * @property {string} e environment
 * @property {VariableData[]} V
 * @property {TriggerData[]} T
 * @property {TagData[]} G
 * @property {[domains: string[], key: string, consentDefault: number][]} S
 * @property {{w?: number, g?: number}} [C]
 * @property {string} [u] path of the custom script
 * @property {string[]} [U] paths of its pieces
 * @property {number} [p] 1 in a preview
 * @property {{V: string[], T: string[], G: string[], L?: [name: string, reason: string][]}} [N] names, in a preview;
 *   `L` the tags that are left out, and why
 * @property {[place: number, permissions: Object<string, any>][]} [P] custom templates: the place of the function, and
 *   by the permission's name what it covers
 * @property {string[]} [K] hosts that are switched off, where there are custom templates
 * @property {[pattern: string, steps: (string | number)[]][]} [X] patterns for module `patterns`
 */

/**
 * One run of a custom template, as its APIs see it.
 *
 * @typedef {object} TemplateRun
 * @property {number} template its place in `data.P`
 * @property {Object<string, any>} given its permissions
 * @property {LayerEvent} [event]
 * @property {TagCall} [call] of a tag
 * @property {(permission: string, ...query: any[]) => boolean} may
 * @property {(permission: string, ...query: any[]) => void} need throws where it may not
 * @property {(value: any) => any} outward a value of the template's for the page: a copy, functions wrapped
 * @property {(action: any) => (...args: any[]) => any} later a callback of the template's that throws nothing; what it
 *   throws makes the tag fail
 *
 * @typedef {(...args: any[]) => any} AnyFunction
 * @typedef {(run: TemplateRun) => AnyFunction | Object<string, AnyFunction>} TemplateAPI what `require` gives
 * @typedef {Object<string, TemplateAPI>} TemplateAPIs
 *
 * @typedef {object} Sandbox
 * @property {TemplateAPIs} apis by name
 * @property {Object<string, (given: any, ...query: any[]) => boolean>} permissions by name
 * @property {(value: any, owner?: any) => any} inward a value of the page's for a template: a copy, functions wrapped; a
 *   function is called as its owner's
 */

/**
 * A message of the data layer that names an event, and what the runtime knows while its tags begin.
 *
 * @typedef {object} LayerEvent
 * @property {string} name
 * @property {number} id counts up, from 1: `gtm.uniqueEventId`
 * @property {Object<string, any>} message the object that was pushed
 * @property {number[]} fired places of the triggers that hold, in order
 * @property {any[]} memo values of the variables that were asked for, by place
 */

/**
 * What a tag's function is given beside its resolved parameters. It calls `ok` or `fail` once, sooner or later; the
 * runtime calls `fail` for one that throws.
 *
 * @typedef {object} TagCall
 * @property {number} place the tag's place in the data
 * @property {LayerEvent} event
 * @property {() => void} ok
 * @property {(reason?: string) => void} fail
 *
 * @typedef {((place: number) => any) & {s: (place: number) => string}} Resolver
 */

/**
 * @typedef {{[comparison: string]: (a: string, b: string, value: any, ignoresCase: number) => boolean}} Comparisons
 *   `a` is `value` as text; both are in small letters where case is ignored, but for `re`
 *
 * @typedef {(action: () => void, watched: Map<Element, any>, observer: IntersectionObserver) => void} Watcher
 *
 * @typedef {object} Runtime
 * @property {ContainerData} data
 * @property {string} base URL of the place that the script came from, with the slash before `tags/`: events go to
 *   `base + "collect"`
 * @property {string} nonce of the script's own element, or ""
 * @property {Object<string, ((parameters: any, event?: LayerEvent, call?: TagCall) => any)>} variables
 *   by type; parameters are resolved. A value is kept for the rest of the event, in `event.memo`
 * @property {(value: any, format: Object<string, any>) => any} [format] of a variable's value; module `format` sets it
 * @property {Object<string, ((parameters: any, call: TagCall) => void) & {isCustom?: number}>} tags by type; parameters
 *   are resolved. One with `isCustom` runs functions of the custom script: the event waits for that
 * @property {Object<string, (trigger: TriggerData, place: number) => void>} triggers by type: installs what listens for
 *   one trigger, once, when the container starts. A listener that has seen something pushes a message of Google's shape
 *   (`{event: "gtm.click", …}`); the trigger fires when its type's event comes and its filters hold
 * @property {(message: any) => void} push to the data layer; `gtm.triggers` counts in messages that come this way only
 * @property {(key: string) => any} get of the data layer's model, by dots
 * @property {(isFlat?: any) => any} model the whole of it; with `isFlat`, what was pushed last under each key, dots
 *   being letters
 * @property {(action: () => any) => any} quietly runs what a page or a tag has given; what throws gives undefined
 * @property {(place: number) => any} value of a variable; it, `comparisons` and all kinds of lowered values are module
 *   `values`' affair
 * @property {(lowered: Lowered) => any} resolve
 * @property {(parameters: Object<string, Lowered>) => Object<string, any>} resolveAll
 * @property {(event: LayerEvent, action: () => any, call?: TagCall) => any} within runs what asks for the values of an
 *   event, and of one tag's call
 * @property {(call?: TagCall) => Resolver} resolver what custom code is given; module `code` sets it
 * @property {(event: LayerEvent, then: () => void, place?: number) => boolean} lacks whether custom code is waited for,
 *   that the event's triggers asked for or that this tag needs; `then` goes on when it is there. Module `code` sets it
 * @property {Comparisons} comparisons
 * @property {(source: string, flags: string) => {test: (text: string) => boolean}} expression a pattern's; module
 *   `patterns` has its own for some
 * @property {Object<number, (text: string) => string>} [escapes] by the kind of a lowered value; module `escape` sets
 *   it
 * @property {(place: number, event: LayerEvent, done: (ok: any) => void, above: number[]) => void} run runs a tag that
 *   the tags at `above` called for
 * @property {(place: number, event: LayerEvent, chain: number[], start: (end: (ok: any) => void) => void,
 *   done: (ok: any) => void) => void} around what goes before and after a tag; module `sequence`
 * @property {(places: number[]) => number[]} inOrder puts tags of one event in their order; module `priority`
 * @property {(change: number) => void} hold keeps messages unread (1), or no longer (-1)
 * @property {(conditions: Condition[]) => boolean} holds
 * @property {(url: string, ok?: () => void, fail?: () => void) => void} script adds a script element, with the nonce
 * @property {(type: string) => boolean|undefined} consent what was said of a consent type; undefined where nothing was
 * @property {() => [string[], string, number]|undefined} site of `data.S`, that the page belongs to
 * @property {(type: string) => boolean} granted whether a consent type is
 * @property {(action: string, settings: Object<string, any>) => void} update the command `gtag("consent", action,
 *   settings)`, at once
 * @property {(callback: () => void) => void} onConsent called after every change of the consent state
 * @property {(callback: (event: LayerEvent) => void) => void} onEvent called when it is known which triggers hold,
 *   before the event's tags begin
 * @property {Function[]} functions of the custom script
 * @property {(callback: () => void) => void} onVisible called when the page is no longer prerendered: at once, as a
 *   rule. Listeners are installed after that
 * @property {(name: string, parameters: any, more?: Object<string, any>) => boolean} highland queues an event for the
 *   collector (module `highland`); `parameters` are a tag's, `more` members of the native event. False: the host is no
 *   site's
 * @property {(object?: any) => Object<string, any>} ecommerce the data layer's, in the words of GA4 (module
 *   `ecommerce`)
 * @property {Watcher} [onElements] calls after changes of the page's elements (module `changes`); those that are gone
 *   it takes from `watched`
 * @property {Sandbox} sandbox what custom templates may `require` (module `template`)
 * @property {Google} google the way to Google's script (module `gtag`)
 *
 * @typedef {object} Google
 * @property {(id: string, call: TagCall, settings?: Object<string, any>, command?: any[]) => void} send loads Google's
 *   script once and gives it a command for the destination `id`, which is configured first: with `settings`, where they
 *   are not what it has, or else without a page view
 * @property {(...command: any[]) => void} set a command for every destination
 */

export {};
