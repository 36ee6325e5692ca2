/**
 * The data layer's `ecommerce` object in the words of Google Analytics 4, whichever generation wrote it: the object of
 * GA4 goes through as it is, the one of Universal Analytics' enhanced ecommerce is translated.
 *
 * @typedef {import("../types.js").Runtime} Runtime
 */

/** Words of a product, a promotion and an action in the old generation, and what they became; others are the same. */
const product =
  "id item_id,name item_name,brand item_brand,category item_category,variant item_variant,list item_list_name,position index";
const promotion = "id promotion_id,name promotion_name,creative creative_name,position creative_slot";
const action =
  "id transaction_id,affiliation affiliation,revenue value,tax tax,shipping shipping,coupon coupon," +
  "list item_list_name,step checkout_step,option checkout_option";

/**
 * @param {any} from
 * @param {string} words
 * @param {Object<string, any>} into
 */
const rename = (from, words, into) => {
  if (from && typeof from == "object") {
    words.split(",").forEach((pair) => {
      const [old, name] = pair.split(" ");
      if (from[old] !== undefined) into[name] = from[old];
    });
  }
  return into;
};

/** @param {any} list @param {string} words */
const renameAll = (list, words) =>
  Array.isArray(list) ? list.map((one) => rename(one, words, { ...one })) : undefined;

/**
 * @param {any} ecommerce
 * @returns {Object<string, any>} parameters of a GA4 event; empty where there is no ecommerce
 */
const translate = (ecommerce) => {
  if (!ecommerce || typeof ecommerce != "object") return {};
  /** @type {Object<string, any>} */
  const result = {};
  for (const key in ecommerce) {
    const part = ecommerce[key];
    const views = key == "impressions" ? part : key == "promoView" && part ? part.promotions : undefined;
    if (key == "currencyCode") result.currency = part;
    else if (views) result.items = renameAll(views, key == "impressions" ? product : promotion);
    else if (part && (part.products || part.promotions || part.actionField)) {
      rename(part.actionField, action, result);
      result.items = renameAll(part.products, product) || renameAll(part.promotions, promotion) || result.items;
    } else result[key] = part;
  }
  return result;
};

/** @param {Runtime} runtime */
export default function (runtime) {
  runtime.ecommerce = (object = runtime.get("ecommerce")) => translate(object);
}
