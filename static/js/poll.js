// A hidden tab asks for nothing: elements marked data-poll skip their turn, and catch up when the tab is seen again.
// So do those marked data-typed-in while somebody types in them, or has opened a form: it would be swapped away.
const isTypedIn = (element) =>
  element.matches("[data-typed-in]") &&
  (element.querySelector("details[open] form, form :is(input, textarea, select):focus, input[type=radio]:checked") ||
    [...element.querySelectorAll("textarea, input[type=text]")].some((box) => box.value !== box.defaultValue));
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt } = event.detail;
  if (elt.matches("[data-poll]") && (document.hidden || isTypedIn(elt))) event.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  document.querySelectorAll("[data-poll]").forEach((element) => window.htmx?.trigger(element, "poll-now"));
});
