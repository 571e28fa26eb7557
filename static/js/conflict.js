import { keepUntilChosen } from "./returned.js";

keepUntilChosen(document.getElementById("choose"), document.querySelector("a[data-drops]"));

// All mine, all theirs: every choice at once. The buttons need this script, so they come hidden.
const place = document.querySelector("[data-choose]");
if (place) place.hidden = false;

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-all]");
  if (!button) return;
  document.querySelectorAll(`#choose input[type=radio][value=${button.dataset.all}]`).forEach((box) => { box.checked = true; });
});
