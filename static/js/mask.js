// Values of variables can be hidden from whoever looks over a shoulder: in their boxes and in the body below. Only the
// look changes; what is typed, saved and sent stays as it is. One choice for the whole page, remembered.
//
// Buttons [data-mask] come hidden, since they need this script; <form data-masked> is what the style sheet goes by.
const KEPT = "deployer-mask-values";
const form = () => document.querySelector("form[data-compose]");
const isMasked = () => localStorage.getItem(KEPT) === "yes";

function show() {
  form()?.toggleAttribute("data-masked", isMasked());
  for (const button of document.querySelectorAll("[data-mask]")) {
    button.hidden = false;
    button.setAttribute("aria-pressed", String(isMasked()));
  }
}

document.addEventListener("click", ({ target }) => {
  if (!target.closest("[data-mask]")) return;
  localStorage.setItem(KEPT, isMasked() ? "no" : "yes");
  show();
});
document.addEventListener("htmx:afterSettle", show);
show();
