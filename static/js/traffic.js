// <traffic-split>: total, bar and balance buttons follow each keystroke, without a round trip.
//
// Inside it stand: boxes [data-weight] (name, perhaps data-name), and what of these the page offers: .split (bar),
// .legend[data-legend], [data-total] with a span (its text begins with the number), buttons [data-do] = lock, spread,
// equalise, rest (within .field), radios name="traffic-mode" (free, linked), [role=status]. Everything is looked up
// anew at each change, so rows may come and go by a swap. Buttons are sent hidden: they need this script.
import { drawBar, drawLegend, wear } from "./bar.js";
import { iconOf } from "./icons.js";
import { toast } from "./toast.js";
import { holdsBox, keyOf, nameOf, sentence } from "./traffic-rows.js";
import { equalise, exactTotal, linked, points, remainder, rest, spread } from "./weights.js";

const REST = 600; // ms of quiet before the total is read out
const MODE = "deployer-traffic-mode";
const locks = new Set(); // row keys; a lock outlives a swap of its row

class TrafficSplit extends HTMLElement {
  #waiting = 0;
  #steps = []; // what balance buttons and keys did, to be taken back one by one
  #base = []; // the weights when the person came to a box: linked rows keep the proportions of that moment
  #watch = null;
  #size = null;

  connectedCallback() {
    for (const kind of ["input", "keydown", "click", "change", "focusin"]) this.addEventListener(kind, this);
    this.#watch = new MutationObserver((records) => {
      if (records.some(({ addedNodes, removedNodes }) => [...addedNodes, ...removedNodes].some(holdsBox))) this.show();
    });
    this.#watch.observe(this, { childList: true, subtree: true });
    this.#size = new ResizeObserver(() => this.show()); // what fits into the bar depends on its width
    const bar = this.querySelector(".split");
    if (bar) this.#size.observe(bar);
    this.#recall();
    this.show();
  }

  disconnectedCallback() {
    this.#watch?.disconnect();
    this.#size?.disconnect();
    clearTimeout(this.#waiting);
  }

  get boxes() { return [...this.querySelectorAll("[data-weight]")]; }
  get weights() { return this.boxes.map((box) => points(box.value)); }
  get locked() { return this.boxes.flatMap((box, place) => (locks.has(keyOf(box)) ? [place] : [])); }
  get isLinked() { return this.boxes.length > 1 && this.querySelector("[name=traffic-mode][value=linked]:checked") !== null; }

  handleEvent(event) {
    const { type, target } = event;
    if (type === "click") this.#press(target.closest("[data-do]"));
    else if (type === "change") this.#choose(target);
    else if (!target.matches("[data-weight]")) this.#rename(type, target);
    else if (type === "keydown") this.#key(event);
    else if (type === "focusin") this.#base = this.weights;
    else this.#type(target);
  }

  #rename(type, control) {
    if (type === "input" && control.name?.endsWith("-model_id")) this.show();
  }

  #type(box) {
    this.#steps = [];
    const place = this.boxes.indexOf(box);
    if (this.isLinked && box.value.trim() && this.#base.length === this.boxes.length) {
      this.#write(linked(this.#base, this.locked, place, points(box.value)), box);
    }
    this.show(true);
  }

  #key(event) {
    if ((event.ctrlKey || event.metaKey) && event.key === "z" && this.#steps.length) {
      event.preventDefault();
      this.undo();
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!step && event.key !== "=") return;
    event.preventDefault();
    const place = this.boxes.indexOf(event.target);
    if (!event.target.readOnly) this.#step(step ? this.#moved(place, event.shiftKey ? step * 10 : step) : rest(this.weights, place));
  }

  #moved(place, by) {
    const value = Math.max(0, Math.min(100, this.weights[place] + by));
    return this.isLinked ? linked(this.weights, this.locked, place, value) : this.weights.with(place, value);
  }

  #press(button) {
    if (!button || !this.contains(button)) return;
    const box = (button.closest(".model-row") ?? button.closest(".field"))?.querySelector("[data-weight]");
    if (button.dataset.do === "lock" && box) this.#lock(box);
    else if (button.dataset.do === "equalise") this.#balance(equalise(this.weights, this.locked), "Weights equalised.");
    else if (button.dataset.do === "spread") this.#balance(spread(this.weights, this.locked), "Weights spread.");
    else if (button.dataset.do === "rest" && box) {
      this.#step(rest(this.weights, this.boxes.indexOf(box)));
      box.focus();
    }
  }

  #balance(next, words) {
    this.#step(next);
    toast(words, { icon: "check", undo: () => this.undo() });
  }

  /** One change of several boxes: one step to take back. */
  #step(next) {
    this.#steps.push(this.boxes.map((box) => [box.name, box.value]));
    this.#write(next);
    this.#base = this.weights;
    this.show(true);
  }

  /** Take back the last step: values as they were, in the boxes that are still there. */
  undo() {
    const values = new Map(this.#steps.pop() ?? []);
    for (const box of this.boxes) if (values.has(box.name)) box.value = values.get(box.name);
    this.#base = this.weights;
    this.boxes[0]?.dispatchEvent(new Event("change", { bubbles: true }));
    this.show(true);
  }

  /** Write what differs; the box somebody types in is theirs. One event tells the page that something changed. */
  #write(next, typedIn = null) {
    const changed = this.boxes.filter((box, place) => box !== typedIn && points(box.value) !== next[place]);
    this.boxes.forEach((box, place) => { if (changed.includes(box)) box.value = String(next[place]); });
    changed[0]?.dispatchEvent(new Event("change", { bubbles: true }));
  }

  #lock(box) {
    const key = keyOf(box);
    if (!locks.delete(key)) locks.add(key);
    this.show();
  }

  #choose(control) {
    if (control.name !== "traffic-mode") return;
    localStorage.setItem(MODE, control.value);
    this.show();
  }

  #recall() {
    const kept = this.querySelector(`[name=traffic-mode][value="${localStorage.getItem(MODE) === "linked" ? "linked" : "free"}"]`);
    if (kept) kept.checked = true;
  }

  /** Draw everything anew from the boxes; `touched` when a person changed something, so that it is read out. */
  show(touched = false) {
    const { boxes, weights } = this;
    const shares = boxes.map((box, place) => ({ name: nameOf(box, place), weight: weights[place] }));
    const bar = this.querySelector(".split");
    const legend = this.querySelector(".legend[data-legend]");
    if (bar) drawBar(bar, shares);
    if (legend) drawLegend(legend, shares);
    boxes.forEach((box, place) => wear(box.closest(".model-row")?.querySelector(".swatch"), place));
    const sum = exactTotal(boxes.map((box) => box.value));
    this.#showTotal(sum);
    this.#showButtons(weights);
    if (touched) this.#say(sum);
  }

  #showTotal(sum) {
    const tone = sum === 100 ? "good" : "alarm";
    const chip = this.querySelector("[data-total]");
    if (chip) {
      chip.dataset.tone = tone;
      iconOf(chip, sum === 100 ? "circle-check" : "circle-x");
      (chip.querySelector("span") ?? chip).textContent = sentence(sum);
    }
    for (const copy of document.querySelectorAll("[data-total-copy]")) {
      copy.dataset.tone = tone;
      copy.textContent = `${sum} of 100`;
    }
  }

  #showButtons(weights) {
    const { boxes, locked } = this;
    const free = boxes.length - locked.length;
    const left = remainder(weights);
    const differs = (next) => next.some((weight, place) => weight !== weights[place]);
    const useful = {
      spread: left !== 0 && free > 0 && differs(spread(weights, locked)),
      equalise: free > 1 && differs(equalise(weights, locked)),
    };
    this.querySelectorAll("[data-do=spread], [data-do=equalise]").forEach((button) => { button.hidden = !useful[button.dataset.do]; });
    this.querySelectorAll("[data-modes]").forEach((part) => { part.hidden = boxes.length < 2; });
    boxes.forEach((box, place) => this.#showRow(box, locked.includes(place), left, free));
  }

  #showRow(box, isLocked, left, free) {
    const field = box.closest(".field");
    const lock = field?.querySelector("[data-do=lock]");
    const why = field?.querySelector("[data-why]");
    const give = field?.querySelector("[data-do=rest]");
    // With all others locked, a linked row has no choice.
    box.readOnly = this.isLinked && !isLocked && free === 1;
    if (lock) {
      lock.hidden = this.boxes.length < 2;
      lock.setAttribute("aria-pressed", String(isLocked));
      iconOf(lock, isLocked ? "lock" : "lock-open");
    }
    if (why) {
      why.hidden = !isLocked && !box.readOnly;
      why.textContent = isLocked ? "locked" : "unlock another row to change this";
    }
    if (give) {
      give.hidden = left === 0 || isLocked || box.readOnly || points(box.value) + left < 0;
      give.querySelector("[data-rest]").textContent = left > 0 ? `Give it ${left}` : `Take ${-left} from it`;
    }
  }

  #say(sum) {
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => {
      const region = this.querySelector("[role=status]");
      if (region) region.textContent = sum === 100 ? "Total 100, valid" : `Total ${sentence(sum)}`;
    }, REST);
  }
}

customElements.define("traffic-split", TrafficSplit);
