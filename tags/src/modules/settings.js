/**
 * Settings that several Google tags share: of configurations (`gtcs`), of events (`gtes`), of Universal Analytics
 * (`gas`), and what a visitor told of themselves (`awec`). Tags read them as objects.
 */

/**
 * An object of a table's rows.
 *
 * @param {any} rows
 * @param {string} key
 * @param {string} value
 */
const objectOf = (rows, key, value) => {
  const object = Object.create(null);
  for (const row of rows || []) object[row[key]] = row[value];
  return { ...object };
};

/**
 * Members that have a value.
 *
 * @param {any} from
 * @param {string[]} names
 */
const some = (from, names) => {
  /** @type {any} */
  const found = {};
  for (const name of names) {
    if (from[name] != null && from[name] !== "") found[name] = from[name];
  }
  return found;
};

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  const { variables } = runtime;
  variables.gtcs = (settings) => objectOf(settings.configSettingsTable, "parameter", "parameterValue");
  variables.gtes = (settings) => {
    const object = objectOf(settings.eventSettingsTable, "parameter", "parameterValue");
    const user = objectOf(settings.userProperties, "name", "value");
    return Object.keys(user).length ? { ...object, user_properties: user } : object;
  };
  variables.gas = (settings) => settings;
  variables.awec = (settings) => {
    if (settings.mode === "CODE") return settings.dataSource;
    const user = some(settings, ["email", "phone_number"]);
    const address = some(settings, [
      "first_name", "last_name", "street", "city", "region", "postal_code", "country",
    ]);
    return Object.keys(address).length ? { ...user, address } : user;
  };
};
