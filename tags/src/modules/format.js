/** What becomes of a variable's value before it is used (`runtime.format`). */

/** @param {any} runtime */
export default (runtime) => {
  /**
   * @param {any} value
   * @param {Object<string, any>} format resolved
   * @returns {any}
   */
  runtime.format = (value, format) => {
    const convert = (/** @type {string} */ key) => format["convert" + key + "ToValue"];
    if (typeof value === "string") {
      const type = String(format.caseConversionType).toLowerCase();
      if (type === "lowercase" || type === "1") value = value.toLowerCase();
      else if (type === "uppercase" || type === "2") value = value.toUpperCase();
    }
    const kind = value === null ? "Null" : value === undefined ? "Undefined"
      : value === true ? "True" : value === false ? "False"
      : value === "" ? "Empty" : value !== value ? "NaN" : "";
    if (kind && convert(kind) !== undefined) value = convert(kind);
    // Number("") is 0: an empty text stays one.
    const number = String(format.convertToNumber);
    if (typeof value === "string" && value.trim() && number !== "undefined" && number !== "false") {
      const converted = Number(value);
      if (converted === converted) value = converted;
    }
    return value;
  };
};
