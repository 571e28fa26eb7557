// How many characters were typed: <input data-count="100"> and, somewhere, <span data-count-for="its id">.
// Characters are counted as the server counts them: a sign outside the first plane is one, not two.
function count(control) {
  const place = document.querySelector(`[data-count-for="${control.id}"]`);
  if (place) place.textContent = `${[...control.value].length} of ${control.dataset.count}`;
}

const countAll = (part) => part.querySelectorAll("[data-count]").forEach(count);

document.addEventListener("input", ({ target }) => { if (target.matches("[data-count]")) count(target); });
document.addEventListener("htmx:load", ({ target }) => countAll(target));
countAll(document);
