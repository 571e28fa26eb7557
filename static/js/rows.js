// Rows of the composer. The server owns them: buttons ask it, and what comes back is swapped in. This file keeps the
// focus with its row and offers a removed row back.
//
// [data-rows] (with an id) holds rows; each row (.model-row, .env-row) has a hidden input named …-key. A row that has
// just come carries data-new. Buttons: [data-move=up], [data-move=down], [data-removes="words"].
import { toast } from "./toast.js";

const FIRST = "input:not([type=hidden]), select, textarea";
let follow = null; // the row that moves: its key, and the end of the name of the control that had the focus
let removed = null; // the rows as they were, and what was removed

const keyOf = (row) => row.querySelector("input[type=hidden][name$='-key']")?.value ?? "";
const endOf = (control) => control?.name?.replace(/^config-[0-9]+-/, "") ?? "";

function focusOn(control) {
  control.focus({ preventScroll: true });
  control.scrollIntoView({ block: "nearest" });
}

/** The first control of a row that has just come. */
function greet(part) {
  const row = part.matches?.("[data-new]") ? part : part.querySelector("[data-new]");
  if (!row) return false;
  row.removeAttribute("data-new");
  for (let place = row.closest("details"); place; place = place.parentElement.closest("details")) place.open = true;
  const control = row.querySelector(FIRST);
  if (control) focusOn(control);
  return true;
}

/** The same control of the same row, wherever it is now; its new place is said. */
function keepUp() {
  if (!follow) return;
  const { key, end } = follow;
  follow = null;
  const rows = [...document.querySelectorAll(".model-row")];
  const row = rows.find((one) => keyOf(one) === key);
  if (!row) return;
  const control = [...row.querySelectorAll(FIRST)].find((one) => endOf(one) === end) ?? row.querySelector(FIRST);
  if (control) focusOn(control);
  toast(`Now place ${rows.indexOf(row) + 1} of ${rows.length}.`, { icon: "check" });
}

/** A copy with what was typed: cloning keeps the text of inputs, not what is chosen in a select. */
function snapshot(rows) {
  const copy = rows.cloneNode(true);
  const chosen = [...rows.querySelectorAll("select")].map((select) => select.value);
  copy.querySelectorAll("select").forEach((select, place) => { select.value = chosen[place]; });
  return copy;
}

function offerBack() {
  if (!removed) return;
  const { id, rows, words } = removed;
  removed = null;
  toast(`${words} removed.`, { icon: "trash-2", undo: () => {
    document.getElementById(id)?.replaceWith(rows);
    window.htmx?.process(rows);
    rows.dispatchEvent(new Event("change", { bubbles: true }));
    rows.querySelector(FIRST)?.focus();
  } });
}

document.addEventListener("keydown", (event) => {
  const way = { ArrowUp: "up", ArrowDown: "down" }[event.key];
  const row = event.target.closest?.(".model-row");
  if (!way || !row || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const button = row.querySelector(`[data-move=${way}]`);
  if (!button || button.disabled || button.getAttribute("aria-disabled") === "true") return;
  follow = { key: keyOf(row), end: endOf(event.target) };
  button.click();
});
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-move]");
  const row = button?.closest(".model-row");
  if (row && !follow) follow = { key: keyOf(row), end: "" };
});
document.addEventListener("htmx:beforeRequest", ({ detail: { elt } }) => {
  const rows = elt.matches("[data-removes]") ? elt.closest("[data-rows]") : null;
  if (rows) removed = { id: rows.id, rows: snapshot(rows), words: elt.dataset.removes };
});
document.addEventListener("htmx:responseError", () => { removed = follow = null; });
document.addEventListener("htmx:afterSettle", ({ detail: { elt } }) => {
  if (!greet(elt)) keepUp();
  offerBack();
});
