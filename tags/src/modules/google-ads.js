/**
 * Google Ads through Google's script: conversions (`awct`), remarketing (`sp`) and the conversion linker (`gclidw`),
 * with the parameters of Google Tag Manager's exports. Needs the module `gtag`.
 *
 * @typedef {import("../types.js").Runtime} Runtime
 */
import { isOn } from "../flags.js";
import { given } from "../given.js";
import { table } from "../tables.js";

/** @param {any} id `123`, or `AW-123` */
const destination = (id) => (id ? (/^\d/.test(id) ? "AW-" : "") + id : "");

/** @param {any} p */
const isEnhanced = (p) => isOn(p.enableEnhancedConversion) || isOn(p.enableEnhancedConversions);

/** @param {any} p what configures the destination */
const settings = (p) =>
  given({
    send_page_view: false,
    conversion_linker: p.enableConversionLinker === undefined ? undefined : isOn(p.enableConversionLinker),
    conversion_cookie_prefix: p.conversionCookiePrefix == "_gcl" ? undefined : p.conversionCookiePrefix,
    restricted_data_processing: isOn(p.rdp) || undefined,
    allow_enhanced_conversions: isEnhanced(p) || undefined,
  });

/** @param {Runtime} runtime */
export default function (runtime) {
  /** @type {(p: any, call: import("../types.js").TagCall, name: string, members: any) => void} */
  const event = (p, call, name, members) => {
    const id = destination(p.conversionId);
    if (!id) return call.fail("no conversion id");
    const to = p.conversionLabel ? id + "/" + p.conversionLabel : id;
    runtime.google.send(id, call, settings(p), ["event", name, given({ ...members, send_to: to })]);
  };

  /** @param {any} p @param {any} source @param {string} key @param {string} word of the data layer */
  const from = (p, source, key, word) => (source == "DATA_LAYER" ? runtime.get(word) : p[key]);

  runtime.tags.googleAdsConversion = (p, call) => {
    const isProducts = isOn(p.enableProductReporting);
    const isCustomer = isOn(p.enableNewCustomerReporting);
    const products = p.productReportingDataSource;
    const customer = p.newCustomerReportingDataSource;
    event(p, call, "conversion", {
      value: p.conversionValue,
      currency: p.currencyCode,
      transaction_id: p.orderId,
      ...(isProducts && {
        aw_merchant_id: from(p, products, "awMerchantId", "aw_merchant_id"),
        aw_feed_country: from(p, products, "awFeedCountry", "aw_feed_country"),
        aw_feed_language: from(p, products, "awFeedLanguage", "aw_feed_language"),
        discount: from(p, products, "discount", "discount"),
        items: from(p, products, "items", "items"),
      }),
      ...(isCustomer && {
        new_customer: from(p, customer, "awNewCustomer", "new_customer"),
        customer_lifetime_value: from(p, customer, "awCustomerLTV", "customer_lifetime_value"),
      }),
      user_data: isEnhanced(p) ? p.cssProvidedEnhancedConversionValue || p.userDataVariable : undefined,
      ...table(p.customParams, "key", "value"),
    });
  };

  runtime.tags.googleAdsRemarketing = (p, call) => {
    const isDynamic = isOn(p.enableDynamicRemarketing);
    event(p, call, (isDynamic && p.eventName) || "page_view", {
      ...(p.customParamsFormat == "DATA_LAYER" ? p.dataLayerVariable : table(p.customParams, "key", "value")),
      ...(isDynamic && { value: p.eventValue, items: p.eventItems }),
      user_id: p.userId,
    });
  };

  runtime.tags.conversionLinker = (p, call) => {
    if (isOn(p.enableCrossDomain)) {
      runtime.google.set("set", "linker", {
        domains: ("" + (p.linkerDomains || "")).split(/[\s,]+/).filter(Boolean),
        accept_incoming: p.acceptIncoming === undefined || isOn(p.acceptIncoming),
        decorate_forms: isOn(p.formDecoration),
        url_position: p.urlPosition || "query",
      });
    }
    if (isOn(p.enableUrlPassthrough)) runtime.google.set("set", "url_passthrough", true);
    const cookies = isOn(p.enableCookieOverrides)
      ? given({
          conversion_cookie_prefix: p.conversionCookiePrefix,
          cookie_domain: p.conversionCookieDomain,
          cookie_path: p.conversionCookiePath,
        })
      : {};
    // Google's script keeps clicks for a destination of Google Ads: the first one that the container has.
    const ads = runtime.data.G.find(({ t, p: { conversionId } }) => /^googleAds/.test(t) && conversionId);
    const id = destination(ads && runtime.resolve(ads.p.conversionId));
    if (!id) return call.ok();
    runtime.google.send(id, call, { send_page_view: false, conversion_linker: true, ...cookies });
  };
}
