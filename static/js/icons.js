// Icons drawn by script: the sprite's address stands on the body, since only the server knows it.
const SVG = "http://www.w3.org/2000/svg";

/** An SVG element with attributes and children. */
export function draw(name, attributes, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

const addressOf = (name) => `${document.body.dataset.sprite}#${name}`;

/** One icon of the sprite, as decoration beside a word. */
export const icon = (name) =>
  draw("svg", { class: "icon", "aria-hidden": "true" }, draw("use", { href: addressOf(name) }));

/** Let the icon inside an element become another one. */
export function iconOf(element, name) {
  element.querySelector("use")?.setAttribute("href", addressOf(name));
}
