// Ctrl+S saves. Leaving asks only when something is unsaved: the form is compared with what it was, by its values,
// so that rows that came, went or moved count, and a change taken back does not.
//
// <form data-compose>, with data-unsaved when the server sent back what it did not keep; the button [data-save], else the
// form's first one; [data-save-state] says how it stands. After a save by swap the server sends the event draft-saved.
const form = () => document.querySelector("form[data-compose]");
const saved = new WeakMap(); // form -> its values when last saved
let sent = null; // what the last request took along: more may be typed before its answer comes
let typedSince = false;
let leaving = false;

const NOT_TYPED = new Set(["csrfmiddlewaretoken", "seen", "revision", "asked"]);

/** What is typed, without what the server writes and without controls that are not the draft's (data-own). */
function values(of) {
  const own = new Set([...of.elements].filter((control) => control.matches("[data-own]")).map(({ name }) => name));
  const typed = [...new FormData(of)].filter(([name, value]) => typeof value === "string" && !NOT_TYPED.has(name) && !own.has(name));
  return JSON.stringify(typed);
}

function keep(of = form()) {
  if (of) saved.set(of, of.hasAttribute("data-unsaved") ? null : values(of));
}

const isUnsaved = (of) => of !== null && saved.has(of) && saved.get(of) !== values(of);

function show() {
  const here = form();
  if (here && !saved.has(here)) keep(here); // the whole form came by a swap
  const place = document.querySelector("[data-save-state]");
  if (!place) return;
  place.dataset.words ??= place.textContent;
  place.textContent = isUnsaved(here) ? "Not saved yet" : place.dataset.words;
}

document.addEventListener("keydown", (event) => {
  const here = form();
  if (!here || event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  event.preventDefault();
  here.requestSubmit([...here.elements].find((control) => control.matches("[data-save]")) ?? null);
});
document.addEventListener("submit", (event) => {
  if (event.target === form() && !event.defaultPrevented) leaving = true;
});
window.addEventListener("pageshow", () => { leaving = false; });
window.addEventListener("beforeunload", (event) => {
  if (!leaving && isUnsaved(form())) event.preventDefault();
});
for (const kind of ["input", "change", "htmx:afterSettle"]) document.addEventListener(kind, show);
document.addEventListener("htmx:configRequest", () => { sent = form() && values(form()); });
document.addEventListener("htmx:beforeSwap", () => { typedSince = form() !== null && sent !== values(form()); });
document.addEventListener("draft-saved", () => {
  const here = form();
  if (!here) return;
  here.removeAttribute("data-unsaved");
  // Rows that came with the answer are saved, too; what was typed while it was under way is not.
  saved.set(here, typedSince ? sent : values(here));
  show();
});
keep();
show();
