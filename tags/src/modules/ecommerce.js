/**
 * The data layer's `ecommerce` object in the words of Google Analytics 4, whichever generation wrote it: the object of
 * GA4 goes through as it is, the one of Universal Analytics' enhanced ecommerce is translated.
 *
 * @typedef {import("../types.js").Runtime} Runtime
 */

/**
 * What members of a product, a promotion and an action are called in GA4, with their old names where these are not what
 * follows the last underscore.
 */
const product = "item_id item_name item_brand item_category item_variant item_list_name:list index:position";
const promotion = "promotion_id promotion_name creative_name:creative creative_slot:position";
const action = "transaction_id affiliation value:revenue tax shipping coupon item_list_name:list checkout_step " +
  "checkout_option";

/**
 * @param {any} from
 * @param {string} words
 * @param {Object<string, any>} into
 */
const rename = (from, words, into) => {
  words.split(" ").forEach((word) => {
    const [name, old = name.replace(/.*_/, "")] = word.split(":");
    const value = Object(from)[old];
    if (value !== undefined) into[name] = value;
  });
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
  /** @type {Object<string, any>} */
  const result = {};
  for (const key in typeof ecommerce == "object" ? ecommerce : {}) {
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
