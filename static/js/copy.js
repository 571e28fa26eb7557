// Copy buttons: data-copy="#id" copies what stands there, data-copy-text="…" the words themselves.
import { toast } from "./toast.js";

function wordsFor(button) {
  if (button.dataset.copyText !== undefined) return button.dataset.copyText;
  const source = document.querySelector(button.dataset.copy);
  return source ? (source.value ?? source.textContent) : "";
}

const wanted = (part) => part.querySelectorAll("[data-copy], [data-copy-text]");
const show = (part) => wanted(part).forEach((button) => { button.hidden = !navigator.clipboard; });

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-copy-text]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(wordsFor(button));
    toast("Copied.", { icon: "check" });
  } catch {
    toast("Copying is not allowed here. Mark the text and press Ctrl C.", { icon: "triangle-alert" });
  }
});
document.addEventListener("htmx:load", (event) => show(event.target));
show(document);
