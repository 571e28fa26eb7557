// A hidden tab asks for nothing: elements marked data-poll skip their turn, and catch up when the tab is seen again.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden && event.detail.elt.matches("[data-poll]")) event.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  document.querySelectorAll("[data-poll]").forEach((element) => window.htmx?.trigger(element, "poll-now"));
});
