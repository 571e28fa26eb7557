// The summary of problems takes the focus: on a page that was answered with problems, and after a swap that brings it.
function focus(part) {
  const summary = part.matches?.("[data-summary]") ? part : part.querySelector("[data-summary]");
  if (!summary) return;
  summary.focus({ preventScroll: true });
  summary.scrollIntoView({ block: "center" });
  if (!document.title.startsWith("Error:")) document.title = `Error: ${document.title}`;
}

document.addEventListener("htmx:afterSettle", (event) => focus(event.detail.elt));
// A link of the summary leads to a control that may stand in a closed part: open it on the way.
document.addEventListener("click", (event) => {
  const link = event.target.closest("#summary a, [data-summary] a, .checks a, #act-figures a");
  const there = link?.hash ? document.getElementById(decodeURIComponent(link.hash.slice(1))) : null;
  if (!there) return;
  event.preventDefault();
  for (let part = there.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
  there.focus();
  there.scrollIntoView({ block: "center" });
});
focus(document);
