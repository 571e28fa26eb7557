// <id-picker data-kind="model"><input></id-picker>: an editable combobox (ARIA practices, list autocomplete) over the lists
// of the catalog. The server searches; what is typed always counts, and nothing is written until an entry is chosen.
//
// Down opens the list, Up and Down, Home, End and the page keys move in it, Enter chooses, Escape and Tab close it and
// leave what is typed, Alt+R asks for a fresh list. Alt+Down opens, too, but not in a row of models: there it moves the row.
import { icon } from "./icons.js";
import { Lookup } from "./lookup.js";
import { say, tell } from "./stands.js";

const REST = 120; // ms without a key before the list is asked for
const PAGE = 10;
let made = 0;

/** Tell the page that a value was chosen, not typed: no list opens for it. */
const announce = (input) => {
  for (const kind of ["input", "change"]) input.dispatchEvent(new CustomEvent(kind, { bubbles: true, detail: "chosen" }));
};

class IdPicker extends HTMLElement {
  #input = null;
  #popup = null;
  #lookup = null;
  #wanted = false; // opened on purpose, so that an empty list is told, too
  #typed = false; // something was typed since a choice: then it narrows the list
  #at = -1;
  #timer = 0;

  connectedCallback() {
    this.#input = this.querySelector("input");
    if (!this.#input || this.#popup) return;
    this.#build();
    this.#lookup = new Lookup((address) => this.#address(address), (html) => this.#show(html));
    for (const kind of ["input", "keydown", "click", "focusout", "mousedown"]) this.addEventListener(kind, this);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#lookup?.stop();
  }

  get isOpen() { return !this.#popup.hidden; }
  get isTyping() { return this.#typed && document.activeElement === this.#input; }
  get options() { return [...this.#popup.querySelectorAll("[role=option]")]; }

  #build() {
    const input = this.#input;
    this.#popup = Object.assign(document.createElement("div"), { className: "picker-popup", hidden: true });
    const button = Object.assign(document.createElement("button"), { type: "button", className: "picker-button", tabIndex: -1 });
    button.setAttribute("aria-label", `Show the list: ${input.labels?.[0]?.firstChild?.textContent.trim() ?? ""}`);
    button.append(icon("chevron-down"));
    this.append(button, this.#popup);
    made += 1;
    this.#popup.dataset.id = `picks-${made}`;
    this.#popup.append(Object.assign(document.createElement("div"), { id: this.#popup.dataset.id, role: "listbox" }));
    const label = input.labels?.[0]?.firstChild?.textContent.trim() ?? "Choices";
    this.#popup.firstChild.setAttribute("aria-label", label);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.#popup.dataset.id,
    })) input.setAttribute(name, value);
  }

  handleEvent(event) {
    const { type, target } = event;
    if (type === "focusout") this.#left(event);
    else if (type === "mousedown") { if (target !== this.#input) event.preventDefault(); } // the focus stays in the box
    else if (type === "click") this.#press(target);
    else if (target !== this.#input) return;
    else if (type === "keydown") this.#key(event);
    else if (!event.detail) this.#type();
  }

  #type() {
    this.#typed = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#lookup.ask(), REST);
  }

  #left({ relatedTarget }) {
    if (!this.contains(relatedTarget)) this.#close();
  }

  #press(target) {
    if (target.closest("[data-refresh]")) this.#refresh();
    else if (target.closest(".picker-button")) this.#toggle();
    else if (target.closest("[role=option]")) this.#choose(target.closest("[role=option]"));
  }

  #toggle() {
    const { isOpen } = this;
    this.#input.focus();
    if (isOpen) this.#close();
    else this.#open();
  }

  #open() {
    this.#wanted = true;
    this.#lookup.ask();
  }

  #close() {
    clearTimeout(this.#timer);
    this.#lookup.stop();
    this.#wanted = false;
    this.#popup.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#go(-1);
    this.options.forEach((option) => option.remove()); // the next time they are asked for anew
  }

