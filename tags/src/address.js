/** The variables for addresses: which part of one they are. */

const words = /** @type {Object<string, string>} */ ({ HOST: "hostname", PATH: "pathname" });

/**
 * One part of a URL. Without module `page-more` the whole, the host or the path; what cannot be read has no parts, and
 * stays itself as a whole.
 *
 * @type {{of: (text: string, settings: any) => any}}
 */
export const part = {
  of(text, { component }) {
    const word = words[component];
    try {
      const url = /** @type {any} */ (new URL(text, document.baseURI));
      return word ? url[word] : url.href.split("#")[0];
    } catch (error) {
      return word ? "" : text;
    }
  },
};
