/** @param {any} value a flag, which an export may also have as text @returns {boolean} */
export const isOn = (value) => value === true || value === "true";
