// Ctrl+Enter presses the main button of the form one types in: its primary one, or its only one. In the composer it
// works from anywhere on the page. A text area that has a button of its own (data-own) presses that one.
const isUsable = (button) => !button.disabled && button.getAttribute("aria-disabled") !== "true" && button.checkVisibility();

function mainOf(form) {
  const buttons = [...form.elements].filter((one) => one.matches("button:not([type=button])") && isUsable(one));
  return buttons.find((one) => one.dataset.kind === "primary") ?? (buttons.length === 1 ? buttons[0] : null);
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.repeat) return;
  const form = event.target.form ?? event.target.closest?.("form") ?? document.querySelector("form[data-compose]");
  const own = event.target.matches("[data-own]") ? event.target.closest("details")?.querySelector("button") : null;
  const main = own ?? (form && mainOf(form));
  if (!main) return;
  event.preventDefault();
  main.click();
});
