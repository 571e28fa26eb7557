// Theme: as the system, light, dark, in turn. The cookie is read by the server, so that no page flashes.
import { iconOf } from "./icons.js";

const root = document.documentElement;
const YEAR = 31536000;
const NEXT = { system: "light", light: "dark", dark: "system" };
const LOOKS = { system: ["sun-moon", "as the system"], light: ["sun", "light"], dark: ["moon", "dark"] };

const remember = (name, value) => {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${name}=${value}; path=/; max-age=${value ? YEAR : 0}; samesite=lax${secure}`;
};
const theme = () => root.dataset.theme ?? "system";

function label(button) {
  const [icon, words] = LOOKS[theme()];
  button.hidden = false;
  button.setAttribute("aria-label", `Theme: ${words}`);
  iconOf(button, icon);
}

function turn() {
  const next = NEXT[theme()];
  if (next === "system") delete root.dataset.theme;
  else root.dataset.theme = next;
  remember("theme", next === "system" ? "" : next);
  document.querySelectorAll("[data-theme-switch]").forEach(label);
}

function tighten(button) {
  const tight = root.dataset.density !== "tight";
  if (tight) root.dataset.density = "tight";
  else delete root.dataset.density;
  button.setAttribute("aria-pressed", String(tight));
  remember("density", tight ? "tight" : "");
}

function show(part) {
  part.querySelectorAll("[data-theme-switch]").forEach(label);
  part.querySelectorAll("[data-density-switch]").forEach((button) => {
    button.hidden = false;
    button.setAttribute("aria-pressed", String(root.dataset.density === "tight"));
  });
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-theme-switch]")) turn();
  const density = event.target.closest("[data-density-switch]");
  if (density) tighten(density);
});
document.addEventListener("htmx:load", (event) => show(event.target));
show(document);
