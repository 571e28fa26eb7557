// <fill-from-model data-url data-reading>: a batch row waits for its model's definition. While the worker reads it, the page
// looks again and again; then the button is pressed for the person. A model chosen from the list presses it, too.
const FIRST = 400; // ms
const LONGEST = 20000;
const LATE = "The definition has not come. The worker may be busy: try again, or type the fields.";

class FillFromModel extends HTMLElement {
  #timer = 0;

  connectedCallback() {
    if (this.dataset.reading !== undefined) this.#wait(FIRST, 0);
  }

  disconnectedCallback() { clearTimeout(this.#timer); }

  #wait(pause, waited) {
    if (waited > LONGEST) return this.#late();
    this.#timer = setTimeout(async () => {
      if (await isReady(this.dataset.url)) this.#press();
      else if (this.isConnected) this.#wait(pause * 1.3, waited + pause);
    }, pause);
  }

  #press() {
    delete this.dataset.reading;
    this.querySelector("[name=fill]")?.click();
  }

  #late() {
    delete this.dataset.reading;
    this.querySelector("[role=status]").textContent = LATE;
    this.querySelector("[name=fill]").hidden = false;
  }
}

async function isReady(address) {
  try {
    const answer = await fetch(address);
    return answer.ok && (await answer.json()).ready === true;
  } catch {
    return false; // not there yet, or no answer: looked at again
  }
}

document.addEventListener("picked", ({ target }) => {
  if (!["model", "uri"].includes(target.dataset.kind)) return;
  target.closest(".model-row")?.querySelector("fill-from-model [name=fill]")?.click();
});
customElements.define("fill-from-model", FillFromModel);
