/**
 * What a page is sent in the place of a preview that has expired or was ended: it says so, and forgets the link. The
 * live container starts after it.
 */
import { cleanAddress } from "./address-bar.js";
import { quietly, source } from "./page.js";

/** @type {Object<string, string>} */
const box = {
  all: "initial", position: "fixed", right: "12px", bottom: "12px", "z-index": "2147483647", display: "flex",
  gap: "12px", "align-items": "center", "max-width": "calc(100vw - 24px)", "box-sizing": "border-box",
  padding: "8px 12px",
  font: "13px/1.45 system-ui,sans-serif", color: "CanvasText", background: "Canvas", border: "2px solid #8a5a00",
  "border-radius": "8px", "box-shadow": "0 0 16px #0004", "color-scheme": "light dark",
};
/** @type {Object<string, string>} */
const key = {
  all: "revert", font: "inherit", color: "inherit", background: "none", border: "1px solid", "border-radius": "5px",
  padding: "2px 8px", cursor: "pointer",
};

/** @type {(name: string, style: Object<string, string>, text?: string) => HTMLElement} */
const made = (name, style, text = "") => {
  const element = document.createElement(name);
  // One by one, as a page's policy may refuse them in an attribute.
  for (const property in style) element.style.setProperty(property, style[property], "important");
  element.textContent = text;
  return element;
};

export default () => {
  const [, id = ""] = /tags\/([^/]+)\/preview/.exec(source) || [];
  quietly(() => sessionStorage.removeItem(id));
  cleanAddress();
  const note = made("highland-preview-ended", box);
  const close = made("button", key, "Close");
  note.setAttribute("role", "status");
  close.onclick = () => note.remove();
  note.append("This preview link has expired or was ended. You see the live container.", close);
  document.documentElement.append(note);
};
