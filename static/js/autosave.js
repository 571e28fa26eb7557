// The draft is saved while somebody types. #autosave posts the form (hx-trigger) and nothing it holds is swapped: this
// file puts the news where they belong and says how saving stands.
//
// #beside comes with each answer: <div data-beside="id of a control"> holds what is wrong with it. Lists of problems
// are .problem-list with the id "…-problems". #in-force names in data-struck the controls that have no effect.
const WAITS = [2, 5, 10, 30]; // seconds before a save that failed is tried again
const CONTROL = "input, textarea, select";
let failed = 0;
let again = 0;

const form = () => document.querySelector("form[data-compose]");

function say(words) {
  const place = document.querySelector("[data-save-state]");
  if (place) place.textContent = place.dataset.words = words;
}

function tell(list, part) {
  if (list.innerHTML.trim() !== (part?.innerHTML ?? "").trim()) {
    list.replaceChildren(...(part ? part.cloneNode(true).childNodes : []));
  }
  const control = document.getElementById(list.id.replace(/-problems$/, ""));
  if (!control?.matches(CONTROL)) return;
  if (part?.querySelector(".problem:not([data-severity=warn])")) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
}

/** Put each problem beside its control; the inputs themselves stay untouched. */
function place() {
  const news = document.getElementById("beside");
  if (!news || news.dataset.placed !== undefined) return;
  news.dataset.placed = "";
  const parts = new Map([...news.children].map((part) => [part.dataset.beside, part]));
  form()?.querySelectorAll(".problem-list").forEach((list) => tell(list, parts.get(list.id.replace(/-problems$/, ""))));
  const struck = document.getElementById("in-force")?.dataset.struck.split(" ") ?? [];
  for (const id of ["pool_name", "cluster_id", "vpc_id", "subnet_network_id", "security_group_id"]) {
    document.getElementById(id)?.classList.toggle("struck", struck.includes(id));
  }
}

function tryLater() {
  const wait = WAITS[Math.min(failed, WAITS.length - 1)];
  failed += 1;
  say(`Not saved, trying again in ${wait} s`);
  clearTimeout(again);
  again = setTimeout(() => {
    const saver = document.getElementById("autosave");
    if (saver) window.htmx?.trigger(saver, "save-again");
  }, wait * 1000);
}

const isOurs = (event) => event.detail.elt.id === "autosave";

document.addEventListener("htmx:beforeRequest", (event) => {
  if (isOurs(event) && event.detail.elt.dataset.saves !== undefined) say("Saving…");
});
document.addEventListener("htmx:beforeSwap", (event) => { if (event.detail.xhr.status < 500) { failed = 0; clearTimeout(again); } });
for (const kind of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(kind, (event) => { if (isOurs(event)) tryLater(); });
document.addEventListener("htmx:responseError", (event) => {
  if (!isOurs(event)) return;
  if (event.detail.xhr.status === 403) say("Not saved");
  else tryLater();
});
document.addEventListener("htmx:afterSettle", place);
document.addEventListener("signed-out", () => say("Not saved, signed out"));
document.addEventListener("signed-in", () => {
  const saver = document.getElementById("autosave");
  if (saver) window.htmx?.trigger(saver, "save-again");
});
