// Copy buttons: data-copy="#id" copies what stands there, data-copy-text="…" the words themselves, and
// data-copy-file="address" the text of a file.
import { toast } from "./toast.js";

const BUTTONS = "[data-copy], [data-copy-text], [data-copy-file]";
const MARK_IT = "Copying is not allowed here. Mark the text and press Ctrl C.";

function wordsFor(button) {
  if (button.dataset.copyText !== undefined) return button.dataset.copyText;
  const source = document.querySelector(button.dataset.copy);
  return source ? (source.value ?? source.textContent) : "";
}

/** The text of a file; without one, an error that says why. */
async function fileAt(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json, */*" } });
  if (answer.ok && !answer.redirected) return answer.text();
  const problems = answer.status === 422 ? (await answer.json()).problems : [];
  const first = problems.find((problem) => problem.severity === "block");
  throw new Error(first ? `Nothing to copy yet. ${first.message}` : "The text did not come. Load the page again.");
}

/** Browsers let a page copy only right after a press, so the text is promised before it is here. */
async function copyFile(address) {
  let why = MARK_IT;
  const words = fileAt(address).catch((error) => { why = error.message; throw error; });
  const blob = words.then((text) => new Blob([text], { type: "text/plain" }));
  blob.catch(() => {}); // said below
  try {
    if (window.ClipboardItem) await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
    else await navigator.clipboard.writeText(await words);
  } catch {
    await words.catch(() => {});
    throw new Error(why);
  }
}

const wanted = (part) => part.querySelectorAll(BUTTONS);
const show = (part) => wanted(part).forEach((button) => { button.hidden = !navigator.clipboard; });

document.addEventListener("click", async (event) => {
  const button = event.target.closest(BUTTONS);
  if (!button) return;
  button.closest("[popover]")?.hidePopover();
  try {
    if (button.dataset.copyFile) await copyFile(button.dataset.copyFile);
    else await navigator.clipboard.writeText(wordsFor(button));
    toast("Copied.", { icon: "check" });
  } catch (error) {
    toast(button.dataset.copyFile ? error.message : MARK_IT, { icon: "triangle-alert" });
  }
});
document.addEventListener("htmx:load", (event) => show(event.target));
show(document);
