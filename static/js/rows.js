// Rows of the composer. The server owns them: buttons ask it, what comes back is swapped in, and the answer says where
// to go on (event composer-focus, with the id of a control). This file takes the focus there.
//
// Rows are .model-row with a hidden input named …-key; buttons that move them carry data-move=up or down, and
// Alt with an arrow presses them.
import { staysWhereTyped } from "./late.js";
import { toast } from "./toast.js";

const FIRST = "input:not([type=hidden]), select, textarea";
let follow = null; // the row that moves: its key, and the end of the name of the control that had the focus

const keyOf = (row) => row.querySelector("input[type=hidden][name$='-key']")?.value ?? "";
const endOf = (control) => control?.name?.replace(/^config-[0-9]+-/, "") ?? "";

function focusOn(control) {
  for (let part = control.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
  control.focus({ preventScroll: true });
  control.scrollIntoView({ block: "nearest" });
}

/** The same control of the row that moved, wherever it is now. */
function followed() {
  if (!follow) return null;
  const { key, end } = follow;
  follow = null;
  const row = [...document.querySelectorAll(".model-row")].find((one) => keyOf(one) === key);
  const controls = [...(row?.querySelectorAll(`${FIRST}, [data-move]`) ?? [])];
  const found = controls.find((one) => end && endOf(one) === end) ?? null;
  // A row that came to an end of the list has one way left: its other arrow goes on.
  return found?.matches("[data-move]") && !found.checkVisibility() ? controls.find((one) => one.matches("[data-move]") && one.checkVisibility()) ?? null : found;
}

document.addEventListener("composer-focus", ({ detail: { id, words } }) => {
  const moved = followed();
  const control = staysWhereTyped() ? null : moved ?? (id ? document.getElementById(id) : null);
  if (control) focusOn(control);
  if (words) toast(words, { icon: "check" });
});
/** A variable goes at once: the next save leaves out what is not posted. Without script the button posts. */
function dropVariable(button) {
  const row = button.closest(".variable");
  const place = button.closest(".variables");
  const next = row.nextElementSibling?.matches(".variable") ? row.nextElementSibling : row.previousElementSibling;
  const goOn = next?.querySelector(".control") ?? place.querySelector("[name=add-variable]");
  row.remove();
  const rows = place.querySelectorAll(".variable");
  place.querySelector(".count").textContent = String(rows.length);
  if (!rows.length) place.querySelector(".variable-heads")?.remove();
  goOn.focus();
  place.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=remove-variable]");
  if (!button) return;
  event.preventDefault();
  dropVariable(button);
});
document.addEventListener("keydown", (event) => {
  const way = { ArrowUp: "up", ArrowDown: "down" }[event.key];
  const row = event.target.closest?.(".model-row");
  if (!way || !row || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const button = row.querySelector(`[data-move=${way}]`);
  if (!button || button.disabled) return;
  follow = { key: keyOf(row), end: endOf(event.target) };
  button.click();
});
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-move]");
  const row = button?.closest(".model-row");
  if (row && !follow) follow = { key: keyOf(row), end: button.name };
});
for (const kind of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(kind, ({ detail: { elt } }) => {
    follow = null;
    if (elt.closest("form[data-compose]") && elt.matches("button")) toast("That did not work. What you typed is still here.", { icon: "triangle-alert" });
  });
}
