/**
 * An event of the site's own (`highlandEvent`): name, properties, revenue, currency, items, id. With `ecommerce` the
 * data layer's ecommerce object fills what the tag leaves open (module `ecommerce`); an order's event then has an id
 * of its transaction's, so that a page that is loaded again does not count it again.
 *
 * @typedef {import("../types.js").Runtime} Runtime
 */

/** @param {any} value @returns {string|undefined} decimal text, where it is a number; a lone comma counts as a point */
const decimal = (value) => {
  const text = ("" + value).trim().replace(/^([^,.]*),([^,.]*)$/, "$1.$2");
  return value != null && text && isFinite(+text) && !/[xXeEoObB]/.test(text) ? text : undefined;
};

/** @param {any} value */
const text = (value) => (value == null || value === "" ? undefined : "" + value);

/** @param {any} item in our words, or GA4's, or those of enhanced ecommerce */
const item = (item) => ({
  id: text(item.item_id || item.id || item.sku),
  name: text(item.item_name || item.name),
  quantity: decimal(item.quantity),
  price: decimal(item.price),
});

/** @param {Runtime} runtime */
export default function (runtime) {
  runtime.tags.highlandEvent = (p, call) => {
    if (!p.name) return call.fail("no name");
    const given = typeof p.ecommerce == "object" ? p.ecommerce : undefined;
    const shop = p.ecommerce && p.ecommerce !== "false" ? runtime.ecommerce(given) : {};
    const { items = shop.items, revenue = shop.value, currency = shop.currency } = p;
    const amount = decimal(revenue);
    const transaction = text(shop.transaction_id);
    /** @type {Object<string, any>} */
    const more = { revenue: amount && { amount, currency: text(currency) } };
    if (Array.isArray(items)) {
      more.items = items.filter((one) => one && typeof one == "object").slice(0, 100).map(item);
    }
    /** @type {Object<string, any>} what the shop says beside, under the tag's own properties */
    const properties = {};
    for (const key in shop) {
      if (!/^(items|value|currency)$/.test(key) && typeof shop[key] != "object") properties[key] = shop[key];
    }
    more.properties = properties;
    const id = p.id || (transaction && p.name + " " + transaction);
    if (runtime.highland("" + p.name, { ...p, id }, more)) call.ok();
    else call.fail("no site for this host");
  };
}
