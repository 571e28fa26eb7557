// What typed ids stand for: the server says it with each answer, in #stands, and this file puts it beside their boxes.
// A stand is #…-stands of a control, with what it calls the thing (data-called) and the id it means (data-of).
/** Read out, in a region that was on the page before. */
export function say(words) {
  const region = document.getElementById("picks-said");
  if (region) region.textContent = words;
}

/** What stands beside a box until the server says it: the name of what was chosen, and how it stands. */
export function tell(input, parts) {
  const place = document.getElementById(`${input.id}-stands`);
  if (!place) return;
  place.textContent = parts.join(", ");
  Object.assign(place.dataset, { called: parts[0], of: input.value });
}

// Stands in which a button was pressed. Its answer draws them anew, and finds no way once the button has left the page.
const pressed = new WeakSet();
const standOf = (part) => part?.closest?.("[id$='-stands']") ?? document.body;
document.addEventListener("click", ({ target }) => { if (target.closest("button[hx-post]")) pressed.add(standOf(target)); });
document.addEventListener("htmx:afterRequest", ({ detail: { elt } }) => pressed.delete(standOf(elt)));

/** What the server says of typed ids, put beside their boxes; what waits for an answer of its own stays as it is. */
function place() {
  const news = document.getElementById("stands");
  if (!news || news.dataset.placed !== undefined) return;
  news.dataset.placed = "";
  const parts = new Map([...news.children].map((part) => [part.dataset.stands, part]));
  for (const stand of document.querySelectorAll("[id$='-stands']:not([data-reading])")) {
    const id = stand.id.replace(/-stands$/, "");
    const part = parts.get(id);
    if (pressed.has(stand) || (!part && stand.matches(".fill")) || document.getElementById(id)?.closest("id-picker")?.isTyping) continue;
    stand.replaceChildren(...(part ? part.childNodes : []));
    Object.assign(stand.dataset, { called: part?.dataset.called ?? "", of: part?.dataset.of ?? "" });
    window.htmx?.process(stand);
  }
  document.querySelector("traffic-split")?.show?.(); // the bar calls models by their names
}

document.addEventListener("htmx:afterSettle", place);
