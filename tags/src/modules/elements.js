/** Scripts and pictures that tags ask for; part of every container with a module that calls one of the two. */

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  runtime.script = (src, onload, onerror, attributes) => {
    const element = Object.assign(document.createElement("script"), { async: true, onload, onerror });
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    if (runtime.nonce) element.setAttribute("nonce", runtime.nonce);
    element.src = src;
    return (document.head || document.documentElement).appendChild(element);
  };
  runtime.image = (src, onload, onerror) => {
    Object.assign(new Image(), { onload, onerror, src });
  };
};
