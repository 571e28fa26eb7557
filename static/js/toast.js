// News that goes by itself. The region is on the page before it is used, so that it is read out.
import { icon } from "./icons.js";

const STAYS = 8000;

const region = () => document.getElementById("toasts");

function button(words, press) {
  const node = document.createElement("button");
  node.type = "button";
  node.className = "button";
  node.dataset.size = "small";
  node.textContent = words;
  node.addEventListener("click", press);
  return node;
}

/** Say one sentence; with `undo`, offer to take back what it says. Stays while the pointer or the focus is on it. */
export function toast(words, { icon: name = "info", undo = null } = {}) {
  const place = region();
  if (!place) return;
  const node = document.createElement("p");
  node.className = "toast";
  const text = document.createElement("span");
  text.textContent = words;
  node.append(icon(name), text);
  if (undo) node.append(button("Undo", () => { node.remove(); undo(); }));
  place.replaceChildren(node);
  const leave = () => {
    if (node.matches(":hover, :focus-within")) setTimeout(leave, 1000);
    else node.remove();
  };
  setTimeout(leave, STAYS);
}
