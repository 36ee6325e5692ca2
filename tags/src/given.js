/** Objects without what is empty. */

/**
 * The members that have a value.
 *
 * @param {Object<string, any>} members
 * @returns {Object<string, any>}
 */
export const given = (members) => {
  /** @type {Object<string, any>} */
  const result = {};
  for (const key in members) if (members[key] !== undefined && members[key] !== "") result[key] = members[key];
  return result;
};
