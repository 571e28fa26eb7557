// The page of one deployment: a form is sent once, and a comment goes along when another verdict is chosen.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-once]");
  if (!form) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
// Coming back by the browser's history shows the page as it was left: its forms may be sent again.
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

document.addEventListener("toggle", (event) => {
  const opened = event.target;
  if (!opened.matches?.("details.move") || !opened.open) return;
  const box = opened.querySelector("textarea");
  const typed = document.querySelector("#comment-approve");
  if (box && !box.value && typed?.value) box.value = typed.value;
  box?.focus();
}, true);
