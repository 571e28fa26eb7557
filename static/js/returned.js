// Whoever leaves the page of two texts without having chosen finds their own words offered when they come back to the
// composer in the same tab: Back would else show what is saved, and the words of that page are nowhere else.
import { icon } from "./icons.js";

const key = `two-texts:${location.pathname}`; // both pages have the same address
const who = () => document.querySelector(".person-name")?.textContent ?? "";

function stored() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key));
    return kept?.who === who() && Array.isArray(kept.fields) ? kept.fields : null;
  } catch {
    return null; // no storage for us, or something else in it
  }
}

function forget() {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // no storage for us: nothing was kept
  }
}

function store(fields) {
  try {
    sessionStorage.setItem(key, JSON.stringify({ who: who(), fields }));
  } catch {
    // too long, or no storage for us: then it is as it was without
  }
}

/** On the page of two texts: keep what this person typed, with the revision it was typed into, until they choose. */
export function keepUntilChosen(form, dropping) {
  addEventListener("pageshow", () => { // also when it comes back as it was left
    const fields = [...form.querySelectorAll("textarea[hidden]")].map(({ name, value }) => [name, value]);
    const began = form.elements.began_with?.value;
    store(began ? [...fields, ["revision", began]] : fields);
  });
  form.addEventListener("submit", forget);
  dropping?.addEventListener("click", forget);
}

/** In the composer: offer them, beside what is saved. */
export function offer() {
  const fields = stored();
  const place = document.getElementById("messages");
  const token = document.querySelector("form[data-compose] [name=csrfmiddlewaretoken]");
  if (!fields || !place || !token) return;
  const notice = Object.assign(document.createElement("div"), { className: "notice" });
  notice.dataset.tone = "warn";
  const words = document.createElement("p");
  words.append("What you typed before is not in this draft: you went back before you chose. ");
  const form = Object.assign(document.createElement("form"), { method: "post", action: location.pathname, className: "cluster" });
  for (const [name, value] of [...fields, ["compare", "1"], [token.name, token.value]]) {
    const field = Object.assign(document.createElement("textarea"), { name, value, hidden: true });
    form.append(field);
  }
  const compare = Object.assign(document.createElement("button"), { className: "button", textContent: "Compare and choose" });
  const drop = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: "Drop it" });
  drop.dataset.kind = "plain";
  for (const button of [compare, drop]) button.dataset.size = "small";
  drop.addEventListener("click", () => {
    forget();
    notice.remove();
    document.querySelector("form[data-compose] input:not([type=hidden])")?.focus();
  });
  form.addEventListener("submit", forget); // the page of two texts keeps them again
  form.append(compare, drop);
  notice.append(icon("triangle-alert"), words, form);
  place.append(notice);
}
