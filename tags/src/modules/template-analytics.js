/** `readAnalyticsStorage` for custom templates: what Google Analytics keeps in cookies of the site. */

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  const { apis, permissions } = runtime.sandbox;
  permissions.read_analytics_storage = () => true;
  apis.readAnalyticsStorage = ({ need }) => (options) => {
    need("read_analytics_storage");
    const prefix = (options || {}).cookie_prefix || "";
    /** @type {any} */
    const result = { sessions: [] };
    document.cookie.split("; ").forEach((cookie) => {
      const [name, value] = cookie.split("=");
      if (name == prefix + "_ga") result.client_id = (value || "").split(".").slice(-2).join(".");
      if (!name.startsWith(prefix + "_ga_")) return;
      const [id, number] = (value || "").split(".").slice(2).join(".").split(/[.$]/);
      if (!id) return;
      result.sessions.push({
        measurement_id: "G-" + name.slice(prefix.length + 4),
        session_id: id.replace(/^s/, ""),
        session_number: +String(number).replace(/^o/, "") || undefined,
      });
    });
    return result;
  };
};
