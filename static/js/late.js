// What is typed between pressing a button of the rows and its answer is not lost: the answer draws rows as they were when
// the button was pressed, so what came later is put back, found by the keys of row and variable, and the focus with it.
const CONTROLS = "input:not([type=hidden], [type=radio], [type=checkbox]), select, textarea";
let pressed = new Map(); // name that stays -> value, when the button was pressed
let late = null; // what was typed since, and where somebody types: both only while an answer is put in place

const form = () => document.querySelector("form[data-compose]");
const controls = () => [...(form()?.querySelectorAll(CONTROLS) ?? [])].filter((one) => one.name);

/** The name of a control by what it belongs to, not by where it stands: rows and variables move. */
function lasting(control) {
  const row = control.closest(".model-row")?.querySelector("input[type=hidden][name$='-key']")?.value;
  const variable = control.closest(".variable")?.querySelector("input[type=hidden][name$='-id']")?.value ?? "";
  return row ? `${row} ${variable} ${control.name.replace(/^config-[0-9]+-(envs-[0-9]+-)?/, "")}` : control.name;
}

const all = () => new Map(controls().map((control) => [lasting(control), control.value]));
// Before a request htmx names the button itself, before a swap the place that is swapped.
const isButton = ({ detail: { requestConfig, elt } }) => {
  const button = requestConfig?.elt ?? elt;
  return button.matches?.("button[hx-post]") && form()?.contains(button);
};

document.addEventListener("htmx:beforeRequest", (event) => { if (isButton(event)) pressed = all(); });
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!isButton(event) || !event.detail.shouldSwap) return;
  const here = document.activeElement;
  const types = here?.matches(CONTROLS) && form().contains(here);
  late = {
    typed: new Map([...all()].filter(([name, value]) => pressed.has(name) && pressed.get(name) !== value)),
    focus: types ? { name: lasting(here), from: here.selectionStart, to: here.selectionEnd } : null,
  };
});
document.addEventListener("htmx:afterSwap", () => {
  if (!late?.typed.size) return;
  for (const control of controls()) {
    const value = late.typed.get(lasting(control));
    if (value === undefined || value === control.value) continue;
    control.value = value;
    control.dispatchEvent(new Event("input", { bubbles: true }));
  }
  typedAt();
});

function typedAt() {
  const { focus } = late;
  const control = focus && controls().find((one) => lasting(one) === focus.name);
  if (!control) return null;
  if (document.activeElement !== control) {
    control.focus({ preventScroll: true });
    if (focus.from !== null && control.setSelectionRange) control.setSelectionRange(focus.from, focus.to);
  }
  return control;
}

/** Whether somebody types meanwhile: then the focus stays with them. Asked once, when the answer has settled. */
export function staysWhereTyped() {
  const stays = Boolean(late?.typed.size && typedAt());
  late = null;
  return stays;
}