  #refresh() {
    say("Asked for a fresh list.");
    this.#lookup.refresh();
  }

  // -- keys

  #key(event) {
    const { key, altKey, ctrlKey, metaKey } = event;
    if (ctrlKey || metaKey) return;
    if (altKey) return this.#alt(event);
    const step = this.isOpen ? this.#step(key) : null;
    if (step !== null) this.#take(event, () => this.#go(step));
    else if (key === "ArrowDown" || key === "ArrowUp") this.#take(event, () => this.#open());
    else if (key === "Escape" && this.isOpen) this.#take(event, () => this.#close());
    else if (key === "Enter" && this.isOpen) this.#take(event, () => this.#enter());
    else if (key === "Tab") this.#close();
  }

  #alt(event) {
    const inRow = this.closest(".model-row") !== null;
    if (event.code === "KeyR" && this.isOpen) this.#take(event, () => this.#refresh());
    else if (event.key === "ArrowDown" && !inRow) this.#take(event, () => this.#open());
    else if (event.key === "ArrowUp" && !inRow && this.isOpen) this.#take(event, () => this.#close());
  }

  #take(event, act) {
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  /** Where a key leads in the open list; null where it belongs to the text. Home and End do while nothing is marked. */
  #step(key) {
    const last = this.options.length - 1;
    const at = this.#at;
    if (last < 0) return null;
    if (key === "ArrowDown") return at >= last ? 0 : at + 1;
    if (key === "ArrowUp") return at <= 0 ? last : at - 1;
    if (key === "PageDown") return Math.min(last, at + PAGE);
    if (key === "PageUp") return Math.max(0, at - PAGE);
    if (at < 0) return null;
    return { Home: 0, End: last }[key] ?? null;
  }

  #go(at) {
    this.#at = at;
    this.options.forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
    const option = this.options[at];
    if (option) this.#input.setAttribute("aria-activedescendant", option.id);
    else this.#input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  #enter() {
    const option = this.options[this.#at];
    if (option) this.#choose(option);
    else this.#close();
  }

  // -- choosing

  #choose(option) {
    const name = option.querySelector("b").textContent;
    if (option.getAttribute("aria-disabled") === "true") {
      say(`${name} can’t be chosen: ${option.querySelector(".why").textContent}. Its id can be typed.`);
      return;
    }
    const input = this.#input;
    input.value = option.querySelector("code").textContent;
    this.#typed = false;
    this.#close();
    tell(input, ["b", ".state", ".why"].map((part) => option.querySelector(part)?.textContent).filter(Boolean));
    const followed = this.#follow(option);
    announce(input);
    say(`${name} chosen.${followed}`);
    this.dispatchEvent(new CustomEvent("picked", { bubbles: true }));
  }

  /** A subnet and a security group lie in a VPC: where none is typed yet, theirs follows. What is typed stays. */
  #follow({ dataset: { vpc, vpcName } }) {
    const box = this.#input.form.elements.namedItem("vpc_id");
    if (!vpc || !box || box.value.trim()) return "";
    box.value = vpc;
    tell(box, [vpcName]);
    announce(box);
    return ` Its VPC ${vpcName} follows.`;
  }

  // -- the list

  /** Where the list is asked for; what narrows it is what stands in the form now. */
  #address(refresh) {
    const form = this.#input.form;
    const value = (name) => form.elements.namedItem(name)?.value ?? "";
    const row = this.#input.name.match(/^config-[0-9]+-/)?.[0] ?? "";
    const given = new URLSearchParams({ for: this.#input.name, q: this.#typed ? this.#input.value : "", type: value("infer_type") });
    if (["subnet", "security_group"].includes(this.dataset.kind)) given.set("vpc", value("vpc_id"));
    if (this.dataset.kind === "uri") given.set("model", value(`${row}model_id`));
    const path = form.dataset.picks.replace("/kind/", `/${this.dataset.kind}/`);
    return `${path}${refresh ? "refresh/" : ""}?${given}`;
  }

  #show(html) {
    if (document.activeElement !== this.#input) return;
    const marked = this.options[this.#at]?.querySelector("code").textContent;
    const popup = this.#popup;
    const part = new DOMParser().parseFromString(html, "text/html").body;
    const list = part.querySelector("[role=listbox]");
    const isEmpty = !list?.querySelector("[role=option]");
    if (isEmpty && !this.#wanted && !this.isOpen) return; // somebody only types, and there is nothing to offer
    if (list) list.id = popup.dataset.id;
    part.querySelectorAll("[role=option]").forEach((option, place) => { option.id = `${popup.dataset.id}-${place}`; });
    popup.replaceChildren(...part.childNodes);
    popup.hidden = false;
    this.#input.setAttribute("aria-expanded", "true");
    this.#place();
    this.#go(marked === undefined ? -1 : this.options.findIndex((option) => option.querySelector("code").textContent === marked));
    say(popup.querySelector("[data-empty]")?.textContent ?? list?.dataset.found ?? popup.textContent.trim());
    if (popup.querySelector("[data-waits]")) this.#lookup.again();
  }

  /** Below the box, or above where there is more room; never beyond the edge of the window. */
  #place() {
    const box = this.getBoundingClientRect();
    const floor = Math.min(innerHeight, document.querySelector(".act-bar")?.getBoundingClientRect().top || innerHeight);
    this.toggleAttribute("data-above", box.bottom + this.#popup.offsetHeight > floor && box.top > floor - box.bottom);
    this.removeAttribute("data-end");
    if (this.#popup.getBoundingClientRect().right > document.documentElement.clientWidth - 8) this.setAttribute("data-end", "");
  }
}

customElements.define("id-picker", IdPicker);
